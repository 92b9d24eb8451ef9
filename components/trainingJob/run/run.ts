import { isTerminal, type JobDescription } from "../aws/api";
import { isDenied, ObjectDeniedError } from "../aws/denied";
import { areCredentialsExpired } from "../aws/retries";
import { costInputs, costOf, formatUsd } from "../cost/cost";
import { digestOf } from "../identity/definition";
import { attemptName, experimentName } from "../identity/name";
import { CLAIM_TAG, MARK_TAG, ownerTags } from "../identity/owner";
import { toRequest } from "../request/request";
import { type Attempt, attemptOf, factsOf, type TrainingJobFacts } from "../state/facts";
import { redactor } from "../state/redact";
import { hasArtifact } from "./artifact";
import type { RunContext } from "./context";
import { createJob } from "./createJob";
import { failed, hiddenArtifact, missingArtifact, refusedAfter } from "./ends";
import { explainDenied, TrainingError } from "./errors";
import { follow } from "./follow";
import { hardware } from "./hardware";
import { add, describeSettled, type Found, type History, isOurs, readHistory, sayTaken } from "./history";
import { endLeftovers } from "./leftovers";
import { next, type Past, type Step } from "./next";
import { sayUnmatched } from "./unmatched";

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
  const { inputs, clock, progress } = context;
  const { adopt } = inputs;
  const experiment = adopt ?? experimentName(inputs);
  const digest = digestOf(inputs);
  const history = adopt ? await adopted(adopt, context) : await readHistory(experiment, digest, context);
  const policy = {
    fallback: inputs.spot?.fallback === "on-demand",
    capacityRetries: inputs.spot?.capacityRetries ?? 0,
    onFailure: inputs.onFailure,
  };
  for (;;) {
    const step = next(await pastOf(history, context), policy, clock.now());
    if (step.do === "start") {
      if (adopt) throw await failed(history.found[0].job, [], context);
      await start(step, experiment, digest, history, context);
      continue;
    }
    const { job, watched } = history.found[step.at];
    const earlier = earlierThan(step.at, history, context);
    if (step.do === "follow") {
      // What was being stopped before this deployment looked is no failure of this deployment's.
      const mine = watched || job.TrainingJobStatus !== "Stopping";
      add(history, await followed(history.found[step.at], earlier, context), experiment, mine);
    } else if (step.do === "done") {
      const name = job.TrainingJobName;
      if (!watched) {
        if (!adopt) await endLeftovers(history, context);
        progress.info(`${name} is completed: its artifact is used, nothing is trained again.`);
        await takeOver(job, context);
      }
      sayUnmatched(job, context);
      return { ...factsOf(inputs, context.region, job, earlier), claim: context.claim };
    } else {
      if (!watched) await takeOver(job, context);
      const completed = job.TrainingJobStatus === "Completed";
      throw completed ? missingArtifact(job, earlier, context) : await failed(job, earlier, context);
    }
  }
}

/** The history as the decision sees it. A model that is there but may not be looked at ends the run: it is paid for. */
async function pastOf(history: History, context: RunContext): Promise<Past[]> {
  return Promise.all(
    history.found.map(async ({ job, attempt, onDemand, watched }, at) => ({
      attempt,
      onDemand,
      watched: watched || context.inputs.adopt !== undefined,
      status: job.TrainingJobStatus ?? "",
      secondaryStatus: job.SecondaryStatus ?? "",
      reason: job.FailureReason,
      startedAt: job.CreationTime?.getTime() ?? 0,
      endedAt: (job.TrainingEndTime ?? job.LastModifiedTime)?.getTime() ?? 0,
      usable: job.TrainingJobStatus === "Completed" && (await isUsable(job, at, history, context)),
    })),
  );
}

async function isUsable(
  job: JobDescription,
  at: number,
  history: History,
  context: RunContext,
): Promise<boolean> {
  try {
    return await hasArtifact(context.api, job);
  } catch (error) {
    if (!(error instanceof ObjectDeniedError)) throw error;
    throw hiddenArtifact(job, error, earlierThan(at, history, context), context);
  }
}

/** The attempts before one of them: those that AWS still knows, and those that only the state remembers. */
function earlierThan(at: number, { found, forgotten }: History, { inputs }: RunContext): Attempt[] {
  return [...forgotten, ...found.slice(0, at).map(({ job }) => attemptOf(job, redactor(inputs)))];
}

async function start(
  step: Extract<Step, { do: "start" }>,
  experiment: string,
  digest: string,
  history: History,
  context: RunContext,
): Promise<void> {
  const { clock, progress, signal } = context;
  const earlier = earlierThan(history.found.length, history, context);
  const wait = step.notBefore - clock.now();
  if (wait > 0) {
    progress.note(`no capacity: trying again in ${Math.round(wait / 1000)} s`);
    await clock.sleep(wait, signal);
  }
  const before = history.found.at(-1)?.job.TrainingJobName;
  const name = freeName(step, experiment, history);
  if (step.why === "fallback")
    progress.info(`${before} found no spot capacity: going on with ${name} on demand.`);
  await endLeftovers(history, context);
  try {
    for (let looks = 0; looks < TAKEN_LOOKS; looks++) {
      if ((await create(name, step.onDemand, experiment, digest, earlier, context)) === "created") {
        const created = {
          TrainingJobName: name,
          TrainingJobStatus: "InProgress",
          SecondaryStatus: "Starting", // tells a job that is there from one that was only asked for
          CreationTime: new Date(clock.now()),
        } as JobDescription;
        context.onJob(created, earlier);
        add(history, (await appears(name, context)) ?? created, experiment, true);
        return;
      }
      // Somebody took the name in between, or it is not free again yet: look at it.
      if (await look(name, experiment, digest, history, context)) return;
      await clock.sleep(TAKEN_PAUSE_MS, signal);
    }
  } catch (error) {
    throw refusedAfter(error as Error, history.found.at(-1)?.job, earlier.slice(0, -1), context);
  }
  progress.info(`${name} is taken by a training job that cannot be seen: using the next free name.`);
  history.taken.add(name);
}

