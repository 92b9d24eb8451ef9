import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsClients, Credentials } from "../../clients.ts";
import { type JobRecord, jobName } from "../../sagemaker/record.ts";
import { readFailure } from "../observe/failureFile.ts";
import type { InstanceMetrics } from "../observe/instanceMetrics.ts";
import { LogStream, logGroup } from "../observe/logStream.ts";
import { type MetricScanner, publishMetrics } from "../observe/metrics.ts";
import { containerCommand } from "../process/command.ts";
import { writeBase } from "../process/configFiles.ts";
import { Container, type ContainerExit } from "../process/container.ts";
import { containerEnvironment, overridden } from "../process/environment.ts";
import { freePort } from "../process/freePort.ts";
import { checkpointPath, type JobLayout, localize } from "../process/layout.ts";
import { optMlPrefix } from "../process/optMl.ts";
import { makeOverlay } from "../process/overlay.ts";
import { downloadChannels } from "../transfer/channels.ts";
import { CheckpointSync } from "../transfer/checkpoints.ts";
import { unpackSource } from "../transfer/sourceCode.ts";
import { threadsEach } from "./threads.ts";

export interface AttemptOptions {
  record: JobRecord;
  hosts: string[];
  layout: JobLayout;
  clients: AwsClients;
  credentials: Credentials;
  metrics: MetricScanner;
  trainingPython: string;
  endpoint: string;
  stateDir: string;
  logDelaySeconds: number;
  /** Seconds from SIGTERM to SIGKILL, asked when it comes to that. */
  graceSeconds: () => number;
  checkpointSyncSeconds: number;
  now: () => number;
  log: (line: string) => void;
  instanceMetrics: InstanceMetrics;
  /** How many hosts of other jobs run now. */
  otherHosts: () => number;
  /** Called when the processes run and the record names them. */
  onStarted: () => void;
  /** Called with each line that a host prints. */
  onLine: (line: string) => void;
}

export interface AttemptEnd {
  /** Exit code of the first host that failed, 0 when all succeeded. */
  code: number;
  /** What that host wrote to output/failure. */
  failure: string;
}

/** One start of a job's hosts, from empty directories to the end of their processes. */
export class Attempt {
  private readonly options: AttemptOptions;
  private readonly checkpoints: CheckpointSync | undefined;
  private containers: Container[] = [];
  private streams: LogStream[] = [];
  /** What goes on beside the processes, and ends after them. */
  private background: Promise<unknown> = Promise.resolve();

  constructor(options: AttemptOptions) {
    this.options = options;
    const config = options.record.request.CheckpointConfig;
    if (config?.S3Uri !== undefined) {
      const directories = options.hosts.map((host) =>
        localize(checkpointPath(options.record.request), this.base(host)),
      );
      this.checkpoints = new CheckpointSync({
        s3: options.clients.s3,
        uri: config.S3Uri,
        directories,
        bases: options.hosts.map((host) => this.base(host)),
        note: (line) => this.note(line),
      });
    }
  }

  base(host: string): string {
    return this.options.layout.base(host);
  }

  /** Makes the directories and brings in data, code and checkpoints. */
  async prepare(signal: AbortSignal): Promise<void> {
    const { record, hosts, layout, clients } = this.options;
    for (const dir of [layout.home, layout.temporary]) mkdirSync(dir, { recursive: true, mode: 0o700 });
    for (const host of hosts) writeBase(this.base(host), layout.seenBase(host), host, hosts, record.request);
    await downloadChannels({
      s3: clients.s3,
      request: record.request,
      hosts,
      base: (host) => this.base(host),
      signal,
    });
    await this.checkpoints?.restore(signal);
    for (const host of hosts) {
      signal.throwIfAborted();
      await unpackSource(clients.s3, record.request, {
        base: this.base(host),
        temporary: layout.temporary,
        signal,
      });
    }
  }

  /**
   * Runs the processes to their end. `stop` asks them to end, with SIGTERM and the grace period; `kill` takes
   * the machines away at once, as an interruption does.
   */
  async run(stop: AbortSignal, kill: AbortSignal): Promise<AttemptEnd> {
    const onStop = () => this.terminate();
    const onKill = () => this.kill();
    const ended = new AbortController();
    try {
      await this.start();
      stop.addEventListener("abort", onStop);
      kill.addEventListener("abort", onKill);
      this.background = Promise.all([
        this.syncInBackground(ended.signal),
        this.killAfterGrace(stop, ended.signal),
      ]);
      if (stop.aborted) onStop();
      if (kill.aborted) onKill();
      return await this.waitForHosts();
    } catch (error) {
      this.kill();
      await Promise.all(this.containers.map((container) => container.exited));
      throw error;
    } finally {
      ended.abort();
      stop.removeEventListener("abort", onStop);
      kill.removeEventListener("abort", onKill);
    }
  }

  /** Delivers what the processes printed and measured, once they have ended. */
  async settle(): Promise<void> {
    await this.background;
    await this.closeLog();
    await this.attemptTo("publish metrics", () => this.publish());
  }

