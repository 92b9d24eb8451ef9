import type { AwsApi, JobDescription } from "../aws/api";
import type { TrainingJobState } from "../state/state";
import { anotherJob } from "../state/successor";
import type { Progress } from "./progress";

/** The job of the state, or the one of a name where the state has none; undefined where it is gone, and where another one has its name. */
export async function ownJob(
  state: Partial<TrainingJobState>,
  name: string,
  api: AwsApi,
  progress: Progress,
): Promise<JobDescription | undefined> {
  const job = await api.describe(state.trainingJobName ?? name);
  const another = job && anotherJob(job, state);
  if (another) progress.info(another);
  return another ? undefined : job;
}
