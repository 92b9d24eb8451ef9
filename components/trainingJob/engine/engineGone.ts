import { createConnection } from "node:net";

/** Milliseconds between two looks at whether the engine is still there. */
const LOOK_EVERY_MS = 1_000;

/**
 * Calls `onGone` once, when nobody answers at the engine's address any more: an engine that was killed says nothing to its providers. A
 * new parent is no sure sign, as Pulumi's own launcher stands between the two. Keeps no process alive.
 */
export function onEngineGone(
  address: string | undefined,
  onGone: () => void,
  everyMs: number = LOOK_EVERY_MS,
): void {
  const [, host, port] = /^\[?(.+?)\]?:(\d+)$/.exec(address ?? "") ?? [];
  if (port === undefined) return;
  const look = () => {
    const socket = createConnection({ host, port: Number(port) });
    const again = () => {
      socket.destroy();
      setTimeout(look, everyMs).unref();
    };
    socket.unref();
    socket.once("connect", again);
    // Any other error tells of this machine, and not of the engine.
    socket.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "ECONNREFUSED" ? onGone() : again(),
    );
  };
  setTimeout(look, everyMs).unref();
}
