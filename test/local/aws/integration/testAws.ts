import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  paginateDescribeLogStreams,
  paginateGetLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateTrainingJobCommand,
  type CreateTrainingJobCommandInput,
  DescribeTrainingJobCommand,
  type DescribeTrainingJobCommandOutput,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { create, list } from "tar";
import { callControl } from "../../../../local/aws/control.ts";
import { type RunningAws, readRunning } from "../../../../local/aws/stateFiles.ts";
import { ensureMinistackPython, ensureTrainingPython } from "../../../../local/python/python.ts";

export const bucket = "training-test";
export const roleArn = "arn:aws:iam::000000000000:role/training";
export const image = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-cpu-py311";

const trust = (service: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }],
  });

/** A real local AWS of a test's own: temporary state, its own port, one bucket and one role. */
export class TestAws {
  readonly stateDir: string;
  readonly output: string[] = [];
  running!: RunningAws;
  s3!: S3Client;
  sagemaker!: SageMakerClient;
  logs!: CloudWatchLogsClient;
  iam!: IAMClient;
  cloudwatch!: CloudWatchClient;
  private child!: ChildProcess;
  private uploads = 0;

  private constructor(stateDir: string) {
    this.stateDir = stateDir;
  }

  static async start(env: Record<string, string> = {}): Promise<TestAws> {
    const aws = new TestAws(mkdtempSync(path.join(tmpdir(), "local-aws-test-")));
    await aws.launch(env);
    await aws.s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await aws.createRole("training", "sagemaker.amazonaws.com");
    return aws;
  }

