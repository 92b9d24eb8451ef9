import type { AwsApi, JobDescription } from "./aws";
import { CLAIM_TAG } from "./identity";
import type { Progress } from "./progress";
import type { TrainingJobState } from "./provider";
import { isTerminal, type Watcher } from "./watcher";

export interface RemoveContext {
  api: AwsApi;
  watcher: Watcher;
  progress: Progress;
  signal: AbortSignal;
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
  const { api, progress } = context;
  const job = await api.describe(name);
  if (!job || !(await isClaimed(job, state, api))) return;
  const ended = isTerminal(job.TrainingJobStatus) ? job : await stop(name, context);
  if (ended.WarmPoolStatus?.Status === "Available") {
    progress.phase("Ending warm pool");
    await api.setKeepAlive(name, 0);
  }
  if (state.deletePolicy === "delete") {
    await api.remove(name);
    const output = ended.OutputDataConfig?.S3OutputPath;
    if (output) await api.removeObjects(`${output.replace(/\/+$/, "")}/${name}/`);
  }
}

/** Whether this resource still owns the job: its replacement may have taken it over, and then it is not ours to stop. */
async function isClaimed(job: JobDescription, state: TrainingJobState, api: AwsApi): Promise<boolean> {
  const tags = await api.tags(job.TrainingJobArn ?? "");
  return tags[CLAIM_TAG] === state.claim;
}

async function stop(
  name: string,
  { api, watcher, progress, signal }: RemoveContext,
): Promise<JobDescription> {
  progress.phase("Stopping");
  try {
    await api.stop(name);
  } catch (error) {
    // It may have ended by itself in between, which is a ValidationException.
    const now = await api.describe(name);
    if (!now || !isTerminal(now.TrainingJobStatus)) throw error;
    return now;
  }
  return watcher.watch(name, { signal, onChange: (job) => progress.phase(job.secondaryStatus) });
}
