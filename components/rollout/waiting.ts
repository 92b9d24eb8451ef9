import type { Clock } from "../trainingJob/engine/clock";
import type { EndpointNow, RolloutApi } from "./api";

export interface Waiting {
  api: Pick<RolloutApi, "describe">;
  clock: Clock;
  /** Told what happens, for the row of the display. */
  status(text: string): void;
  /** Ends the waiting. */
  signal?: AbortSignal;
}

/** Milliseconds between two looks at what changes: more each time, as an update takes minutes on AWS, and seconds on a local stack. */
const LOOKS_MS = [1_000, 1_000, 2_000, 3_000, 5_000, 10_000];

export const pauseAfter = (looks: number): number => LOOKS_MS[Math.min(looks, LOOKS_MS.length - 1)];

/** Statuses in which nothing is under way. */
const SETTLED = ["InService", "Failed", "UpdateRollbackFailed", "OutOfService"];

/** Waits until nothing is under way; undefined where there is no such endpoint, or none any more. */
export async function untilSettled(
  endpoint: string,
  { api, clock, status, signal }: Waiting,
): Promise<EndpointNow | undefined> {
  for (let looks = 0; ; looks += 1) {
    const now = await api.describe(endpoint);
    if (!now || SETTLED.includes(now.status)) return now;
    status(now.status);
    await clock.sleep(pauseAfter(looks), signal);
  }
}

/** Waits for the end of an endpoint that is being deleted. */
export async function untilGone(endpoint: string, { api, clock, signal }: Waiting): Promise<void> {
  for (let looks = 0; await api.describe(endpoint); looks += 1) {
    await clock.sleep(pauseAfter(looks), signal);
  }
}
