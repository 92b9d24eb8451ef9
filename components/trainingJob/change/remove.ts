import type { JobDescription } from "../aws/api";
import { isTerminal } from "../aws/api";
import { CLAIM_TAG, isForeign, type Tags } from "../identity/owner";
import { describeSettled } from "../run/history";
import { leaveRecord } from "../run/leaveRecord";
import { stopJob } from "../run/stop";
import type { Watcher } from "../run/watcher";
import { factsOf } from "../state/facts";
import { regionOf, type TrainingJobState } from "../state/state";
import { anotherJob } from "../state/successor";
import { sayKept } from "./kept";
import { endWarmPool, type WarmPoolContext } from "./warmPool";

export interface RemoveContext extends WarmPoolContext {
  watcher: Watcher;
}

/**
 * Leaves nothing of this resource running: stops every job that its state names and waits for its end, and ends warm pools. Records,
 * logs and artifacts stay, unless `deletePolicy` is "delete". A job that is gone is fine.
 */
export async function removeJobs(
  state: TrainingJobState,
  context: RemoveContext,
  claimNow: (name: string) => string | undefined = () => undefined,
): Promise<void> {
  const names = new Set([
    ...(state.attempts ?? []).map((each) => each.trainingJobName),
    state.trainingJobName,
  ]);
  for (const name of names) {
    // What replaces this one has taken the job over, whatever the tags say yet.
    const claim = claimNow(name);
    if (name && (claim === undefined || claim === state.claim)) await removeJob(name, state, context);
  }
  sayKept(state, context.progress);
}

async function removeJob(name: string, state: TrainingJobState, context: RemoveContext): Promise<void> {
  const { api, progress } = context;
  // On the row of what is replaced the new job's last metrics would stay otherwise: the display has one row for both.
  progress.phase(`Cleaning up after ${name}`);
  const job = await api.describe(name);
  if (!job) return;
  if (anotherJob(job, state)) {
    if (!isTerminal(job.TrainingJobStatus))
      progress.warn(`${name} runs, and is not stopped: it is another job than the one that had the name.`);
    return;
  }
  const tags = await api.tags(job.TrainingJobArn ?? "");
  if (!isClaimed(tags, state)) {
    if (isForeign(tags, state.mark) && !isTerminal(job.TrainingJobStatus)) {
      progress.warn(`${name} runs, and is not stopped: its tags say that another stack has taken it over.`);
    }
    return;
  }
  const ended = isTerminal(job.TrainingJobStatus) ? job : await stopJob(name, context, job.CreationTime);
  if (ended) await endWarmPool(ended, context);
  if (state.deletePolicy === "delete") await removeTraces(name, job, context);
  else if (ended && ended !== job) await recordStopped(ended, state, context);
}

/** What was stopped by its removal has cost something all the same. */
async function recordStopped(job: JobDescription, state: TrainingJobState, context: RemoveContext) {
  const region = regionOf(state) ?? "";
  const earlier = (state.attempts ?? []).filter((each) => each.trainingJobName !== job.TrainingJobName);
  const facts = factsOf(state, region, job, earlier);
  // It may have completed before it could be stopped; what was stopped has no model, whatever its description names.
  if (facts.status !== "Completed") facts.modelArtifact = null;
  await leaveRecord(facts, { ...context, inputs: state, region });
}

/** The objects first: without the record nobody would find them again after a failure. */
async function removeTraces(name: string, job: JobDescription, context: RemoveContext): Promise<void> {
  const { api } = context;
  const output = job.OutputDataConfig?.S3OutputPath;
  if (output) await api.removeObjects(`${output.replace(/\/+$/, "")}/${name}/`);
  await api.remove(name);
  await describeSettled(name, context); // its name is free only when it is gone
}

/** Whether this creation of the resource still has the job: a replacement may have taken it over. Removed tags take nothing away. */
function isClaimed(tags: Tags, { claim, mark }: TrainingJobState): boolean {
  if (isForeign(tags, mark)) return false;
  return tags[CLAIM_TAG] === undefined || tags[CLAIM_TAG] === claim;
}