/** Takes a job that has the name into the history, as ours or as somebody else's. False when there is none to be seen. */
async function look(
  name: string,
  experiment: string,
  digest: string,
  history: History,
  context: RunContext,
): Promise<boolean> {
  const job = await describeSettled(name, context);
  if (!job) return false;
  // Told by its own tags: a list may not tell of it yet.
  const ours = isOurs(await context.api.tags(job.TrainingJobArn ?? ""), false, digest, context);
  const known = history.found.some((each) => each.job.TrainingJobName === name);
  if (!ours) sayTaken(name, job, context, history);
  // One that ended before, and was looked at before: nothing but its name is used up.
  else if (known && isTerminal(job.TrainingJobStatus)) history.taken.add(name);
  // As one that was there before: it may have the claim of somebody else, and is taken over before it is followed.
  else add(history, job, experiment, false);
  return true;
}

function freeName(
  { attempt, onDemand }: { attempt: number; onDemand: boolean },
  experiment: string,
  history: History,
): string {
  for (let number = attempt; ; number++) {
    const name = attemptName(experiment, number, onDemand);
    if (!history.taken.has(name)) return name;
  }
}

async function create(
  name: string,
  onDemand: boolean,
  experiment: string,
  digest: string,
  earlier: Attempt[],
  context: RunContext,
): Promise<"created" | "exists"> {
  const { inputs, ownership, claim, progress } = context;
  const tags = { ...inputs.tags, ...ownerTags(ownership, digest, claim) };
  const request = toRequest(inputs, name, tags, { region: context.region, checkpointName: experiment });
  if (onDemand) {
    request.EnableManagedSpotTraining = false;
    request.StoppingCondition = { ...request.StoppingCondition, MaxWaitTimeInSeconds: undefined };
  }
  progress.phase("Creating");
  announce(request.EnableManagedSpotTraining, inputs.stoppingCondition?.maxRuntimeInSeconds, context);
  // Known before the answer: a call that is cut off may have created the job all the same.
  context.onJob({ TrainingJobName: name, TrainingJobStatus: "InProgress" } as JobDescription, earlier);
  return createJob(request, context);
}

/** Says on the job's row what it runs on and what that costs: an hour of it, and at most. */
function announce(
  spot: boolean | undefined,
  maxRunSeconds: number | undefined,
  { inputs, region, progress }: RunContext,
): void {
  const cost = costOf(costInputs(inputs, region), { trainingSeconds: 3600 });
  const most = cost.worstCase === undefined ? cost.basis : `at most ${formatUsd(cost.worstCase)}`;
  const label = `${hardware(inputs)} ${spot ? "spot" : "on-demand"}, ${most}`;
  progress.attempt(label, { usdPerHour: cost.onDemand, maxRunSeconds });
}

async function followed(
  { job, watched }: Found,
  earlier: Attempt[],
  context: RunContext,
): Promise<JobDescription> {
  const { progress, inputs } = context;
  const name = job.TrainingJobName ?? "";
  context.onJob(job, earlier);
  if (!watched) {
    progress.info(`${name} is running already: following it.`);
    const [limit, wanted] = [
      job.StoppingCondition?.MaxRuntimeInSeconds,
      inputs.stoppingCondition?.maxRuntimeInSeconds,
    ];
    announce(job.EnableManagedSpotTraining, limit ?? wanted, context);
    if (limit && wanted && limit !== wanted) {
      progress.warn(
        `${name} was started with a maxRun of ${limit} s, which cannot change: ${wanted} s holds from the next job on.`,
      );
    }
    await takeOver(job, context);
  }
  return follow(name, context, job.CreationTime);
}

/** Puts this deployment's mark and claim on a job that was started before it. Without the permission the job is followed all the same. */
async function takeOver(job: JobDescription, { api, ownership, claim, progress }: RunContext): Promise<void> {
  const { mark } = ownership;
  const arn = job.TrainingJobArn ?? "";
  try {
    await api.tag(arn, { ...ownership.names, ...(mark ? { [MARK_TAG]: mark } : {}), [CLAIM_TAG]: claim }, []);
  } catch (error) {
    if (!isDenied(error)) throw error;
    progress.warn(
      `${explainDenied("sagemaker:AddTags", job.TrainingJobName ?? "", error as Error)} It is followed all the same.`,
    );
  }
}

async function appears(
  name: string,
  { api, clock, signal }: RunContext,
): Promise<JobDescription | undefined> {
  for (let looks = 1; ; looks++) {
    const job = await api.describe(name).catch((error) => {
      // Whoever follows it waits for another login, or says that it runs and cannot be seen.
      if (areCredentialsExpired(error)) return undefined;
      throw error;
    });
    if (job || looks >= APPEARS_LOOKS) return job;
    await clock.sleep(APPEARS_PAUSE_MS, signal);
  }
}

async function adopted(name: string, context: RunContext): Promise<History> {
  const job = await describeSettled(name, context);
  if (!job) {
    throw new TrainingError(
      `There is no training job ${name} in ${context.region} to adopt: correct \`adopt\`, or leave it out to train.`,
    );
  }
  const history: History = { found: [], forgotten: [], taken: new Set() };
  add(history, job, name, false);
  return history;
}
