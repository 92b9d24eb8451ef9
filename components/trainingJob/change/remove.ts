import type { AwsApi, JobDescription } from "../aws/api";
import { isTerminal } from "../aws/api";
import { CLAIM_TAG } from "../identity/identity";
import { JobGoneError, type Watcher } from "../run/watcher";
import type { TrainingJobState } from "../state/state";
import { endWarmPool, type WarmPoolContext } from "./warmPool";

export interface RemoveContext extends WarmPoolContext {
  watcher: Watcher;
}

/**
 * Leaves nothing running: stops every job of this resource that still runs and waits for its end, and ends warm pools. Records, logs and
 * artifacts stay, unless `deletePolicy` is "delete". A job that is gone is fine.
 */
export async function removeJobs(state: TrainingJobState, context: RemoveContext): Promise<void> {
  const names = new Set([
    ...(state.attempts ?? []).map((each) => each.trainingJobName),
    state.trainingJobName,
  ]);
  for (const name of names) if (name) await removeJob(name, state, context);
}

async function removeJob(name: string, state: TrainingJobState, context: RemoveContext): Promise<void> {
  const { api } = context;
  const job = await api.describe(name);
  if (!job || !(await isClaimed(job, state, api))) return;
  const ended = isTerminal(job.TrainingJobStatus) ? job : await stop(name, context);
  if (ended) await endWarmPool(ended, context);
  if (state.deletePolicy === "delete") {
    await api.remove(name);
    const output = job.OutputDataConfig?.S3OutputPath;
    if (output) await api.removeObjects(`${output.replace(/\/+$/, "")}/${name}/`);
  }
}

/** Whether this resource still owns the job: its replacement may have taken it over, and then it is not ours to stop. */
async function isClaimed(job: JobDescription, state: TrainingJobState, api: AwsApi): Promise<boolean> {
  const tags = await api.tags(job.TrainingJobArn ?? "");
  return tags[CLAIM_TAG] === state.claim;
}

/** Stops a job and waits for its end. Undefined when it is gone by then. */
async function stop(
  name: string,
  { api, watcher, progress, signal }: RemoveContext,
): Promise<JobDescription | undefined> {
  progress.phase("Stopping");
  try {
    await api.stop(name);
  } catch (error) {
    // It may have ended, or been stopped or deleted by somebody else, in between: a ValidationException.
    const now = await api.describe(name);
    if (now?.TrainingJobStatus === "InProgress") throw error;
    if (!now || isTerminal(now.TrainingJobStatus)) return now;
  }
  try {
    return await watcher.watch(name, { signal, onChange: (job) => progress.phase(job.secondaryStatus) });
  } catch (error) {
    if (error instanceof JobGoneError) return undefined;
    throw error;
  }
}
