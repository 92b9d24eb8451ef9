// What a user of the local AWS notices while it has much to do.
import { setTimeout as sleep } from "node:timers/promises";
import { type Figure, figure } from "../figures";
import { secondsSince } from "../measure";
import { processes } from "../processes";

export type Calls = Record<string, () => Promise<unknown>>;

/** Does the work, and makes all calls meanwhile, one after the other: seconds, most memory of the server, the slowest call. */
export async function watched(
  what: string,
  server: number,
  calls: Calls,
  work: () => Promise<void>,
): Promise<Figure[]> {
  let [megabytes, seconds, slowest] = [0, 0, ""];
  let going = true;
  const calling = (async () => {
    while (going) {
      for (const [name, call] of Object.entries(calls)) {
        const started = performance.now();
        await call();
        if (secondsSince(started) > seconds) [seconds, slowest] = [secondsSince(started), name];
      }
      megabytes = Math.max(megabytes, residentMegabytes(server));
      await sleep(50);
    }
  })();
  const started = performance.now();
  try {
    await work();
  } finally {
    going = false;
    await calling;
  }
  return [
    figure(what, secondsSince(started), "s"),
    figure(`${what}: most memory of the server and ministack`, megabytes, "MB"),
    figure(`${what}: the slowest call of another client (${slowest})`, seconds, "s"),
  ];
}

/** The server and its ministack; the processes of jobs are the user's. */
function residentMegabytes(server: number): number {
  const own = [...processes()].filter(
    ([pid, { parent, command }]) => pid === server || (parent === server && command.includes("serve.py")),
  );
  return own.reduce((sum, [, { kilobytes }]) => sum + kilobytes / 1024, 0);
}
