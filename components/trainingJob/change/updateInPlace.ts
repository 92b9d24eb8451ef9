import type { CanonicalInputs } from "../args/args";
import { isMissingJob } from "../aws/retries";
import type { Progress } from "../run/progress";
import type { Region } from "../run/region";
import type { TrainingJobFacts } from "../state/facts";
import type { TrainingJobState } from "../state/state";

/**
 * Applies what can change on a job that exists: tags, and how long its warm pool is kept. Returns the facts afterwards.
 */
export async function updateInPlace(
  olds: TrainingJobState,
  news: CanonicalInputs,
  facts: TrainingJobFacts,
  region: Region,
  progress: Progress,
): Promise<TrainingJobFacts> {
  await updateTags(olds, news, facts, region);
  await updateKeepAlive(olds, news, facts, region, progress);
  return facts;
}

async function updateTags(
  olds: TrainingJobState,
  news: CanonicalInputs,
  facts: TrainingJobFacts,
  { api }: Region,
): Promise<void> {
  const before = olds.tags ?? {};
  const after = news.tags ?? {};
  const changed = Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
  const removed = Object.keys(before).filter((key) => !(key in after));
  if (Object.keys(changed).length + removed.length === 0) return;
  for (const arn of jobArns(facts)) {
    try {
      await api.tag(arn, changed, removed);
    } catch (error) {
      if (!isMissingJob(error)) throw error; // the record of an earlier attempt may have been deleted
    }
  }
}

/** Each attempt is a job of its own and carries the same tags; they differ in the last part of the ARN only. */
function jobArns(facts: TrainingJobFacts): string[] {
  const prefix = facts.trainingJobArn.slice(0, -facts.trainingJobName.length);
  return facts.attempts.map((each) => `${prefix}${each.trainingJobName}`);
}

/** SageMaker changes it only while the pool waits or works; a pool that is gone has nothing to change. */
async function updateKeepAlive(
  olds: TrainingJobState,
  news: CanonicalInputs,
  facts: TrainingJobFacts,
  { api }: Region,
  progress: Progress,
): Promise<void> {
  const before = olds.resourceConfig?.keepAlivePeriodInSeconds ?? 0;
  const after = news.resourceConfig?.keepAlivePeriodInSeconds ?? 0;
  if (before === after) return;
  const pool = (await api.describe(facts.trainingJobName))?.WarmPoolStatus?.Status;
  if (pool === "Available" || pool === "InUse") {
    await api.setKeepAlive(facts.trainingJobName, Number(after));
  } else {
    progress.info(
      `The warm pool of ${facts.trainingJobName} is ${pool ?? "not there"}: the new keepAlive holds from the next job on.`,
    );
  }
}
