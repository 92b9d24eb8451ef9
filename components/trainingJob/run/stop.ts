import type { AwsApi, JobDescription } from "../aws/api";
import { isTerminal } from "../aws/api";
import type { Progress } from "./progress";
import { JobGoneError, type Watcher } from "./watcher";

export interface StopContext {
  api: AwsApi;
  watcher: Watcher;
  progress: Progress;
  signal: AbortSignal;
}

/** Stops a job and waits for its end. Undefined when it is gone by then. */
export async function stopJob(
  name: string,
  { api, watcher, progress, signal }: StopContext,
  createdAt?: Date,
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
    return await watcher.watch(name, {
      signal,
      createdAt,
      onChange: (job) => progress.phase(job.secondaryStatus),
    });
  } catch (error) {
    if (error instanceof JobGoneError) return undefined;
    throw error;
  }
}
