import type { AwsApi, JobDescription } from "../aws/api";
import type { Clock } from "../engine/clock";
import type { Progress } from "../run/progress";

export interface WarmPoolContext {
  api: AwsApi;
  clock: Clock;
  progress: Progress;
  signal: AbortSignal;
}

const PAUSE_MS = 5_000;
/** A pool's status may be absent for a short time after the end of the job. */
const APPEARS_WITHIN_MS = 120_000;
/** How long a pool may take to end, before its job's record can be removed. */
const ENDS_WITHIN_MS = 300_000;

/** A job that ended, once its warm pool's status can be told: it is absent for a short time after the job's end. */
export async function settledPool(
  job: JobDescription,
  context: WarmPoolContext,
): Promise<JobDescription | undefined> {
  const endedAt = (job.TrainingEndTime ?? job.LastModifiedTime)?.getTime() ?? 0;
  const expected = job.TrainingJobStatus === "Completed" && job.ResourceConfig?.KeepAlivePeriodInSeconds;
  const until = endedAt + APPEARS_WITHIN_MS;
  return poolOf(job, (status) => expected && !status && context.clock.now() < until, context);
}

/** Ends the warm pool that an ended job left, if there is one: its instances are billed while they wait. */
export async function endWarmPool(job: JobDescription, context: WarmPoolContext): Promise<void> {
  const { api, clock, progress } = context;
  const name = job.TrainingJobName ?? "";
  const pool = await settledPool(job, context);
  if (pool?.WarmPoolStatus?.Status !== "Available") return;

  progress.phase("Ending warm pool");
  await api.setKeepAlive(name, 0);
  const until = clock.now() + ENDS_WITHIN_MS;
  await poolOf(await api.describe(name), (status) => status === "Available" && clock.now() < until, context);
}

/** Looks at the job's pool again for as long as there is a reason to wait. */
async function poolOf(
  seen: JobDescription | undefined,
  wait: (status: string | undefined) => unknown,
  { api, clock, signal }: WarmPoolContext,
): Promise<JobDescription | undefined> {
  let job = seen;
  while (job && wait(job.WarmPoolStatus?.Status)) {
    await clock.sleep(PAUSE_MS, signal);
    job = await api.describe(job.TrainingJobName ?? "");
  }
  return job;
}
