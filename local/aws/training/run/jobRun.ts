import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsClients, Credentials } from "../../clients.ts";
import { instanceCount, isSpot, type JobRecord, jobKey, jobName } from "../../sagemaker/record.ts";
import { messages, moveTo } from "../../sagemaker/status.ts";
import { takeWarmPool } from "../../sagemaker/warmPool.ts";
import {
  algorithmError,
  CapacityFault,
  ClientFault,
  failureReason,
  InternalFault,
  keptNote,
} from "../faultReasons.ts";
import { MetricScanner } from "../observe/metrics.ts";
import { hostNames, JobLayout } from "../process/layout.ts";
import { modelUri, uploadArtifacts } from "../transfer/artifacts.ts";
import { Attempt, type AttemptEnd } from "./attempt.ts";
import { Interruption } from "./interruption.ts";
import { keepResults } from "./keepResults.ts";
import type { RunContext } from "./runContext.ts";
import { isStop, StopSwitch, type StopWhy } from "./stop.ts";
import { runningHosts } from "./threads.ts";
import { TrainingTime } from "./trainingTime.ts";

/** On a stop of the whole local AWS scripts get this many seconds at most. */
const shutdownGraceSeconds = 5;

/** The life of one job, from Starting to its end. */
export class JobRun {
  private readonly context: RunContext;
  private readonly record: JobRecord;
  private readonly stopSwitch = new StopSwitch();
  private readonly layout: JobLayout;
  private readonly hosts: string[];
  private readonly metrics: MetricScanner;
  private readonly time: TrainingTime;
  private interruptions = 0;
  /** Whether the job's directory may hold the only copy of what its processes wrote. */
  private unsaved = false;
  private end: AttemptEnd | undefined;
  private internalErrors = 0;

  constructor(context: RunContext, record: JobRecord) {
    this.context = context;
    this.record = record;
    this.layout = new JobLayout(context.workDir, jobKey(record), context.options.optMl);
    this.time = new TrainingTime(context.now);
    this.hosts = hostNames(instanceCount(record.request));
    this.metrics = new MetricScanner(record.request.AlgorithmSpecification?.MetricDefinitions ?? []);
  }

  /** Ends the job; for `user` the record says Stopping already. */
  stop(why: StopWhy): void {
    this.stopSwitch.stop(why);
  }

  /** Never rejects: whatever happens ends up in the record. */
  async run(): Promise<void> {
    let release: (() => void) | undefined;
    try {
      release = await this.waitForSlot();
      await this.waitForInstances();
      await this.train();
    } catch (error) {
      const note = keptNote(this.keepUnsaved());
      await this.removeFiles();
      if (isStop(error, this.stopSwitch) && note === "") this.endStopped();
      else this.endFailed(error, note);
    } finally {
      this.stopSwitch.clear();
      release?.();
    }
  }

  /** The folder with what the job wrote, when nobody has it elsewhere. */
  private keepUnsaved(): string | undefined {
    if (!this.unsaved) return undefined;
    const { workDir, keptDir, log } = this.context;
    try {
      const kept = keepResults(this.record, workDir, keptDir);
      this.unsaved = false;
      return kept;
    } catch (error) {
      log(`could not move ${this.layout.dir}: ${(error as Error).message}`);
      return this.layout.dir;
    }
  }

  private async removeFiles(): Promise<void> {
    if (!this.unsaved) await rm(this.layout.dir, { recursive: true, force: true }).catch(() => undefined);
  }

  private async waitForSlot(): Promise<() => void> {
    const { slots } = this.context;
    if (slots.full) this.advance("Pending", messages.waiting);
    return slots.take(this.stopSwitch.signal);
  }

  private async waitForInstances(): Promise<void> {
    const { faults, options, store, now } = this.context;
    const name = jobName(this.record);
    if (isSpot(this.record)) {
      const wait = this.record.request.StoppingCondition?.MaxWaitTimeInSeconds ?? 0;
      this.stopSwitch.stopAfter(wait, "maxWait");
    }
    this.advance("Starting", messages.launching);
    const missing = isSpot(this.record) ? (faults.forJob(name)?.noSpotCapacity ?? false) : false;
    if (missing === true) await this.pause(Number.POSITIVE_INFINITY);
    else if (missing !== false) await this.pause(missing);
    if (faults.takeCapacityError(name, isSpot(this.record) ? "spot" : "on-demand")) throw new CapacityFault();
    const pool = takeWarmPool(this.record, store.all(this.record.region), now());
    if (pool) store.saveSoon(pool);
    else this.advance("Starting", messages.preparing);
    await this.pause(options.phaseSeconds);
  }

  private async train(): Promise<void> {
    this.record.trainingStartTime = this.context.now();
    const maxRuntime = this.record.request.StoppingCondition?.MaxRuntimeInSeconds ?? 86_400;
    this.stopSwitch.stopAfter(maxRuntime, "maxRuntime");
    const { clients, credentials } = await this.context.session(this.record);
    for (;;) {
      const { end, attempt, retry } = await this.tryOnce(clients, credentials);
      if (retry) continue;
      this.end = end;
      await this.save(clients, attempt);
      await this.removeFiles();
      return this.conclude(end);
    }
  }

