import { createConnection, type Socket } from "node:net";

/** Milliseconds between two looks at whether the engine is still there. */
const LOOK_EVERY_MS = 1_000;

/**
 * Calls `onGone` once, when the engine's address has refused two looks in a row: an engine that was killed says nothing to its providers. A
 * new parent is no sure sign, as Pulumi's own launcher stands between the two. Keeps no process alive.
 */
export function onEngineGone(
  address: string | undefined,
  onGone: () => void,
  everyMs: number = LOOK_EVERY_MS,
  connect: (at: { host: string; port: number }) => Socket = createConnection,
): void {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address ?? "") ?? [];
  if (port === undefined) return;
  let refusals = 0;
  const look = () => {
    const socket = connect({ host, port: Number(port) });
    const again = (seen = 0) => {
      refusals = seen;
      socket.destroy();
      setTimeout(look, everyMs).unref();
    };
    socket.unref();
    socket.once("connect", () => again());
    // Any other error tells of this machine, and not of the engine; and a busy engine may refuse one connection.
    socket.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "ECONNREFUSED") again();
      else if (refusals > 0) onGone();
      else again(1);
    });
  };
  setTimeout(look, everyMs).unref();
}
