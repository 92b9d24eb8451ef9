import type { JobDescription } from "../aws/api";
import { isDenied } from "../aws/denied";
import { listAll } from "../aws/listAll";
import { attemptName, attemptOfName } from "../identity/name";
import { isForeign, isOwned, isSameTraining, type Tags } from "../identity/owner";
import type { Attempt } from "../state/facts";
import type { RunContext } from "./context";

/** A job of this training, and whether this deployment saw it run. */
export interface Found {
  job: JobDescription;
  attempt: number;
  onDemand: boolean;
  watched: boolean;
}

export interface History {
  /** Our jobs, oldest first. */
  found: Found[];
  /** Attempts that the state knows of and AWS no longer. */
  forgotten: Attempt[];
  /** Names that belong to somebody else. */
  taken: Set<string>;
}

/** Attempts that are looked at: of a training that failed more often, the last ones tell what is next. */
const MOST = 20;
/** How long a job that is being deleted is waited for. */
const DELETED_WITHIN_MS = 300_000;
const DELETING_PAUSE_MS = 5_000;

/**
 * All jobs of this training: those that the state names, and those that carry its mark and its digest under the names that its attempts
 * get. One list finds the names, so that a training with a hundred attempts does not cost a hundred calls.
 */
export async function readHistory(experiment: string, digest: string, context: RunContext): Promise<History> {
  const history: History = { found: [], forgotten: [], taken: new Set() };
  const stated = new Set(context.stated.map(({ trainingJobName }) => trainingJobName));
  const names = new Set([...stated, ...(await attemptNames(experiment, context))]);
  const described = new Map<string, JobDescription>();
  // The newest first, until so many are ours: those of others, and those that the state names, count for nothing.
  const newest = [...names].reverse();
  const others = newest.filter((name) => !stated.has(name));
  const look = async (name: string) => {
    const job = await describeSettled(name, context);
    if (!job) return;
    described.set(name, job);
    const tags = await context.api.tags(job.TrainingJobArn ?? "");
    if (isOurs(tags, stated.has(name), digest, context)) add(history, job, experiment, false);
    else sayTaken(name, job, context, history);
  };
  await Promise.all([...stated].slice(-MOST).map(look));
  for (let at = 0; at < others.length && history.found.length < MOST; at += MOST) {
    await Promise.all(others.slice(at, at + MOST).map(look));
  }
  history.found.sort(
    (a, b) => createdAt(a) - createdAt(b) || a.attempt - b.attempt || Number(a.onDemand) - Number(b.onDemand),
  );
  history.forgotten = context.stated.filter(({ trainingJobName }) => !described.has(trainingJobName));
  return history;
}

/** Takes a job into the history, in place of what was known of it. */
export function add({ found }: History, job: JobDescription, experiment: string, watched: boolean): void {
  const name = job.TrainingJobName ?? "";
  const { attempt, onDemand } = attemptOfName(experiment, name) ?? { attempt: 1, onDemand: false };
  const entry = { job, attempt, onDemand, watched };
  const at = found.findIndex((each) => each.job.TrainingJobName === name);
  if (at >= 0) found[at] = entry;
  else found.push(entry);
}

/** What stands in the state is ours unless a stranger's mark is on it: tags may be removed, and names change. */
export function isOurs(
  tags: Tags,
  isStated: boolean,
  digest: string,
  { ownership, statedMark }: RunContext,
): boolean {
  if (isStated) return !isForeign(tags, ownership.mark) || !isForeign(tags, statedMark);
  return isOwned(tags, ownership) && isSameTraining(tags, digest);
}

export function sayTaken(
  name: string,
  job: JobDescription,
  { progress }: RunContext,
  history: History,
): void {
  history.taken.add(name);
  const message = `${name} is a training job of somebody else: using the next free name.`;
  if (job.TrainingJobStatus === "InProgress") progress.warn(`${message} It runs, and is not touched.`);
  else progress.info(message);
}

async function attemptNames(experiment: string, context: RunContext): Promise<string[]> {
  const names: string[] = [];
  try {
    const listed = await listAll(context.api, { NameContains: experiment });
    names.push(...listed.map(({ TrainingJobName: name = "" }) => name));
  } catch (error) {
    if (!isDenied(error)) throw error;
    return probedNames(experiment, context);
  }
  const ours = names.filter((name) => attemptOfName(experiment, name) !== undefined);
  // A list may lag behind: the first name is looked at in any case.
  return ours.includes(experiment)
    ? ours.sort(byAttempt(experiment))
    : [experiment, ...ours.sort(byAttempt(experiment))];
}

/** Without the permission to list: one name after the other, up to the first that is free. */
async function probedNames(experiment: string, { api }: RunContext): Promise<string[]> {
  const names: string[] = [];
  for (let attempt = 1; ; attempt++) {
    const both = [attemptName(experiment, attempt), attemptName(experiment, attempt, true)];
    const there = await Promise.all(both.map((name) => api.describe(name)));
    names.push(...both.filter((_name, index) => there[index] !== undefined));
    if (there.every((job) => job === undefined)) return names;
  }
}

const byAttempt = (experiment: string) => (a: string, b: string) => {
  const [one, two] = [attemptOfName(experiment, a), attemptOfName(experiment, b)];
  return (one?.attempt ?? 0) - (two?.attempt ?? 0) || Number(one?.onDemand) - Number(two?.onDemand);
};

const createdAt = ({ job }: Found): number => job.CreationTime?.getTime() ?? 0;

/** A job as it is, or nothing once one that is being deleted is gone: its name is free then. */
export async function describeSettled(
  name: string,
  { api, clock, signal }: Pick<RunContext, "api" | "clock" | "signal">,
): Promise<JobDescription | undefined> {
  const until = clock.now() + DELETED_WITHIN_MS;
  for (;;) {
    const job = await api.describe(name);
    if ((job?.TrainingJobStatus as string) !== "Deleting" || clock.now() > until) return job;
    await clock.sleep(DELETING_PAUSE_MS, signal);
  }
}
