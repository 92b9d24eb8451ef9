import { type AwsApi, isTerminal, type JobDescription } from "../aws/api";
import { areCredentialsExpired, isTransient } from "../aws/retries";
import type { Clock } from "../engine/clock";

/** What the watcher knows of a job between two descriptions. */
export interface JobSnapshot {
  status: string;
  secondaryStatus: string;
  /** Present when the job was described and not only listed. */
  description?: JobDescription;
}

export interface WatchOptions {
  signal: AbortSignal;
  /** When SageMaker created the job, by its own clock: this machine's may be minutes off. Default: now, by this machine's. */
  createdAt?: Date;
  /** Called on every change of status or secondary status. */
  onChange?: (job: JobSnapshot) => void;
  /** Called when AWS could not be asked: the watch goes on. */
  onTrouble?: (message: string) => void;
}

interface Watched extends Omit<WatchOptions, "createdAt"> {
  name: string;
  createdAt: number;
  seen: string;
  /** Whether its end has been announced. */
  isEnding: boolean;
  describedAt: number;
  resolve: (job: JobDescription) => void;
  reject: (error: Error) => void;
}

/** The job is no longer known to SageMaker. */
export class JobGoneError extends Error {}

const mayPass = (error: Error): boolean => isTransient(error) || areCredentialsExpired(error);

/** Up to this many jobs are described one by one; more are followed by one shared list. */
const DIRECT = 2;
const FAST_MS = 1_000;
/** Where a job is about to end. */
const SOON_MS = 500;
/** A list and one description every 4 s at the fastest: 30 calls a minute, however many jobs there are. */
const SHARED_MS = 4_000;
/** The longest pause, so that an end is seen within 10 s, jitter included. */
const SLOW_MS = 7_000;
const OVERLAP_MS = 60_000;

/**
 * Follows every job of the process with one poll. Calls scale with time and not with jobs: ListTrainingJobs since the last
 * change tells which jobs changed, a job is described when it ends, and one unchanged job is described each round, in turn,
 * in case a list missed its change. There is no cap on how long: a job ends by its own stopping condition.
 */
export class Watcher {
  readonly #api: AwsApi;
  readonly #clock: Clock;
  readonly #watched = new Set<Watched>();
  /** Ends the pause between two polls. */
  #pause = new AbortController();
  #interval = FAST_MS;
  #changedSince = 0;
  #running = false;

  constructor(api: AwsApi, clock: Clock) {
    this.#api = api;
    this.#clock = clock;
  }

  /** Resolves with the job's description once it is Completed, Failed or Stopped. */
  watch(name: string, options: WatchOptions): Promise<JobDescription> {
    return new Promise((resolve, reject) => {
      if (options.signal.aborted) return reject(options.signal.reason);
      const createdAt = options.createdAt?.getTime() ?? this.#clock.now();
      const job: Watched = {
        ...options,
        name,
        createdAt,
        seen: "",
        isEnding: false,
        describedAt: 0,
        resolve,
        reject,
      };
      options.signal.addEventListener("abort", () => this.#settle(job, () => reject(options.signal.reason)));
      this.#watched.add(job);
      this.#interval = this.#shortest();
      if (!this.#running) void this.#loop();
    });
  }

  /** The job is about to end, as its log tells: it is looked at now and often, where there are few. */
  expectEnd(name: string): void {
    const job = [...this.#watched].find((each) => each.name === name && !each.isEnding);
    if (!job) return;
    job.isEnding = true;
    if (this.#watched.size > DIRECT) return;
    this.#interval = this.#shortest();
    this.#pause.abort();
  }

  #shortest(): number {
    if (this.#watched.size > DIRECT) return SHARED_MS;
    return [...this.#watched].some(({ isEnding }) => isEnding) ? SOON_MS : FAST_MS;
  }

  async #loop(): Promise<void> {
    this.#running = true;
    while (this.#watched.size > 0) {
      try {
        await this.#poll();
      } catch (error) {
        this.#trouble(error as Error);
      }
      if (this.#watched.size === 0) break;
      const jitter = 0.85 + 0.3 * Math.random();
      this.#pause = new AbortController();
      await this.#clock.sleep(this.#interval * jitter, this.#pause.signal).catch(() => {});
      this.#interval = Math.min(SLOW_MS, Math.max(this.#shortest(), this.#interval * 1.25));
    }
    this.#running = false;
  }

  async #poll(): Promise<void> {
    if (this.#watched.size <= DIRECT) {
      await Promise.all([...this.#watched].map((job) => this.#describe(job)));
      return;
    }
    const ended = await this.#list();
    const [stalest] = [...this.#watched]
      .filter((job) => !ended.includes(job))
      .sort((a, b) => a.describedAt - b.describedAt);
    await Promise.all([...ended, ...(stalest ? [stalest] : [])].map((job) => this.#describe(job)));
  }

  /** Lists what changed since the last poll, in the service's own time, and returns the jobs that ended. */
  async #list(): Promise<Watched[]> {
    const oldest = Math.min(...[...this.#watched].map((job) => job.createdAt));
    const since = Math.max(oldest - 10 * OVERLAP_MS, this.#changedSince - OVERLAP_MS);
    const ended: Watched[] = [];
    let latest = this.#changedSince;
    let NextToken: string | undefined;
    do {
      const page = await this.#api.list({
        LastModifiedTimeAfter: new Date(since),
        MaxResults: 100,
        NextToken,
      });
      for (const summary of page.TrainingJobSummaries ?? []) {
        latest = Math.max(latest, summary.LastModifiedTime?.getTime() ?? 0);
        for (const job of [...this.#watched].filter(({ name }) => name === summary.TrainingJobName)) {
          if (isTerminal(summary.TrainingJobStatus)) ended.push(job);
          else this.#report(job, summary.TrainingJobStatus, summary.SecondaryStatus);
        }
      }
      NextToken = page.NextToken;
    } while (NextToken);
    this.#changedSince = latest;
    return ended;
  }

  async #describe(job: Watched): Promise<void> {
    const description = await this.#api.describe(job.name).catch((error: Error) => {
      if (mayPass(error)) throw error;
      this.#settle(job, () => job.reject(error)); // what is refused for one job need not be for another
      return undefined;
    });
    if (!this.#watched.has(job)) return;
    job.describedAt = this.#clock.now();
    if (!description) {
      const gone = new JobGoneError(
        `Training job ${job.name} no longer exists: it was deleted while it was followed.`,
      );
      this.#settle(job, () => job.reject(gone));
      return;
    }
    this.#report(job, description.TrainingJobStatus, description.SecondaryStatus, description);
    if (isTerminal(description.TrainingJobStatus)) this.#settle(job, () => job.resolve(description));
  }

  #report(job: Watched, status = "", secondaryStatus = "", description?: JobDescription): void {
    const seen = `${status}/${secondaryStatus}`;
    if (seen === job.seen) return;
    job.seen = seen;
    this.#interval = this.#shortest();
    job.onChange?.({ status, secondaryStatus, description });
  }

  #settle(job: Watched, settle: () => void): void {
    this.#watched.delete(job);
    settle();
  }

  /** Waits out what may pass; anything else ends every watch, with the jobs still running on AWS. */
  #trouble(error: Error): void {
    for (const job of [...this.#watched]) {
      if (isTransient(error)) job.onTrouble?.(`AWS cannot be reached (${error.name}): trying again`);
      else if (areCredentialsExpired(error))
        job.onTrouble?.("AWS credentials expired: log in again to go on");
      else this.#settle(job, () => job.reject(error));
    }
    this.#interval = SLOW_MS;
  }
}
