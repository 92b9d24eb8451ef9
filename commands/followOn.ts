import type { JobDescription } from "../components/trainingJob/aws/api.ts";
import { attemptName } from "../components/trainingJob/identity/name.ts";
import { type FollowContext, follow } from "../components/trainingJob/run/follow.ts";
import { isCapacityError } from "../components/trainingJob/run/remedy.ts";

/** The deployment sees a job's end within seconds, and tries again a minute after it at the earliest. */
const LOOK_EVERY_MS = 3_000;
const LOOK_FOR_MS = 120_000;

/**
 * Follows a job to its end, and where it ended for want of capacity the one that its deployment goes on with: on demand, or the next
 * attempt. Returns the last one.
 */
export async function followOn(
  first: JobDescription,
  context: FollowContext,
  say: (message: string) => void,
): Promise<JobDescription> {
  let name = first.TrainingJobName ?? "";
  let ended = await follow(name, context, first.CreationTime);
  while (foundNoCapacity(ended)) {
    say(`${name} ended ${ended.TrainingJobStatus} for want of capacity: looking for the job that goes on.`);
    const next = await successorOf(ended, context);
    if (!next) break;
    name = next.TrainingJobName ?? "";
    say(`Log of ${name}, which is ${next.TrainingJobStatus}.`);
    ended = await follow(name, context, next.CreationTime);
  }
  return ended;
}

const foundNoCapacity = ({ SecondaryStatus, FailureReason }: JobDescription): boolean =>
  SecondaryStatus === "MaxWaitTimeExceeded" || isCapacityError(FailureReason);

/** A job of one of the names that come next, made after this one: one of another time may have such a name too. */
async function successorOf(
  { TrainingJobName = "", CreationTime }: JobDescription,
  { api, clock, signal }: FollowContext,
): Promise<JobDescription | undefined> {
  const names = namesAfter(TrainingJobName);
  const until = clock.now() + LOOK_FOR_MS;
  while (names.length > 0) {
    const found = await Promise.all(names.map((name) => api.describe(name)));
    const next = found.find((job) => Number(job?.CreationTime ?? 0) > Number(CreationTime ?? 0));
    if (next || clock.now() >= until) return next;
    await clock.sleep(LOOK_EVERY_MS, signal);
  }
  return undefined;
}

/** `dense-0a1b2c3d-od` and `dense-0a1b2c3d-2` after `dense-0a1b2c3d`. */
function namesAfter(name: string): string[] {
  const [, experiment, attempt = "1", onDemand] = /^(.+-[0-9a-f]{8})(?:-(\d+))?(-od)?$/.exec(name) ?? [];
  if (experiment === undefined) return [];
  const next = Number(attempt) + 1;
  if (onDemand) return [attemptName(experiment, next, true)];
  return [attemptName(experiment, Number(attempt), true), attemptName(experiment, next)];
}
