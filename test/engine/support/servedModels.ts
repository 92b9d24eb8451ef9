import * as fs from "node:fs";
import * as path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import * as tar from "tar";
import { type Finished, run } from "../../../local/run.ts";
import { testAws } from "./aws";
import { TestStack } from "./stack";

const PROJECT = path.resolve(__dirname, "../../..");
const BUCKET = "served-models";

/** A program in place of the training one: it hands on the model that a file names. */
const TRAINING = `
import { readFileSync } from "node:fs";
export const model = JSON.parse(readFileSync("model.json", "utf8"));
export const bucket = "${BUCKET}";
`;

/** Serving code that needs no library: the model's only class is its name. \`predict\` is the body of predict_fn. */
const inference = (head: string, predict: string) => `
import json
${head}

def model_fn(model_dir):
    return open(model_dir + "/name").read()

def input_fn(body, content_type):
    return body

def predict_fn(data, model):
    ${predict}

def output_fn(prediction, accept):
    return json.dumps(prediction), "application/json"
`;

export const RIGHT = inference(
  "",
  'return [{"label": model, "probabilities": {model: 0.75, "other": 0.25}}]',
);
export const RAISES = inference("", 'raise ValueError("no such slice")');
export const UNLOADABLE = inference('raise ImportError("no such module")', "return None");

/** Serving code that is right, and loaded once a file is there. */
export const waitsFor = (gate: string): string => `
import os, time
while not os.path.exists(${JSON.stringify(gate)}):
    time.sleep(0.05)
${RIGHT}`;

/** A training stack that hands on what it is told, and the deploy program beside it, on the real engine and the tests' local AWS. */
export class ServedModels {
  readonly endpoint: string;
  readonly training: TestStack;
  readonly #runtime: SageMakerRuntimeClient;

  private constructor(endpoint: string, training: TestStack, runtime: SageMakerRuntimeClient) {
    this.endpoint = endpoint;
    this.training = training;
    this.#runtime = runtime;
  }

  static async create(endpoint: string): Promise<ServedModels> {
    const training = await TestStack.create(endpoint, { program: TRAINING });
    const { endpoint: url, credentials } = await testAws();
    const runtime = new SageMakerRuntimeClient({ endpoint: url, region: "us-east-1", credentials });
    fs.cpSync(path.join(PROJECT, "deploy"), path.join(training.dir, "deploy"), { recursive: true });
    await training.s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const models = new ServedModels(endpoint, training, runtime);
    models.configure();
    const made = await models.pulumi(["stack", "init", "test"]);
    if (made.code !== 0) throw new Error(made.output);
    return models;
  }

  /** Writes the deploy stack's settings anew, with these keys of `training-deploy:`. */
  configure(config: Record<string, unknown> = {}): void {
    const { config: training } = this.training.settings() as { config: object };
    const aws = Object.entries(training).filter(([key]) => key.startsWith("aws:"));
    const own = Object.entries({ endpointName: this.endpoint, ...config }).map(([key, value]) => [
      `training-deploy:${key}`,
      value,
    ]);
    const settings = { config: Object.fromEntries([...aws, ...own]) };
    this.training.write("deploy/Pulumi.test.yaml", JSON.stringify(settings));
  }

  /** What the training stack would say after it trained such a model. */
  async train(name: string, code: string): Promise<object> {
    const folder = path.join(this.training.dir, "models", name);
    this.training.write(`models/${name}/name`, name);
    this.training.write(`models/${name}/code/inference.py`, code);
    const archive = tar.create({ gzip: true, cwd: folder, sync: true }, ["name", "code"]).read();
    const key = `artifacts/${name}/output/model.tar.gz`;
    await this.training.s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: archive ?? "" }));
    const model = {
      artifact: `s3://${BUCKET}/${key}`,
      image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311",
      trainingJobName: name,
      metrics: { val_accuracy: 0.9 },
    };
    this.training.write("model.json", JSON.stringify(model));
    const done = await this.training.up();
    if (done.code !== 0) throw new Error(done.output);
    return model;
  }

  /** Runs pulumi on the deploy program. */
  pulumi(args: string[]): Promise<Finished> {
    const options = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", "test"];
    const { dir, env } = this.training;
    return run("pulumi", [...args, ...options, "--non-interactive"], { cwd: path.join(dir, "deploy"), env });
  }

  async deploy(): Promise<Finished> {
    return this.pulumi(["up", "--yes", "--skip-preview"]);
  }

  async outputs(): Promise<Record<string, unknown>> {
    return JSON.parse((await this.pulumi(["stack", "output", "--json"])).stdout);
  }

  /** The label of an answer. */
  async ask(): Promise<string> {
    const request = { EndpointName: this.endpoint, Body: Buffer.from("x"), ContentType: "image/png" };
    const { Body } = await this.#runtime.send(new InvokeEndpointCommand(request));
    return JSON.parse(Buffer.from(Body ?? []).toString())[0].label;
  }

  /** Asks all the time, until it is told to stop; resolves with every answer, and every error in its place. */
  askAllTheTime(): () => Promise<string[]> {
    const answers: string[] = [];
    let stopped = false;
    const work = (async () => {
      while (!stopped) {
        answers.push(await this.ask().catch((error: Error) => `${error.name}: ${error.message}`));
        await delay(20);
      }
    })();
    return async () => {
      stopped = true;
      await work;
      return answers;
    };
  }

  async dispose(): Promise<void> {
    await this.pulumi(["destroy", "--yes"]);
    this.#runtime.destroy();
    await this.training.dispose();
  }
}
