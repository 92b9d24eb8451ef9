import { networkInterfaces } from "node:os";

/** The name of the interface with 127.0.0.1, over which the hosts of a job find each other: `lo` on Linux, `lo0` on macOS. */
export function loopback(interfaces = networkInterfaces()): string {
  const named = Object.entries(interfaces).find(([, addresses]) =>
    addresses?.some(({ address }) => address === "127.0.0.1"),
  );
  return named?.[0] ?? "lo";
}
