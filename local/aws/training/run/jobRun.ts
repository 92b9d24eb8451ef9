import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsClients, Credentials } from "../../clients.ts";
import type { FaultInjector } from "../../faults/faults.ts";
import type { LocalAwsOptions } from "../../options.ts";
import { instanceCount, isSpot, type JobRecord, jobKey, jobName } from "../../sagemaker/record.ts";
import { messages, moveTo } from "../../sagemaker/status.ts";
import type { JobStore } from "../../sagemaker/store.ts";
import { takeWarmPool } from "../../sagemaker/warmPool.ts";
import { algorithmError, CapacityFault, failureReason, InternalFault } from "../faultReasons.ts";
import type { InstanceMetrics } from "../observe/instanceMetrics.ts";
import { MetricScanner } from "../observe/metrics.ts";
import { hostNames, JobLayout } from "../process/layout.ts";
import { modelUri, uploadArtifacts } from "../transfer/artifacts.ts";
import { Attempt, type AttemptEnd } from "./attempt.ts";
import { Interruption } from "./interruption.ts";
import type { Slots } from "./slots.ts";
import { isStop, StopSwitch, type StopWhy } from "./stop.ts";

export interface RunContext {
  options: LocalAwsOptions;
  store: JobStore;
  faults: FaultInjector;
  /** Jobs that may run. */
  slots: Slots;
  instanceMetrics: InstanceMetrics;
  /** Processes that may start up. */
  startGate: Slots;
  workDir: string;
  endpoint: () => string;
  /** Clients with the job's role, and the role's credentials for the container. */
  session: (record: JobRecord) => Promise<{ clients: AwsClients; credentials: Credentials }>;
  now: () => number;
  log: (line: string) => void;
}

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
  /** Milliseconds on instances in attempts that are over. */
  private trainedMs = 0;
  private attemptStart: number | undefined;
  private interruptions = 0;
  private internalErrors = 0;

  constructor(context: RunContext, record: JobRecord) {
    this.context = context;
    this.record = record;
    this.layout = new JobLayout(context.workDir, jobKey(record), context.options.optMl);
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
      if (isStop(error, this.stopSwitch)) this.endStopped();
      else this.endFailed(failureReason(error), error);
    } finally {
      this.stopSwitch.clear();
      await rm(this.layout.dir, { recursive: true, force: true }).catch(() => undefined);
      release?.();
    }
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
    if (pool) store.save(pool);
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
      await this.upload(clients, attempt);
      this.conclude(end);
      return;
    }
  }

  /** One attempt; `retry` when the machines were taken away and the job goes on with others. */
  private async tryOnce(clients: AwsClients, credentials: Credentials) {
    const { options, faults, now } = this.context;
    const fault = faults.forJob(jobName(this.record));
    this.attemptStart = now();
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
      startGate: this.context.startGate,
      instanceMetrics: this.context.instanceMetrics,
      graceSeconds: () => this.graceSeconds(),
      now,
      log: this.context.log,
      onStarted: () => {
        this.advance("Training", messages.training);
        interruption.onStarted();
      },
      onLine: (line) => {
        this.metrics.scan(line, now());
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
    this.record.processes = [];
    this.record.metrics = this.metrics.final;
    await attempt.saveCheckpoints();
    this.endAttempt();
    if (!interruption.signal.aborted || this.stopSwitch.signal.aborted) return { end, attempt, retry: false };
    this.interruptions += 1;
    this.advance("Interrupted", messages.interrupted);
    await this.pause(options.phaseSeconds);
    this.advance("Starting", messages.preparing);
    return { end, attempt, retry: true };
  }

  private internalError(attempt: Attempt) {
    this.internalErrors += 1;
    this.endAttempt();
    const attempts = this.record.request.RetryStrategy?.MaximumRetryAttempts ?? 0;
    if (this.internalErrors > attempts) throw new InternalFault();
    this.advance("Restarting", messages.restarting);
    return { end: { code: 1, failure: "" }, attempt, retry: true };
  }

  private async upload(clients: AwsClients, attempt: Attempt): Promise<void> {
    this.attemptStart = this.context.now();
    if (this.record.status !== "Stopping" && !this.stopSwitch.signal.aborted) {
      this.move("Uploading", messages.uploading);
    } else {
      this.move("Stopping", messages.stopping);
    }
    const { request } = this.record;
    await uploadArtifacts({
      s3: clients.s3,
      request,
      bases: this.hosts.map((host) => attempt.base(host)),
      temporary: this.layout.temporary,
    });
    this.record.modelArtifacts = modelUri(request);
    this.endAttempt();
  }

  private conclude(end: AttemptEnd): void {
    if (this.stopSwitch.signal.aborted) this.endStopped();
    else if (end.code !== 0) this.endFailed(algorithmError(end.failure, end.code));
    else {
      this.closeAccounts();
      this.move("Completed", messages.completed);
    }
  }

  private endStopped(): void {
    this.closeAccounts();
    if (this.record.status !== "Stopping") this.move("Stopping", messages.stopping);
    const { why } = this.stopSwitch;
    if (why === "maxRuntime") this.move("MaxRuntimeExceeded", messages.maxRuntime);
    else if (why === "maxWait") this.move("MaxWaitTimeExceeded", messages.maxWait);
    else this.move("Stopped", messages.stopped);
  }

  private endFailed(reason: string, error?: unknown): void {
    if (reason.startsWith("InternalServerError") && error instanceof Error) {
      this.context.log(`${jobName(this.record)}: ${error.stack ?? error.message}`);
    }
    this.closeAccounts();
    this.record.failureReason = reason;
    this.move("Failed", messages.failed);
  }

  /** Times, billing and the warm pool, once the job is over. */
  private closeAccounts(): void {
    this.endAttempt();
    const now = this.context.now();
    this.record.processes = [];
    if (this.record.trainingStartTime !== undefined) {
      this.record.trainingEndTime = now;
      this.record.trainingSeconds = Math.max(1, Math.round(this.trainedMs / 1000));
      const ratio = isSpot(this.record) ? this.context.options.spotPriceRatio : 1;
      this.record.billableSeconds = Math.ceil(this.record.trainingSeconds * ratio);
    }
    const pool = this.record.warmPool;
    if (pool && this.record.trainingStartTime !== undefined) pool.availableSince = now;
  }

  private endAttempt(): void {
    if (this.attemptStart !== undefined) this.trainedMs += this.context.now() - this.attemptStart;
    this.attemptStart = undefined;
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
    this.save();
  }

  private save(): void {
    this.context.store.save(this.record);
  }

  private async pause(seconds: number): Promise<void> {
    const ms = Math.min(seconds * 1000, 2_000_000_000);
    if (ms > 0) await sleep(ms, undefined, { signal: this.stopSwitch.signal });
  }
}