  /** One attempt; `retry` when the machines were taken away and the job goes on with others. */
  private async tryOnce(clients: AwsClients, credentials: Credentials) {
    const { options, faults, now } = this.context;
    const fault = faults.forJob(jobName(this.record));
    this.time.start();
    await rm(this.layout.dir, { recursive: true, force: true });
    const interruption = new Interruption(isSpot(this.record) ? fault : undefined, this.interruptions);
    const attempt = new Attempt({
      ...options,
      record: this.record,
      hosts: this.hosts,
      layout: this.layout,
      clients,
      credentials,
      metrics: this.metrics,
      endpoint: this.context.endpoint(),
      logDelaySeconds: fault?.logDelaySeconds ?? 0,
      instanceMetrics: this.context.instanceMetrics,
      otherHosts: () => runningHosts(this.context.store.all()),
      graceSeconds: () => this.graceSeconds(),
      now,
      log: this.context.log,
      onStarted: () => {
        this.advance("Training", messages.training); // a job that is stopped now has written nothing yet
        this.unsaved = true;
        interruption.onStarted();
      },
      onLine: (line) => {
        for (const note of this.metrics.scan(line, now())) attempt.note(note);
        interruption.onLine(line);
      },
    });
    this.advance("Downloading", messages.downloading);
    await attempt.prepare(this.stopSwitch.signal);
    this.advance("Downloading", messages.downloadingImage);
    if ((fault?.internalErrors ?? 0) > this.internalErrors) return this.internalError(attempt);
    const end = await attempt
      .run(this.stopSwitch.signal, interruption.signal)
      .finally(() => interruption.end());
    const retry = interruption.signal.aborted && !this.stopSwitch.signal.aborted;
    if (!retry) this.stopSwitch.close();
    await attempt.settle();
    this.record.processes = [];
    this.record.metrics = this.metrics.final;
    if (!retry) return { end, attempt, retry };
    await attempt.saveCheckpoints();
    this.unsaved = false; // the rest went with the machines
    this.time.end();
    this.interruptions += 1;
    this.advance("Interrupted", messages.interrupted);
    await this.pause(options.phaseSeconds);
    this.advance("Starting", messages.preparing);
    return { end, attempt, retry: true };
  }

  private internalError(attempt: Attempt) {
    this.internalErrors += 1;
    this.time.end();
    const attempts = this.record.request.RetryStrategy?.MaximumRetryAttempts ?? 0;
    if (this.internalErrors > attempts) throw new InternalFault();
    this.advance("Restarting", messages.restarting);
    return { end: { code: 1, failure: "" }, attempt, retry: true };
  }

  /** Brings what the job wrote to S3: a part that does not get there does not keep the others from it. */
  private async save(clients: AwsClients, attempt: Attempt): Promise<void> {
    if (this.isStopping()) this.move("Stopping", messages.stopping);
    else this.move("Uploading", messages.uploading);
    const results = await Promise.allSettled([attempt.saveCheckpoints(), this.upload(clients, attempt)]);
    await attempt.closeLog();
    for (const result of results) if (result.status === "rejected") throw result.reason;
    this.unsaved = false;
    this.time.end();
  }

  private async upload(clients: AwsClients, attempt: Attempt): Promise<void> {
    const leftOut = await uploadArtifacts({
      s3: clients.s3,
      request: this.record.request,
      bases: this.hosts.map((host) => attempt.base(host)),
      temporary: this.layout.temporary,
      python: this.context.options.trainingPython,
    });
    for (const line of leftOut) attempt.note(`not uploaded: ${line}`);
    this.record.modelArtifacts = modelUri(this.record.request);
  }

  /** The stop came before the processes had ended, or was asked for since. */
  private isStopping(): boolean {
    return this.stopSwitch.signal.aborted || this.record.status === "Stopping";
  }

  private conclude(end: AttemptEnd): void {
    if (this.isStopping()) this.endStopped();
    else if (end.code !== 0) this.endFailed(undefined, "");
    else {
      this.time.close(this.record, this.context.options.spotPriceRatio);
      this.move("Completed", messages.completed);
    }
  }

  private endStopped(): void {
    this.time.close(this.record, this.context.options.spotPriceRatio);
    if (this.record.status !== "Stopping") this.move("Stopping", messages.stopping);
    const { why } = this.stopSwitch;
    if (why === "maxRuntime") this.move("MaxRuntimeExceeded", messages.maxRuntime);
    else if (why === "maxWait") this.move("MaxWaitTimeExceeded", messages.maxWait);
    else this.move("Stopped", messages.stopped);
  }

  /** A script that failed is the reason, whatever went wrong with its files afterwards. */
  private endFailed(error: unknown, note: string): void {
    const { end } = this;
    const reason =
      end !== undefined && end.code !== 0 && !this.isStopping()
        ? algorithmError(end.failure, end.code, note)
        : failureReason(error, note);
    if (error instanceof Error && !(error instanceof ClientFault || error instanceof CapacityFault)) {
      this.context.log(`${jobName(this.record)}: ${error.stack ?? error.message}`);
    }
    this.time.close(this.record, this.context.options.spotPriceRatio);
    this.record.failureReason = reason;
    this.move("Failed", messages.failed);
  }

  private graceSeconds(): number {
    const { stopGraceSeconds } = this.context.options;
    return this.stopSwitch.why === "shutdown"
      ? Math.min(stopGraceSeconds, shutdownGraceSeconds)
      : stopGraceSeconds;
  }

  /** Moves on, unless the job has been stopped meanwhile. */
  private advance(status: Parameters<typeof moveTo>[1], message: string): void {
    this.stopSwitch.signal.throwIfAborted();
    this.move(status, message);
  }

  private move(status: Parameters<typeof moveTo>[1], message: string): void {
    moveTo(this.record, status, message, this.context.now());
    this.context.store.saveSoon(this.record);
  }

  private async pause(seconds: number): Promise<void> {
    const ms = Math.min(seconds * 1000, 2_000_000_000);
    if (ms > 0) await sleep(ms, undefined, { signal: this.stopSwitch.signal });
  }
}
