import type { CanonicalInputs } from "../args/args";
import type { AwsApi, JobDescription } from "../aws/api";
import { isTerminal } from "../aws/api";
import { formatUsd } from "../cost/cost";
import { attemptName, CLAIM_TAG, experimentName, isOurs, type Owner, ownerTags } from "../identity/identity";
import { toRequest } from "../request/request";
import { type Attempt, attemptOf, factsOf, LOG_GROUP, type TrainingJobFacts } from "../state/facts";
import { redactor } from "../state/redact";
import { createJob } from "./createJob";
import { explainFailure, isCapacityError, TrainingError } from "./errors";
import { type FollowContext, follow } from "./follow";
import { warnOfLeftovers } from "./leftovers";
import { lastLines } from "./logs";

export interface RunContext extends FollowContext {
  inputs: CanonicalInputs;
  owner: Owner;
  /** Marks every job of this run as its own. */
  claim: string;
  region: string;
  /** Told of every job as soon as it is known to run, so that a cancelled deployment can name it. */
  onJob(job: JobDescription, earlier: Attempt[]): void;
}

const LOG_LINES = 20;
/** Pause before a job that found no capacity is tried again: 1 minute, then twice as long each time, 15 at most. */
const CAPACITY_PAUSE_MS = 60_000;
const CAPACITY_PAUSE_MAX_MS = 900_000;
/** Pause before another look at a name that cannot be created and cannot be seen either. */
const TAKEN_PAUSE_MS = 2_000;
/** After so many looks at it, the next name is taken. */
const TAKEN_LOOKS = 30;
/** A job that was created a moment ago may not be described yet. */
const APPEARS_PAUSE_MS = 2_000;
const APPEARS_LOOKS = 15;

/**
 * Runs the training to a model artifact, whatever there is already: a job of ours that runs is followed, one that completed is taken
 * over without training again, one that failed or was stopped is followed by the next attempt, and a name that belongs to somebody
 * else is stepped over. So the same call serves the first deployment and the one after a crash.
 */
export async function run(context: RunContext): Promise<TrainingJobFacts> {
  const { inputs } = context;
  const facts = inputs.adopt ? await adopt(inputs.adopt, context) : await runAttempts(context);
  return { ...facts, claim: context.claim };
}

async function runAttempts(context: RunContext): Promise<TrainingJobFacts> {
  const { inputs, region, api, clock, progress } = context;

  const experiment = experimentName(inputs);
  const attempts: Attempt[] = [];
  let retriesLeft = inputs.spot?.capacityRetries ?? 0;
  let pause = CAPACITY_PAUSE_MS;
  for (let attempt = 1, onDemand = false, looks = 0; ; ) {
    const name = attemptName(experiment, attempt, onDemand);
    const found = await api.describe(name);
    if (found && !(await isOurs(api, found, context.owner, experiment))) {
      progress.info(`${name} is a training job of somebody else: using the next free name.`);
      attempt += 1;
      continue;
    }
    if (found) await api.tag(found.TrainingJobArn ?? "", { [CLAIM_TAG]: context.claim }, []);
    const started = !found && (await start(name, experiment, onDemand, attempts, context));
    if (!found && !started) {
      // Somebody took the name in between, or it is not free again yet: look at it again.
      looks += 1;
      if (looks > TAKEN_LOOKS) {
        progress.info(`${name} is taken by a training job that cannot be seen: using the next free name.`);
        looks = 0;
        attempt += 1;
        continue;
      }
      await clock.sleep(TAKEN_PAUSE_MS, context.signal);
      continue;
    }
    if (started) await warnOfLeftovers(experiment, context);
    const job = await finish(name, found, attempts, context);
    const resumed = found !== undefined && found.TrainingJobStatus !== "InProgress";

    if (job.TrainingJobStatus === "Completed") {
      if (await hasArtifact(api, job)) {
        if (resumed) progress.info(`${name} is completed: its artifact is used, nothing is trained again.`);
        return factsOf(inputs, region, job, attempts);
      }
      if (!resumed) throw await missingArtifact(job, attempts, context);
    }
    const fallBack =
      !onDemand &&
      inputs.spot?.fallback === "on-demand" &&
      (isOutOfSpot(job) || isCapacityError(job.FailureReason));
    const retry = isCapacityError(job.FailureReason) && retriesLeft > 0;
    if (!resumed && !fallBack && !retry) throw await failed(job, attempts, context);

    attempts.push(attemptOf(job, redactor(inputs)));
    if (retry && !resumed) {
      retriesLeft -= 1;
      progress.note(`no capacity: trying again in ${Math.round(pause / 1000)} s`);
      await clock.sleep(pause, context.signal);
      pause = Math.min(pause * 2, CAPACITY_PAUSE_MAX_MS);
    }
    // The fallback has the number of the attempt that it stands in for; capacity retries come before it.
    if (fallBack && !(retry && !resumed)) {
      progress.info(
        `${name} found no spot capacity: going on with ${attemptName(experiment, attempt, true)} on demand.`,
      );
      onDemand = true;
    } else {
      attempt += 1;
      onDemand = onDemand && retry && !resumed; // who had to leave spot does not wait for it again
    }
  }
}

