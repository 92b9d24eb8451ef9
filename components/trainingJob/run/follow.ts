import type { AwsApi, JobDescription } from "../aws/api";
import { areCredentialsExpired, isTransient } from "../aws/retries";
import type { Clock } from "../engine/clock";
import { LOG_GROUP } from "../state/facts";
import { LogEnd } from "./logEnd";
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

const READ_EVERY_MS = 500;
/** CloudWatch Logs answers 25 GetLogEvents a second per account and region. */
const READ_SHARE_MS = 250;

/** Follows a job to Completed, Failed or Stopped, with its phases on the display and its log in the diagnostics. */
export async function follow(
  name: string,
  context: FollowContext,
  createdAt?: Date,
): Promise<JobDescription> {
  const { api, watcher, clock, progress, signal, following } = context;
  const ended = new AbortController();
  const tail = new LogTail(api, clock, LOG_GROUP, name);
  const end = new LogEnd();
  let job: JobDescription | undefined;
  const reading = readLogs();
  try {
    job = await watcher.watch(name, {
      signal,
      createdAt,
      onChange: ({ status, secondaryStatus, description }) => {
        progress.phase(secondaryStatus || status, description?.TrainingStartTime);
        const message = description?.SecondaryStatusTransitions?.at(-1)?.StatusMessage;
        if (secondaryStatus === "Interrupted" || secondaryStatus === "Restarting") {
          progress.info(`${name} ${secondaryStatus}: ${message ?? "spot capacity was taken back"}`);
        }
      },
      onTrouble: (message) => progress.note(message),
    });
    return job;
  } finally {
    ended.abort();
    await reading;
  }

  async function readLogs(): Promise<void> {
    const stop = AbortSignal.any([ended.signal, signal]);
    while (!stop.aborted) {
      if (!(await read(false))) return;
      if (end.isNear) watcher.expectEnd(name);
      const pause = Math.max(READ_EVERY_MS, READ_SHARE_MS * following());
      await clock.sleep(pause, stop).catch(() => {});
    }
    end.jobEnded(job, clock.now());
    while (!signal.aborted && (await read(true))) {
      const state = end.state(clock.now(), tail.delay);
      if (state === "late") progress.info(mayFollow(name));
      if (state !== "open") return;
      await clock.sleep(READ_EVERY_MS, signal).catch(() => {});
    }
  }

  /** False when the log cannot be read at all: the training goes on without it. */
  async function read(relist: boolean): Promise<boolean> {
    try {
      const lines = await tail.read(relist);
      end.add(lines, clock.now());
      progress.lines(lines);
    } catch (error) {
      end.missed(clock.now());
      if (signal.aborted || isTransient(error) || areCredentialsExpired(error)) return true;
      progress.warn(`The log of ${name} cannot be read (${(error as Error).message}): the training goes on.`);
      return false;
    }
    return true;
  }
}

const mayFollow = (name: string): string =>
  `The log of ${name} may have more lines than were shown here: CloudWatch Logs has them, in the streams ${name}/ of ${LOG_GROUP}.`;
