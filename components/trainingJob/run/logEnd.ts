import type { JobDescription } from "../aws/api";
import type { LogLine } from "../record/series";
import { TOOLKIT_LINE } from "./traceback";

/** What SageMaker's toolkit says last on a host, of a script that succeeded or failed. */
const LAST_WORDS =
  / sagemaker-training-toolkit +(INFO +Reporting training SUCCESS|ERROR +Encountered exit_code)\b/;
/** A log of which nothing comes for so long, after the container's end and what its lines took until now, is over. */
const QUIET_MS = 2_000;
/** How late lines are taken to be where none has come yet, or not those that tell why: most take a few seconds. */
const UNSEEN_MS = 10_000;
/** The longest that a log is waited for once its job has ended. */
const MOST_MS = 20_000;

/**
 * Tells when a log is over. CloudWatch Logs has lines seconds after they were printed, and says of no stream that it has ended. In script
 * mode SageMaker's toolkit does: its last words on each host are waited for, and with them nothing more. Another container's log is over
 * when it has been quiet for as long as its lines took to come; what SageMaker took to upload the model counts.
 */
export class LogEnd {
  /** Host -> when it said its last words. */
  readonly #ended = new Map<string, number>();
  #hasToolkit = false;
  #arrivedAt: number | undefined;
  #hosts = 1;
  #status: string | undefined;
  #hasRun = true;
  #containerEndedAt = 0;
  #seenAt = 0;

  /** Whether a host has said its last words: the job is about to end. */
  get isNear(): boolean {
    return this.#ended.size > 0;
  }

  /** Takes what was read at a moment. */
  add(lines: LogLine[], now: number): void {
    if (lines.length > 0) this.#arrivedAt = now;
    for (const { host, message, timestamp } of lines) {
      this.#hasToolkit ||= TOOLKIT_LINE.test(message);
      if (LAST_WORDS.test(message)) this.#ended.set(host, timestamp);
    }
  }

  /** The log could not be read at that moment: it was not quiet. */
  missed(now: number): void {
    this.#arrivedAt = now;
  }

  /** Takes how the job ended, seen at a moment; undefined where that is not known. */
  jobEnded(job: JobDescription | undefined, now: number): void {
    this.#seenAt = now;
    this.#containerEndedAt = now - uploadMs(job);
    this.#hosts = hostsOf(job);
    const since = restartedAt(job);
    for (const [host, at] of this.#ended) if (at < since) this.#ended.delete(host);
    this.#status = job?.TrainingJobStatus;
    this.#hasRun = job === undefined || trainings(job).length > 0;
  }

  /**
   * What is to be expected after the job's end: more lines (`open`), none (`over`), or some that are not waited for (`late`).
   *
   * `delay`: the longest that a line took until now to be in CloudWatch Logs, in milliseconds.
   */
  state(now: number, delay: number): "open" | "over" | "late" {
    if (this.#ended.size >= this.#hosts) return "over";
    if (now - this.#seenAt >= MOST_MS) return "late";
    if (this.#hasToolkit && this.#status === "Completed") return "open";
    const isSilent = this.#arrivedAt === undefined;
    // Why a script failed comes last, and may be later than all before it; a container that was killed had no last words.
    const isUntold = this.#hasToolkit && this.#status === "Failed" && this.#ended.size === 0;
    const late = (isSilent || isUntold) && this.#hasRun ? Math.max(UNSEEN_MS, delay) : delay;
    const until = Math.max(this.#containerEndedAt + late, this.#arrivedAt ?? 0) + QUIET_MS;
    if (now < until) return "open";
    return isUntold || (isSilent && this.#status === "Completed") ? "late" : "over";
  }
}

/** When a job that was interrupted began to train again, by AWS's clock; 0 where it was not. */
function restartedAt(job: JobDescription | undefined): number {
  const lives = trainings(job);
  return lives.length > 1 ? (lives.at(-1)?.StartTime?.getTime() ?? 0) : 0;
}

/** The times in which its container ran: none where no capacity was found. */
const trainings = (job: JobDescription | undefined) =>
  (job?.SecondaryStatusTransitions ?? []).filter(({ Status }) => Status === "Training");

/** Milliseconds between the container's end and the job's, both by AWS's clock. */
function uploadMs(job: JobDescription | undefined): number {
  const training = trainings(job).at(-1)?.EndTime;
  const end = job?.SecondaryStatusTransitions?.at(-1)?.StartTime;
  return training && end ? Math.max(0, end.getTime() - training.getTime()) : 0;
}

/** The containers of a job. */
export function hostsOf(job: JobDescription | undefined): number {
  const { InstanceCount, InstanceGroups } = job?.ResourceConfig ?? {};
  return (
    InstanceCount || (InstanceGroups ?? []).reduce((sum, group) => sum + (group.InstanceCount ?? 0), 0) || 1
  );
}
