import { type ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import {
  paginateListTrainingJobs,
  SageMakerClient,
  type TrainingJobSummary,
} from "@aws-sdk/client-sagemaker";
import { parse } from "yaml";
import { type TestAws, testAws } from "./aws";

const PROJECT = path.resolve(__dirname, "../../..");
/** What a checkout needs to be a Pulumi program; node_modules is a link. */
const PROGRAM = [
  "main.js",
  "index.ts",
  "components",
  "policies",
  "Pulumi.yaml",
  "package.json",
  "tsconfig.json",
];

/** Where the real AWS plugin is installed, the tests run it: the stack `local` has what it needs. */
const AWS_SETTINGS = Object.fromEntries(
  Object.entries(parse(fs.readFileSync(path.join(PROJECT, "Pulumi.local.yaml"), "utf8")).config).filter(
    ([key]) => key.startsWith("aws:"),
  ),
);

export interface Finished {
  code: number;
  output: string;
}

export interface Running {
  child: ChildProcess;
  /** Resolves when the output so far matches; rejects when the command ends without it. */
  until(pattern: RegExp): Promise<void>;
  finished: Promise<Finished>;
}

/** A resource of the state. */
export interface ResourceState {
  urn: string;
  type: string;
  id: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

export interface StackOptions {
  /** A program in place of index.ts. */
  program?: string;
  /** The training script. Default: one that trains for `seconds` and writes a model. */
  script?: string;
  /** Files besides the training script, by their path in the project. */
  files?: Record<string, string>;
  /** The script trains until {@link TestStack.openGate}. */
  gated?: boolean;
  /** Configuration beyond what every stack here has, such as `training:maxRun`; `undefined` takes a key away. */
  config?: Record<string, unknown>;
  /** All of Pulumi.test.yaml, in place of `config`. */
  settings?: object;
  /** Environment beyond what every stack here has. */
  env?: NodeJS.ProcessEnv;
  /** Default: the one that all engine tests share. */
  aws?: TestAws;
}

/** A script that needs no library: it prints a metric, waits for `--seconds` and for the file `--gate`, and writes a model. */
export const SCRIPT = `
import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--seconds", type=float, default=0)
parser.add_argument("--lr", type=float, default=0)
parser.add_argument("--gate")
arguments = parser.parse_args()
print("val_accuracy=0.5", flush=True)
end = time.time() + arguments.seconds
while time.time() < end or (arguments.gate and not os.path.exists(arguments.gate)):
    time.sleep(0.1)
print("val_accuracy=0.9", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;

/** Experiments of this run, by the AWS they run on. */
const taken = new Map<string, Set<string>>();

/** `jobs()` tells experiments apart by the beginning of a job's name, and all of them share one AWS. */
function takeName(endpoint: string, name: string): void {
  const others = taken.get(endpoint) ?? new Set();
  const clash = [...others].find(
    (other) => `${name}-`.startsWith(`${other}-`) || `${other}-`.startsWith(`${name}-`),
  );
  if (clash)
    throw new Error(`"${name}" and "${clash}" would be taken for one experiment: choose another name`);
  taken.set(endpoint, others.add(name));
}

/** A copy of the program in a folder of its own, on the real engine, with a file backend and the tests' local AWS. */
export class TestStack {
  readonly name: string;
  readonly dir: string;
  readonly env: NodeJS.ProcessEnv;
  readonly sagemaker: SageMakerClient;
  readonly s3: S3Client;
  /** Name of the Pulumi stack, which a test may rename. */
  stackName = "test";
  readonly #running = new Set<ChildProcess>();
  readonly #aws: TestAws;

  private constructor(name: string, dir: string, env: NodeJS.ProcessEnv, aws: TestAws) {
    this.name = name;
    this.dir = dir;
    this.env = env;
    this.#aws = aws;
    const client = { endpoint: aws.endpoint, region: "us-east-1", credentials: aws.credentials };
    this.sagemaker = new SageMakerClient(client);
    this.s3 = new S3Client({ ...client, forcePathStyle: true });
  }

  static async create(name: string, options: StackOptions = {}): Promise<TestStack> {
    const aws = options.aws ?? (await testAws());
    takeName(aws.endpoint, name);
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), `training-${name}-`));
    for (const each of PROGRAM) {
      fs.cpSync(path.join(PROJECT, each), path.join(dir, each), {
        recursive: true,
        filter: (source) => path.basename(source) !== "node_modules",
      });
    }
    fs.symlinkSync(path.join(PROJECT, "node_modules"), path.join(dir, "node_modules"));
    fs.mkdirSync(path.join(dir, "backend"));
    const env = { ...aws.env, PULUMI_BACKEND_URL: `file://${path.join(dir, "backend")}`, ...options.env };
    const stack = new TestStack(name, dir, env, aws);
    if (options.program) stack.write("index.ts", options.program);
    stack.write("train/train.py", options.script ?? SCRIPT);
    for (const [file, content] of Object.entries(options.files ?? {})) stack.write(file, content);
    const config = {
      ...AWS_SETTINGS,
      "training:experiment": name,
      "training:train": aws.data,
      "training:val": aws.data,
      "training:metrics": { val_accuracy: "val_accuracy=([0-9.]+)" },
      "training:maxRun": "20m",
      "training:deletePolicy": "delete",
      ...(options.gated && { "training:hyperparameters": { gate: stack.gate } }),
      ...options.config,
    };
    // JSON is YAML.
    stack.write("Pulumi.test.yaml", JSON.stringify(options.settings ?? { config }));
    await stack.ok(["stack", "init", "test"]);
    return stack;
  }

  /** A second checkout of the project, on the same backend. What git ignores does not come along. */
  clone(env: NodeJS.ProcessEnv = {}): TestStack {
    const dir = fs.mkdtempSync(path.join(os.tmpdir(), `training-${this.name}-`));
    fs.cpSync(this.dir, dir, {
      recursive: true,
      filter: (source) => !["node_modules", "backend", ".training"].includes(path.basename(source)),
    });
    fs.symlinkSync(path.join(PROJECT, "node_modules"), path.join(dir, "node_modules"));
    return new TestStack(this.name, dir, { ...this.env, ...env }, this.#aws);
  }

  /** The file that gated jobs wait for. */
  get gate(): string {
    return path.join(this.dir, "gate");
  }

  /** Lets gated jobs end. */
  openGate(): void {
    fs.writeFileSync(this.gate, "");
  }

  write(file: string, content: string): void {
    const target = path.join(this.dir, file);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, content);
  }

  /** Pulumi.test.yaml as it is now. */
  settings(): unknown {
    return parse(fs.readFileSync(path.join(this.dir, "Pulumi.test.yaml"), "utf8"));
  }

  start(args: string[]): Running {
    const options = ["stack", "cancel"].includes(args[0]) ? [] : ["--stack", this.stackName];
    const child = spawn("pulumi", [...args, ...options, "--non-interactive"], {
      cwd: this.dir,
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true, // a group of its own, as a terminal gives it one: ^C goes to all of it
    });
    this.#running.add(child);
    let output = "";
    const listeners = new Set<() => void>();
    const collect = (text: string) => {
      output += text;
      for (const listener of listeners) listener();
    };
    child.stdout?.setEncoding("utf8").on("data", collect);
    child.stderr?.setEncoding("utf8").on("data", collect);
    const finished = new Promise<Finished>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        this.#running.delete(child);
        resolve({ code: code ?? -1, output });
      });
    });
    const until = (pattern: RegExp) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (!pattern.test(output)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        finished.then((done) => reject(new Error(`ended without ${pattern}:\n${done.output}`)), reject);
      });
    return { child, until, finished };
  }

  run(args: string[]): Promise<Finished> {
    return this.start(args).finished;
  }

  /** Runs a command that must succeed. */
  async ok(args: string[]): Promise<Finished> {
    const done = await this.run(args);
    if (done.code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${done.code}:\n${done.output}`);
    return done;
  }

  up(...args: string[]): Promise<Finished> {
    return this.run(["up", "--yes", "--skip-preview", ...args]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const done = await this.ok(["stack", "output", "--json", "--stack", this.stackName]);
    return JSON.parse(done.output);
  }

  /** The state as `pulumi stack export` writes it. */
  async state(): Promise<{ deployment: { resources: ResourceState[] } }> {
    const file = path.join(this.dir, "exported.json");
    await this.ok(["stack", "export", "--stack", this.stackName, "--file", file]);
    const state = JSON.parse(fs.readFileSync(file, "utf8"));
    state.deployment.resources ??= [];
    return state;
  }

  /** The training jobs in the state, with inputs and outputs. */
  async jobsInState(): Promise<ResourceState[]> {
    const { deployment } = await this.state();
    return deployment.resources.filter(({ type }) => type === "pulumi-nodejs:dynamic/sagemaker:TrainingJob");
  }

  /** Every training job on AWS whose name begins with this stack's experiment, oldest first. */
  async jobs(prefix = this.name): Promise<TrainingJobSummary[]> {
    const found: TrainingJobSummary[] = [];
    for await (const page of paginateListTrainingJobs(
      { client: this.sagemaker },
      { NameContains: prefix, SortBy: "CreationTime", SortOrder: "Ascending" },
    )) {
      found.push(...(page.TrainingJobSummaries ?? []));
    }
    return found;
  }

  /** Waits until the jobs have these statuses, oldest first. */
  async untilJobs(statuses: string[]): Promise<void> {
    const deadline = Date.now() + 120_000;
    for (;;) {
      const now = (await this.jobs()).map((job) => job.TrainingJobStatus);
      if (JSON.stringify(now) === JSON.stringify(statuses)) return;
      if (Date.now() > deadline) throw new Error(`jobs are ${now}, not ${statuses}`);
      await delay(500);
    }
  }

  /** Ends what still runs, and leaves nothing behind. */
  async dispose(): Promise<void> {
    for (const child of this.#running) if (child.pid) process.kill(-child.pid, "SIGKILL");
    this.sagemaker.destroy();
    this.s3.destroy();
    fs.rmSync(this.dir, { recursive: true, force: true });
  }
}
