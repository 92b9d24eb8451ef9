import { isTerminal } from "../aws/api";
import { isResult } from "../state/result";
import { isCapacityError } from "./remedy";

/** One job of the training so far, oldest first, as far as the decision needs it. */
export interface Past {
  /** Which attempt it was, from 1; the on-demand fallback has the number of the spot job that it stands in for. */
  attempt: number;
  onDemand: boolean;
  status: string;
  secondaryStatus: string;
  /** SageMaker's FailureReason. */
  reason?: string;
  /** Milliseconds since the epoch. */
  startedAt?: number;
  /** Milliseconds since the epoch; 0 while it runs. */
  endedAt: number;
  /** Whether this deployment saw it run: what it saw fail it reports, what failed before it it replaces. */
  watched: boolean;
  /** For a job that completed: whether its artifact is there, or it is of a kind that leaves none. */
  usable: boolean;
}

export interface Policy {
  fallback: boolean;
  /** How often a job that found no capacity is tried again. */
  capacityRetries: number;
  /** What a failure is to the deployment. */
  onFailure?: "fail" | "retry" | "record";
}

export type Step =
  | { do: "start"; attempt: number; onDemand: boolean; notBefore: number; why?: "retry" | "fallback" }
  | { do: "follow" | "done" | "failed"; at: number };

/** Pause before a job that found no capacity is tried again: 1 minute, then twice as long each time, 15 at most. */
const PAUSE_MS = 60_000;
const PAUSE_MAX_MS = 900_000;
/** Milliseconds between a lack of capacity, such as the third in a row, and the next attempt. */
export const capacityPause = (failures: number): number =>
  Math.min(PAUSE_MS * 2 ** (failures - 1), PAUSE_MAX_MS);
/** A lack of capacity of longer ago says nothing of today: the training begins anew, on spot. */
const EPISODE_MS = 3_600_000;

/**
 * What to do next about a training, from all attempts at it that AWS knows of. It depends on nothing but them, so that it makes no
 * difference which deployment saw which of them end. `now` in milliseconds since the epoch.
 */
export function next(history: Past[], policy: Policy, now: number): Step {
  const running = history.findLastIndex((each) => !isTerminal(each.status));
  if (running >= 0) return { do: "follow", at: running };
  const usable = history.findLastIndex((each) => each.status === "Completed" && each.usable);
  if (usable >= 0) return { do: "done", at: usable };

  const at = history.length - 1;
  const last = history[at];
  if (!last) return { do: "start", attempt: 1, onDemand: false, notBefore: 0 };

  const attempt = Math.max(...history.map((each) => each.attempt)) + 1;
  const recent = last.watched || now - last.endedAt < EPISODE_MS;
  const noCapacity = isCapacityError(last.reason);
  if (recent && noCapacity) {
    const failures = trailingFailures(history);
    if (failures <= policy.capacityRetries) {
      const notBefore = last.endedAt + capacityPause(failures);
      return { do: "start", attempt, onDemand: last.onDemand, notBefore, why: "retry" };
    }
  }
  if (recent && policy.fallback && !last.onDemand && (noCapacity || isOutOfSpot(last))) {
    return { do: "start", attempt: last.attempt, onDemand: true, notBefore: 0, why: "fallback" };
  }
  const ending = { status: last.status, failureReason: last.reason };
  if (last.watched || isResult(ending, policy.onFailure)) return { do: "failed", at };
  return { do: "start", attempt, onDemand: false, notBefore: 0 };
}

/** How many attempts in a row, each soon after the one before and of the same kind, found no capacity. */
function trailingFailures(history: Past[]): number {
  let count = 0;
  for (let at = history.length - 1; at >= 0; at--) {
    const each = history[at];
    const after = history[at + 1];
    const sameRow =
      !after ||
      (after.onDemand === each.onDemand && (after.startedAt ?? after.endedAt) - each.endedAt < EPISODE_MS);
    if (!isCapacityError(each.reason) || !sameRow) break;
    count += 1;
  }
  return count;
}

/** Stopped for want of spot capacity: MaxWaitTimeExceeded looks like success to most tools. */
const isOutOfSpot = ({ status, secondaryStatus }: Past): boolean =>
  status === "Stopped" && secondaryStatus === "MaxWaitTimeExceeded";