  /** Starts the server, also again after {@link stop} or {@link kill}. */
  async launch(env: Record<string, string> = {}): Promise<void> {
    const quiet = () => undefined;
    const args = [
      path.resolve(__dirname, "../../../../local/aws/server.ts"),
      ...["--state", this.stateDir],
      ...["--training-python", await ensureTrainingPython(quiet)],
      ...["--ministack-python", await ensureMinistackPython(quiet)],
    ];
    const { NODE_OPTIONS: _ignored, ...outer } = process.env;
    this.child = spawn(process.execPath, args, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...outer, LOCAL_AWS_STOP_GRACE_SECONDS: "5", LOCAL_AWS_CHECKPOINT_SYNC_SECONDS: "0.3", ...env },
    });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.output.push(text));
    }
    await until("the server to start", () => {
      if (this.child.exitCode !== null) throw new Error(`The server ended: ${this.output.join("")}`);
      return readRunning(this.stateDir)?.pid === this.child.pid;
    });
    this.running = readRunning(this.stateDir) as RunningAws;
    const config = {
      endpoint: this.running.endpoint,
      region: "us-east-1",
      credentials: this.running.credentials,
    };
    this.s3 = new S3Client({ ...config, forcePathStyle: true });
    this.sagemaker = new SageMakerClient(config);
    this.logs = new CloudWatchLogsClient(config);
    this.iam = new IAMClient(config);
    this.cloudwatch = new CloudWatchClient(config);
  }

  /** SIGTERM, and wait. */
  async stop(): Promise<void> {
    await this.end("SIGTERM");
  }

  /** SIGKILL: what a crash looks like. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.stateDir, { recursive: true, force: true });
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, "exit");
    this.child.kill(signal);
    await ended;
  }

  async createRole(name: string, service: string): Promise<void> {
    await this.iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: trust(service) }));
  }

  async control(method: string, name: string, body?: unknown): Promise<Record<string, unknown>> {
    const text = method === "GET" ? undefined : JSON.stringify(body ?? {});
    const answer = await callControl(this.running, name, text);
    const parsed = (await answer.json()) as Record<string, unknown>;
    if (!answer.ok) throw new Error(`${method} ${name}: ${JSON.stringify(parsed)}`);
    return parsed;
  }

  setFaults(body: unknown): Promise<Record<string, unknown>> {
    return this.control("POST", "faults", body);
  }

  async put(key: string, body: string): Promise<void> {
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
  }

  async get(key: string): Promise<Buffer> {
    const answer = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
  }

  /** Starts a job that runs a Python script. */
  async createJob(
    name: string,
    script: string,
    overrides: Partial<CreateTrainingJobCommandInput> = {},
    files: Record<string, string> = {},
  ): Promise<void> {
    const submit = await this.uploadSource({ "train.py": script, ...files });
    await this.sagemaker.send(
      new CreateTrainingJobCommand(
        request(name, { ...overrides, HyperParameters: { ...submit, ...overrides.HyperParameters } }),
      ),
    );
  }

  /** Packs files into a source bundle in S3 and returns the hyperparameters that name it. */
  async uploadSource(files: Record<string, string>): Promise<Record<string, string>> {
    const dir = mkdtempSync(path.join(tmpdir(), "source-"));
    for (const [name, content] of Object.entries(files)) writeFileSync(path.join(dir, name), content);
    const packed = create({ gzip: true, cwd: dir, portable: true }, Object.keys(files));
    const chunks: Buffer[] = [];
    for await (const chunk of packed) chunks.push(chunk as Buffer);
    rmSync(dir, { recursive: true, force: true });
    this.uploads += 1;
    const key = `code/${this.uploads}/sourcedir.tar.gz`;
    await this.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.concat(chunks) }));
    return { sagemaker_program: '"train.py"', sagemaker_submit_directory: `"s3://${bucket}/${key}"` };
  }

  describe(name: string): Promise<DescribeTrainingJobCommandOutput> {
    return this.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
  }

  async waitForEnd(name: string): Promise<DescribeTrainingJobCommandOutput> {
    let last = await this.describe(name);
    await until(`${name} to end`, async () => {
      last = await this.describe(name);
      return ["Completed", "Failed", "Stopped"].includes(last.TrainingJobStatus ?? "");
    });
    return last;
  }

  /** Waits until the job has printed a line that contains the text. */
  async waitForLine(name: string, text: string): Promise<void> {
    await until(`${name} to print ${text}`, async () =>
      (await this.logLines(name)).some((line) => line.includes(text)),
    );
  }

  /** Stream names of a job, in the order they were made. */
  logStreams(name: string): Promise<string[]> {
    return this.streamsOf(trainingLogs, `${name}/`);
  }

  logLines(name: string): Promise<string[]> {
    return this.groupLines(trainingLogs, `${name}/`);
  }

  /** All lines of the streams of a log group, those with a prefix where one is given. */
  async groupLines(logGroupName: string, prefix?: string): Promise<string[]> {
    const lines: string[] = [];
    for (const logStreamName of await this.streamsOf(logGroupName, prefix)) {
      const input = { logGroupName, logStreamName, startFromHead: true };
      for await (const page of paginateGetLogEvents({ client: this.logs, stopOnSameToken: true }, input)) {
        lines.push(...(page.events ?? []).map((event) => event.message ?? ""));
      }
    }
    return lines;
  }

  private async streamsOf(logGroupName: string, logStreamNamePrefix?: string): Promise<string[]> {
    const streams: string[] = [];
    const input = { logGroupName, logStreamNamePrefix };
    try {
      for await (const page of paginateDescribeLogStreams({ client: this.logs }, input)) {
        streams.push(...(page.logStreams ?? []).map((stream) => stream.logStreamName ?? ""));
      }
    } catch (error) {
      if ((error as Error).name !== "ResourceNotFoundException") throw error;
    }
    return streams.sort();
  }
}

const trainingLogs = "/aws/sagemaker/TrainingJobs";

/** A small valid request; fields are replaced by those of `overrides`. */
export function request(
  name: string,
  overrides: Partial<CreateTrainingJobCommandInput> = {},
): CreateTrainingJobCommandInput {
  return {
    TrainingJobName: name,
    RoleArn: roleArn,
    AlgorithmSpecification: { TrainingImage: image, TrainingInputMode: "File" },
    OutputDataConfig: { S3OutputPath: `s3://${bucket}/out` },
    ResourceConfig: { InstanceType: "ml.g5.xlarge", InstanceCount: 1, VolumeSizeInGB: 30 },
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
    ...overrides,
  };
}

/** The names in a tar.gz. */
export async function namesIn(archive: Buffer): Promise<string[]> {
  const names: string[] = [];
  const dir = mkdtempSync(path.join(tmpdir(), "archive-"));
  const file = path.join(dir, "a.tar.gz");
  writeFileSync(file, archive);
  await list({ file, onReadEntry: (entry) => names.push(entry.path) });
  rmSync(dir, { recursive: true, force: true });
  return names;
}

/** Looks every 50 ms for nearly two minutes: a busy machine takes its time. */
export async function until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 110_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`Waited two minutes for ${what}`);
    await sleep(50);
  }
}
