import type { CanonicalInputs } from "../args/args";
import { isDenied } from "../aws/denied";
import { isMissingJob } from "../aws/retries";
import { explainDenied, TrainingError } from "../run/errors";
import type { Region } from "../run/region";
import type { TrainingJobFacts } from "../state/facts";
import type { TrainingJobState } from "../state/state";
import { settledPool, type WarmPoolContext } from "./warmPool";

/** Gives every job of the state the new tags. Before anything else: a run that fails later leaves a state that is true. */
export async function updateTags(
  olds: TrainingJobState,
  news: CanonicalInputs,
  { api }: Region,
): Promise<void> {
  const before = olds.tags ?? {};
  const after = news.tags ?? {};
  const changed = Object.fromEntries(Object.entries(after).filter(([key, value]) => before[key] !== value));
  const removed = Object.keys(before).filter((key) => !(key in after));
  if (Object.keys(changed).length + removed.length === 0) return;
  for (const arn of jobArns(olds)) {
    try {
      await api.tag(arn, changed, removed);
    } catch (error) {
      if (isMissingJob(error)) continue; // the record of an earlier attempt may have been deleted
      if (!isDenied(error)) throw error;
      const action = removed.length > 0 ? "sagemaker:AddTags and sagemaker:DeleteTags" : "sagemaker:AddTags";
      throw new TrainingError(explainDenied(action, olds.trainingJobName, error as Error));
    }
  }
}

/** Each attempt is a job of its own and carries the same tags; they differ in the last part of the ARN only. */
function jobArns({ trainingJobArn, trainingJobName, attempts }: TrainingJobState): string[] {
  if (!trainingJobArn) return [];
  const prefix = trainingJobArn.slice(0, -trainingJobName.length);
  return (attempts ?? []).map((each) => `${prefix}${each.trainingJobName}`);
}

/** SageMaker changes it only while the pool waits or works; a pool that is gone has nothing to change. */
export async function updateKeepAlive(
  olds: TrainingJobState,
  news: CanonicalInputs,
  facts: TrainingJobFacts,
  context: WarmPoolContext,
): Promise<void> {
  const before = olds.resourceConfig?.keepAlivePeriodInSeconds ?? 0;
  const after = news.resourceConfig?.keepAlivePeriodInSeconds ?? 0;
  if (before === after) return;
  const job = await context.api.describe(facts.trainingJobName);
  const pool = (job && (await settledPool(job, context)))?.WarmPoolStatus?.Status;
  if (pool === "Available" || pool === "InUse") {
    await context.api.setKeepAlive(facts.trainingJobName, Number(after));
  } else {
    context.progress.info(
      `The warm pool of ${facts.trainingJobName} is ${pool ?? "not there"}: the new keepAlive holds from the next job on.`,
    );
  }
}
