import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwsClients, Credentials } from "../../clients.ts";
import { type JobRecord, jobName } from "../../sagemaker/record.ts";
import type { InstanceMetrics } from "../observe/instanceMetrics.ts";
import { LogStream, logGroup } from "../observe/logStream.ts";
import { type MetricScanner, publishMetrics } from "../observe/metrics.ts";
import { writeBase } from "../process/configFiles.ts";
import { Container, type ContainerExit } from "../process/container.ts";
import { containerEnvironment } from "../process/environment.ts";
import { freePort } from "../process/freePort.ts";
import { type JobLayout, localize } from "../process/layout.ts";
import { optMlPrefix } from "../process/optMl.ts";
import { makeOverlay } from "../process/overlay.ts";
import { downloadChannels } from "../transfer/channels.ts";
import { CheckpointSync } from "../transfer/checkpoints.ts";
import { unpackSource } from "../transfer/sourceCode.ts";
import type { Slots } from "./slots.ts";

/** A process that has printed nothing for this long no longer counts as starting up. */
const startUpSeconds = 5;

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
  /** Bounds how many processes start up at the same time. */
  startGate: Slots;
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

  constructor(options: AttemptOptions) {
    this.options = options;
    const config = options.record.request.CheckpointConfig;
    if (config?.S3Uri !== undefined) {
      const local = config.LocalPath ?? "/opt/ml/checkpoints";
      const directories = options.hosts.map((host) => localize(local, this.base(host)));
      this.checkpoints = new CheckpointSync({ s3: options.clients.s3, uri: config.S3Uri, directories });
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
    await this.checkpoints?.restore();
    for (const host of hosts)
      await unpackSource(clients.s3, record.request, this.base(host), layout.temporary);
  }

  /**
   * Runs the processes to their end. `stop` asks them to end, with SIGTERM and the grace period; `kill` takes
   * the machines away at once, as an interruption does.
   */
  async run(stop: AbortSignal, kill: AbortSignal): Promise<AttemptEnd> {
    try {
      await this.start(stop);
    } catch (error) {
      this.signal("SIGKILL");
      throw error;
    }
    const onStop = () => this.signal("SIGTERM");
    const onKill = () => this.signal("SIGKILL");
    stop.addEventListener("abort", onStop);
    kill.addEventListener("abort", onKill);
    const background = new AbortController();
    const sync = this.syncInBackground(background.signal);
    const grace = this.killAfterGrace(stop, background.signal);
    try {
      if (stop.aborted) onStop();
      if (kill.aborted) onKill();
      return await this.waitForHosts();
    } finally {
      background.abort();
      stop.removeEventListener("abort", onStop);
      kill.removeEventListener("abort", onKill);
      await Promise.all([sync, grace]);
      await Promise.all(this.streams.map((stream) => stream.end()));
      await this.attemptTo("publish metrics", () => this.publish());
    }
  }

  /** Uploads the last checkpoints, once the processes have ended. Throws when S3 refuses them. */
  async saveCheckpoints(): Promise<void> {
    await this.checkpoints?.push();
  }

  private async start(stop: AbortSignal): Promise<void> {
    const { record, hosts, layout, trainingPython } = this.options;
    const python = makeOverlay(layout.environment, trainingPython);
    const masterPort = await freePort();
    for (const host of hosts) {
      const started = await this.options.startGate.take(stop);
      const env = containerEnvironment(
        {
          ...this.options,
          host,
          base: layout.seenBase(host),
          home: layout.home,
          temporary: layout.temporary,
          python,
          masterPort,
        },
        process.env,
      );
      this.containers.push(this.startContainer({ python, host, env, started }));
    }
    record.processes = this.containers.flatMap((container) => container.process ?? []);
    this.options.onStarted();
  }

  private startContainer(how: {
    python: string;
    host: string;
    env: Record<string, string>;
    started: () => void;
  }): Container {
    const { layout } = this.options;
    const stream = this.openLog(how.host);
    this.streams.push(stream);
    const container = new Container({
      python: how.python,
      base: this.base(how.host),
      prefix: layout.optMl ? optMlPrefix(this.base(how.host), process.getuid?.() === 0) : [],
      env: how.env,
      command: this.command(how.host),
      onLine: (line) => {
        how.started();
        stream.push(line);
        this.options.onLine(line);
      },
    });
    setTimeout(how.started, startUpSeconds * 1000).unref();
    const unwatch = this.watch(how.host, container);
    void container.exited.then(() => {
      how.started();
      unwatch();
    });
    return container;
  }

  private watch(host: string, container: Container): () => void {
    const pid = container.process?.pid;
    if (pid === undefined) return () => undefined;
    const { record, clients, instanceMetrics } = this.options;
    return instanceMetrics.watch(`${jobName(record)}/${host}`, pid, clients.cloudwatch);
  }

  private command(host: string): string[] {
    const { layout, record } = this.options;
    const spec = record.request.AlgorithmSpecification;
    const parts = [...(spec?.ContainerEntrypoint ?? []), ...(spec?.ContainerArguments ?? [])];
    return spec?.ContainerEntrypoint ? parts.map((part) => localize(part, layout.seenBase(host))) : [];
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
        this.signal("SIGTERM");
        setTimeout(() => this.signal("SIGKILL"), 5_000).unref();
      }),
    );
    if (!failed) return { code: 0, failure: "" };
    return { code: failed.exit.code, failure: readFailure(this.base(this.options.hosts[failed.index])) };
  }

  private signal(name: NodeJS.Signals): void {
    for (const container of this.containers) container.signal(name);
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
      this.signal("SIGKILL");
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
    const values = metrics.take();
    if (values.length > 0) await publishMetrics(clients.cloudwatch, jobName(record), values);
  }

  private async attemptTo(what: string, work: () => Promise<void> | undefined): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.options.log(`${jobName(this.options.record)}: could not ${what}: ${(error as Error).message}`);
    }
  }
}

function readFailure(base: string): string {
  try {
    return readFileSync(path.join(base, "output/failure"), "utf8");
  } catch {
    return "";
  }
}
