import { DeploymentFault } from "../serve/faults.ts";
import type { Fleet } from "../serve/fleet.ts";
import type { LiveEndpoint } from "./liveEndpoint.ts";
import type { Rollout } from "./rollout.ts";

export interface ReplaceOptions {
  /** Waits so many milliseconds; rejects when the signal comes first. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** The first of these alarms that is going off; undefined for none. */
  alarmOf: (names: string[], region: string) => Promise<string | undefined>;
}

/** Between two looks at the alarms. */
const alarmMs = 1_000;

/**
 * Moves an endpoint's requests to the new fleet, step by step, once that is healthy. Resolves when it gets all of them and has been watched
 * for as long as asked. Throws why it must not stay; whoever called brings the old one back.
 */
export async function moveTo(
  live: LiveEndpoint,
  green: Fleet,
  rollout: Rollout,
  options: ReplaceOptions & { signal: AbortSignal },
): Promise<void> {
  await green.start(options.signal);
  live.green = green;
  for (const { share, waitSeconds } of rollout.steps) {
    live.greenShare = share;
    await watch(live, rollout, waitSeconds, options);
  }
}

/** Looks at the alarms for so many seconds, and at least once. */
async function watch(
  live: LiveEndpoint,
  { alarms }: Rollout,
  seconds: number,
  { sleep, alarmOf, signal }: ReplaceOptions & { signal: AbortSignal },
): Promise<void> {
  let left = seconds * 1000;
  for (;;) {
    signal.throwIfAborted();
    const alarm = alarms.length === 0 ? undefined : await alarmOf(alarms, live.record.region);
    if (alarm !== undefined) {
      throw new DeploymentFault(
        `The deployment was rolled back because the alarm ${alarm} is in state ALARM.`,
      );
    }
    if (left <= 0) return;
    const pause = Math.min(left, alarmMs);
    await sleep(pause, signal);
    left -= pause;
  }
}
