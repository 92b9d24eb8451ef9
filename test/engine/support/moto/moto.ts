import { type ChildProcess, spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { engineTestEnvironment, type TestAws } from "../aws";

/** moto takes any. */
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

/** Who may take on the role of a training job. */
const TRUST = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};

/**
 * moto's server: a double of AWS that others wrote, so that what this program takes for AWS's way is not only what its own double does.
 * It trains nothing: a job is Completed as soon as it is created, and an artifact is there only if the test puts it there.
 */
export class Moto {
  readonly aws: TestAws;
  /** A bucket for code, checkpoints and artifacts. Under the bucket policy of a new one moto refuses plain http, as AWS does. */
  readonly bucket = "moto-store";
  /** ARN of a role that SageMaker may assume, the same after each {@link reset}. */
  readonly roleArn = "arn:aws:iam::123456789012:role/moto";
  readonly #server: ChildProcess;
  readonly #s3: S3Client;
  readonly #iam: IAMClient;
  readonly #sagemaker: SageMakerClient;

  private constructor(server: ChildProcess, endpoint: string, env: NodeJS.ProcessEnv) {
    this.#server = server;
    const client = { endpoint, region: "us-east-1", credentials };
    this.#s3 = new S3Client({ ...client, forcePathStyle: true });
    this.#iam = new IAMClient(client);
    this.#sagemaker = new SageMakerClient(client);
    const faults = () => Promise.reject(new Error("moto plays no faults"));
    this.aws = { endpoint, credentials, data: "s3://test-data/images/", env, faults };
  }

  static async start(): Promise<Moto> {
    const { ensureEngine } = await import("../../../../local/engine/engine.ts");
    const report = (line: string) => process.stderr.write(`    ${line}\n`);
    const engine = await ensureEngine(report);
    const server = spawn(
      await ensureMotoPython(report),
      ["-m", "moto.server", "-H", "127.0.0.1", "-p", "0"],
      {
        stdio: ["ignore", "ignore", "pipe"],
      },
    );
    const endpoint = await endpointOf(server);
    return new Moto(server, endpoint, engineTestEnvironment(engine, { endpoint, credentials }));
  }

  /** Forgets everything, and makes what each test needs: the data, the bucket, the role. */
  async reset(): Promise<void> {
    await fetch(`${this.aws.endpoint}/moto-api/reset`, { method: "POST" });
    for (const Bucket of ["test-data", this.bucket]) await this.#s3.send(new CreateBucketCommand({ Bucket }));
    await this.#put("test-data", "images/a.txt");
    const AssumeRolePolicyDocument = JSON.stringify(TRUST);
    await this.#iam.send(new CreateRoleCommand({ RoleName: "moto", AssumeRolePolicyDocument }));
  }

  /** A job that somebody else started, completed, with its artifact. */
  async train(name: string): Promise<void> {
    await this.#sagemaker.send(
      new CreateTrainingJobCommand({
        TrainingJobName: name,
        RoleArn: this.roleArn,
        AlgorithmSpecification: {
          TrainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-cpu-py311",
          TrainingInputMode: "File",
        },
        OutputDataConfig: { S3OutputPath: `s3://${this.bucket}/artifacts` },
        ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
        StoppingCondition: { MaxRuntimeInSeconds: 600 },
      }),
    );
    await this.putArtifact(name);
  }

  /** Where a job's artifact belongs. */
  artifactOf(job: string): string {
    return `s3://${this.bucket}/artifacts/${job}/output/model.tar.gz`;
  }

  async putArtifact(job: string): Promise<void> {
    await this.#put(this.bucket, new URL(this.artifactOf(job)).pathname.slice(1));
  }

  async #put(Bucket: string, Key: string): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket, Key, Body: "content" }));
  }

  async stop(): Promise<void> {
    this.#s3.destroy();
    this.#sagemaker.destroy();
    this.#iam.destroy();
    const gone = new Promise((resolve) => this.#server.once("exit", resolve));
    this.#server.kill();
    await gone;
  }
}

/** The server chooses a free port, and names it when it listens. */
function endpointOf(server: ChildProcess): Promise<string> {
  const seen: string[] = [];
  return new Promise((resolve, reject) => {
    createInterface({ input: server.stderr as NodeJS.ReadableStream }).on("line", (line) => {
      seen.push(line);
      const endpoint = /Running on (http:\S+)/.exec(line)?.[1];
      if (endpoint) resolve(endpoint);
    });
    server.once("error", reject);
    server.once("exit", (code) => reject(new Error(`moto ended with ${code}:\n${seen.join("\n")}`)));
  });
}

async function ensureMotoPython(report: (line: string) => void): Promise<string> {
  const { ensureEnvironment } = await import("../../../../local/python/environment.ts");
  return ensureEnvironment(
    {
      name: "moto",
      what: "the Python environment of the second AWS double of the tests (moto 5.2.5)",
      expect: "under a minute, once per machine",
      locks: [
        path.relative(path.resolve(__dirname, "../../../../local/python"), path.join(__dirname, "moto.txt")),
      ],
      python: {
        range: ">=3.10.0 <3.15.0",
        words: "3.10 to 3.14",
        reason: "the versions that its packages were locked for",
      },
      imports: ["moto.server"],
    },
    report,
  );
}