async function start(
  name: string,
  experiment: string,
  onDemand: boolean,
  earlier: Attempt[],
  context: RunContext,
): Promise<boolean> {
  const { inputs, owner, progress } = context;
  const request = toRequest(
    inputs,
    name,
    { ...inputs.tags, ...ownerTags(owner, experiment), [CLAIM_TAG]: context.claim },
    { region: context.region, checkpointName: experiment },
  );
  if (onDemand) {
    request.EnableManagedSpotTraining = false;
    request.StoppingCondition = { ...request.StoppingCondition, MaxWaitTimeInSeconds: undefined };
  }
  progress.phase("Creating");
  announce(request.EnableManagedSpotTraining, context);
  // Known before the answer: a call that is cut off may have created the job all the same.
  context.onJob({ TrainingJobName: name, TrainingJobStatus: "InProgress" } as JobDescription, [...earlier]);
  return (await createJob(request, context)) === "created";
}

/** Says on the job's row what it runs on and what that costs: an hour of it, and at most. */
function announce(spot: boolean | undefined, { inputs, region, progress }: RunContext): void {
  const { cost } = factsOf(inputs, region, { TrainingTimeInSeconds: 3600 } as JobDescription);
  const most = cost.worstCase === undefined ? cost.basis : `at most ${formatUsd(cost.worstCase)}`;
  progress.attempt(`${hardware(inputs)} ${spot ? "spot" : "on-demand"}, ${most}`, cost.onDemand);
}

async function finish(
  name: string,
  found: JobDescription | undefined,
  earlier: Attempt[],
  context: RunContext,
): Promise<JobDescription> {
  if (found && isTerminal(found.TrainingJobStatus)) return found;
  if (found) {
    context.progress.info(`${name} is running already: following it.`);
    announce(found.EnableManagedSpotTraining, context);
  }
  const running = found ?? (await appears(name, context));
  if (running) context.onJob(running, [...earlier]);
  return follow(name, context);
}

async function appears(
  name: string,
  { api, clock, signal }: RunContext,
): Promise<JobDescription | undefined> {
  for (let looks = 1; ; looks++) {
    const job = await api.describe(name);
    if (job || looks >= APPEARS_LOOKS) return job;
    await clock.sleep(APPEARS_PAUSE_MS, signal);
  }
}

async function adopt(name: string, context: RunContext): Promise<TrainingJobFacts> {
  const found = await context.api.describe(name);
  if (!found) {
    throw new TrainingError(
      `There is no training job ${name} in ${context.region} to adopt: correct \`adopt\`, or leave it out to train.`,
    );
  }
  const tags = { ...ownerTags(context.owner, name), [CLAIM_TAG]: context.claim };
  await context.api.tag(found.TrainingJobArn ?? "", tags, []);
  const job = await finish(name, found, [], context);
  if (job.TrainingJobStatus !== "Completed") throw await failed(job, [], context);
  if (!(await hasArtifact(context.api, job))) throw await missingArtifact(job, [], context);
  return factsOf(context.inputs, context.region, job);
}

export async function hasArtifact(api: AwsApi, job: JobDescription): Promise<boolean> {
  const uri = job.ModelArtifacts?.S3ModelArtifacts;
  if (!uri) return false;
  // Without compression the artifact is a prefix that holds files.
  const uncompressed = job.OutputDataConfig?.CompressionType === "NONE";
  return uncompressed ? (await api.listObjects(uri)).length > 0 : api.objectExists(uri);
}

/** Stopped for want of spot capacity: MaxWaitTimeExceeded looks like success to most tools. */
const isOutOfSpot = (job: JobDescription): boolean =>
  job.TrainingJobStatus === "Stopped" && job.SecondaryStatus === "MaxWaitTimeExceeded";

async function failed(job: JobDescription, earlier: Attempt[], context: RunContext): Promise<TrainingError> {
  const facts = { ...factsOf(context.inputs, context.region, job, earlier), claim: context.claim };
  // A job that did not complete has no artifact, whatever path its description names.
  facts.modelArtifact = undefined;
  const lines = await lastLines(context.api, LOG_GROUP, facts.trainingJobName, LOG_LINES).catch(() => []);
  return new TrainingError(explainFailure(facts, lines), facts);
}

async function missingArtifact(
  job: JobDescription,
  earlier: Attempt[],
  context: RunContext,
): Promise<TrainingError> {
  const facts = { ...factsOf(context.inputs, context.region, job, earlier), claim: context.claim };
  const uri = facts.modelArtifact ?? "nowhere";
  facts.modelArtifact = undefined;
  return new TrainingError(
    `Training job ${facts.trainingJobName} is Completed, but there is no model artifact at ${uri}.\n` +
      `Next: see that the script writes to SM_MODEL_DIR and that the role may write there, then \`pulumi up\`.\nLog: ${facts.logUrl}`,
    facts,
  );
}

function hardware({ resourceConfig }: CanonicalInputs): string {
  const groups = resourceConfig?.instanceGroups;
  const preferred = resourceConfig?.instancePreferences?.map(({ instanceType }) => instanceType).join(" or ");
  const all = groups?.length ? groups : [{ instanceType: preferred, ...resourceConfig }];
  return all
    .map(
      (each) =>
        `${(each.instanceCount ?? 1) > 1 ? `${each.instanceCount} x ` : ""}${each.instanceType ?? "serverless"}`,
    )
    .join(" + ");
}