  /** Adds a line of this service to the job's log; {@link closeLog} delivers it. */
  note(line: string): void {
    this.streams[0]?.push(`[local SageMaker] ${line}`);
  }

  async closeLog(): Promise<void> {
    await Promise.all(this.streams.map((stream) => stream.end()));
  }

  /** Uploads the last checkpoints, once the processes have ended. Throws when S3 refuses them. */
  async saveCheckpoints(): Promise<void> {
    await this.checkpoints?.push();
  }

  private async start(): Promise<void> {
    const { record, hosts, layout, trainingPython } = this.options;
    const python = makeOverlay(layout.environment, trainingPython);
    const masterPort = await freePort();
    const threads = threadsEach(availableParallelism(), this.options.otherHosts() + hosts.length);
    for (const host of hosts) {
      const base = layout.seenBase(host);
      const own = { host, base, home: layout.home, temporary: layout.temporary, python, masterPort, threads };
      const env = containerEnvironment({ ...this.options, ...own }, process.env);
      this.containers.push(this.startContainer({ python, host, env }));
      if (host === hosts[0]) this.sayOverridden(env, base);
    }
    record.processes = this.containers.flatMap((container) => container.process ?? []);
    this.options.onStarted();
  }

  private sayOverridden(env: Record<string, string>, base: string): void {
    const names = overridden(this.options.record.request, base, env);
    if (names.length > 0)
      this.note(`Environment: set by the service, not as the request says: ${names.join(", ")}`);
  }

  private startContainer(how: { python: string; host: string; env: Record<string, string> }): Container {
    const { layout } = this.options;
    const stream = this.openLog(how.host);
    this.streams.push(stream);
    const container = new Container({
      python: how.python,
      base: this.base(how.host),
      prefix: layout.optMl ? optMlPrefix(this.base(how.host), process.getuid?.() === 0) : [],
      env: how.env,
      command: containerCommand(this.options.record.request, layout.seenBase(how.host)),
      onLine: (line) => {
        stream.push(line);
        this.options.onLine(line);
      },
    });
    void container.exited.then(this.watch(how.host, container));
    return container;
  }

  private watch(host: string, container: Container): () => void {
    const pid = container.process?.pid;
    if (pid === undefined) return () => undefined;
    const { record, clients, instanceMetrics } = this.options;
    return instanceMetrics.watch(`${jobName(record)}/${host}`, pid, clients.cloudwatch);
  }

  private openLog(host: string): LogStream {
    const { record, clients, logDelaySeconds, now, log } = this.options;
    const stream = `${jobName(record)}/${host}-${now()}`;
    return new LogStream({
      write: (events, time) => clients.logs.write(logGroup, stream, events, time),
      delayMs: logDelaySeconds * 1000,
      now,
      onError: (error) => log(`${jobName(record)}: log of ${host}: ${error.message}`),
    });
  }

  /** All hosts end with the first that fails, as SageMaker ends the cluster. */
  private async waitForHosts(): Promise<AttemptEnd> {
    let failed: { index: number; exit: ContainerExit } | undefined;
    await Promise.all(
      this.containers.map(async (container, index) => {
        const exit = await container.exited;
        if (exit.code === 0 || failed) return;
        failed = { index, exit };
        this.terminate();
        setTimeout(() => this.kill(), 5_000).unref();
      }),
    );
    if (!failed) return { code: 0, failure: "" };
    return {
      code: failed.exit.code,
      failure: await readFailure(this.base(this.options.hosts[failed.index])),
    };
  }

  private terminate(): void {
    for (const container of this.containers) container.terminate();
  }

  private kill(): void {
    for (const container of this.containers) container.kill();
  }

  private async killAfterGrace(stop: AbortSignal, ended: AbortSignal): Promise<void> {
    try {
      if (!stop.aborted) {
        await new Promise<void>((resolve, reject) => {
          stop.addEventListener("abort", () => resolve(), { once: true, signal: ended });
          ended.addEventListener("abort", () => reject(ended.reason), { once: true });
        });
      }
      await sleep(this.options.graceSeconds() * 1000, undefined, { signal: ended });
      this.kill();
    } catch {
      // The processes ended before the grace period did.
    }
  }

  private async syncInBackground(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      try {
        await sleep(this.options.checkpointSyncSeconds * 1000, undefined, { signal: ended });
      } catch {
        return;
      }
      await this.attemptTo("upload checkpoints", () => this.checkpoints?.push());
      await this.attemptTo("publish metrics", () => this.publish());
    }
  }

  private async publish(): Promise<void> {
    const { clients, record, metrics } = this.options;
    record.metrics = metrics.final;
    await publishMetrics(clients.cloudwatch, jobName(record), metrics);
  }

  private async attemptTo(what: string, work: () => Promise<void> | undefined): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.options.log(`${jobName(this.options.record)}: could not ${what}: ${(error as Error).message}`);
    }
  }
}
