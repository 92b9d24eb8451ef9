import type { AwsApi, JobDescription } from "../aws/api";
import { areCredentialsExpired, isTransient } from "../aws/retries";
import type { Clock } from "../engine/clock";
import { LOG_GROUP } from "../state/facts";
import { LogTail } from "./logs";
import type { Progress } from "./progress";
import type { Watcher } from "./watcher";

export interface FollowContext {
  api: AwsApi;
  watcher: Watcher;
  clock: Clock;
  progress: Progress;
  signal: AbortSignal;
  /** How many jobs this process follows: the more, the further apart each one's log is read. */
  following(): number;
}

const READ_EVERY_MS = 2_000;
/** CloudWatch Logs answers 25 GetLogEvents a second per account and region. */
const READ_SHARE_MS = 250;
/** Log lines arrive up to a few seconds after the job's end: two seconds without a line end the log. */
const DRAIN_MS = 1_000;
const DRAIN_READS = 8;
const SILENT_READS = 3;

/** Follows a job to Completed, Failed or Stopped, with its phases on the display and its log in the diagnostics. */
export async function follow(
  name: string,
  context: FollowContext,
  createdAt?: Date,
): Promise<JobDescription> {
  const { api, watcher, clock, progress, signal, following } = context;
  const ended = new AbortController();
  const tail = new LogTail(api, clock, LOG_GROUP, name);
  const reading = readLogs();
  try {
    return await watcher.watch(name, {
      signal,
      createdAt,
      onChange: (job) => {
        progress.phase(job.secondaryStatus || job.status, job.description?.TrainingStartTime);
        const message = job.description?.SecondaryStatusTransitions?.at(-1)?.StatusMessage;
        if (job.secondaryStatus === "Interrupted" || job.secondaryStatus === "Restarting") {
          progress.info(`${name} ${job.secondaryStatus}: ${message ?? "spot capacity was taken back"}`);
        }
      },
      onTrouble: (message) => progress.note(message),
    });
  } finally {
    ended.abort();
    await reading;
  }

  async function readLogs(): Promise<void> {
    const stop = AbortSignal.any([ended.signal, signal]);
    while (!stop.aborted) {
      if (!(await read(false))) return;
      const pause = Math.max(READ_EVERY_MS, READ_SHARE_MS * following());
      await clock.sleep(pause, stop).catch(() => {});
    }
    let silent = 0;
    for (let reads = 0; reads < DRAIN_READS && silent < SILENT_READS && !signal.aborted; reads++) {
      if (reads > 0) await clock.sleep(DRAIN_MS, signal).catch(() => {});
      const lines = await tail.read(true).catch(() => []);
      progress.lines(lines);
      silent = lines.length > 0 ? 0 : silent + 1;
    }
  }

  /** False when the log cannot be read at all: the training goes on without it. */
  async function read(relist: boolean): Promise<boolean> {
    try {
      progress.lines(await tail.read(relist));
    } catch (error) {
      if (signal.aborted || isTransient(error) || areCredentialsExpired(error)) return true;
      progress.warn(`The log of ${name} cannot be read (${(error as Error).message}): the training goes on.`);
      return false;
    }
    return true;
  }
}
