import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { ensureLocalAws, stopLocalAws } from "../../../local/aws/client.ts";
import type { Credentials } from "../../../local/aws/clients.ts";
import { callControl } from "../../../local/aws/control.ts";
import { type Engine, ensureEngine, withEngine } from "../../../local/engine/engine.ts";
import { ensureMinistackPython, ensureTrainingPython } from "../../../local/python/python.ts";
import { stackEnvironment } from "../../../local/stack.ts";

export interface TestAws {
  endpoint: string;
  /** The owner's. */
  credentials: Credentials;
  /** S3 prefix with a few objects. */
  data: string;
  /** Environment for `pulumi` and AWS clients, without a backend. */
  env: NodeJS.ProcessEnv;
  /** Sets the faults that the local AWS plays; an empty object ends them. */
  faults(faults: object): Promise<void>;
}

const report = (line: string) => process.stderr.write(`    ${line}\n`);
/** Each worker of a run has its own, in the folder of the run. */
const stateDir = path.join(runFolder(), String(process.pid));
let started: Promise<TestAws> | undefined;

/** Folder of this run, which its workers find in the environment. */
function runFolder(): string {
  process.env.TRAINING_TEST_RUN ??= path.join(os.tmpdir(), `training-test-aws-${process.pid}`);
  return process.env.TRAINING_TEST_RUN;
}

/** One local AWS for all engine tests of a worker, with a state of its own. */
export function testAws(): Promise<TestAws> {
  started ??= startTestAws(stateDir);
  return started;
}

/** Stops every local AWS that the workers of this run started. */
export async function stopTestAws(): Promise<void> {
  const folder = runFolder();
  if (!fs.existsSync(folder)) return;
  for (const worker of fs.readdirSync(folder)) await stopLocalAws(path.join(folder, worker));
  fs.rmSync(folder, { recursive: true, force: true });
}

/** Starts a local AWS with its state in a folder; whoever starts it stops it. */
export async function startTestAws(stateDir: string): Promise<TestAws> {
  const engine = await ensureEngine(report);
  const trainingPython = await ensureTrainingPython(report);
  const ministackPython = await ensureMinistackPython(report);
  const aws = await ensureLocalAws({ stateDir, trainingPython, ministackPython, report });
  const { endpoint, credentials } = aws;
  const env = engineTestEnvironment(engine, aws);
  const s3 = new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials,
  });
  await s3.send(new CreateBucketCommand({ Bucket: "test-data" }));
  for (const name of ["a", "b"]) {
    await s3.send(new PutObjectCommand({ Bucket: "test-data", Key: `images/${name}.txt`, Body: name }));
  }
  s3.destroy();
  return {
    endpoint,
    credentials,
    data: "s3://test-data/images/",
    env,
    faults: async (faults) => {
      const answer = await callControl(aws, "faults", JSON.stringify(faults));
      if (!answer.ok) throw new Error(`faults were refused: ${await answer.text()}`);
    },
  };
}

/** The environment of `pulumi` in engine tests: recorded states are encrypted with the passphrase `local`. */
export function engineTestEnvironment(
  engine: Engine,
  aws: { endpoint: string; credentials: Credentials },
): NodeJS.ProcessEnv {
  const { PULUMI_CONFIG_PASSPHRASE_FILE: _own, ...env } = stackEnvironment(aws, process.env);
  return withEngine(engine, { ...env, PULUMI_CONFIG_PASSPHRASE: "local" });
}
