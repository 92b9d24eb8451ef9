// The two SageMaker SDKs, as their users run them.
import { spawn } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  EntityAlreadyExistsException,
  IAMClient,
} from "@aws-sdk/client-iam";
import { ensureSdk2Python, ensureSdk3Python } from "../test/clients/environments";
import { testAws } from "../test/engine/support/aws";

const folder = path.join(__dirname, "clients");
const report = (line: string) => console.error(`    ${line}`);
const trust = {
  Version: "2012-10-17",
  Statement: [
    { Effect: "Allow", Principal: { Service: "sagemaker.amazonaws.com" }, Action: "sts:AssumeRole" },
  ],
};

export interface Clients {
  sdk2: string;
  sdk3: string;
  /** Environment for the scripts in bench/clients. */
  env: NodeJS.ProcessEnv;
}

/** Pythons with both, and a role, a bucket and a script for them. */
export async function sdkClients(script: string): Promise<Clients> {
  const source = mkdtempSync(path.join(tmpdir(), "training-bench-source-"));
  writeFileSync(path.join(source, "train.py"), script);
  const { env } = await testAws();
  return {
    sdk2: await ensureSdk2Python(report),
    sdk3: await ensureSdk3Python(report),
    env: { ...env, BENCH_BUCKET: "test-data", BENCH_ROLE: await benchRole(), BENCH_SOURCE: source },
  };
}

/** A role with what ModelTrainer looks for. */
export async function benchRole(): Promise<string> {
  const { endpoint, credentials } = await testAws();
  const iam = new IAMClient({ endpoint, region: "us-east-1", credentials });
  const RoleName = "bench-sdk";
  try {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
    const PolicyArn = "arn:aws:iam::aws:policy/AmazonSageMakerFullAccess";
    await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  } finally {
    iam.destroy();
  }
  return `arn:aws:iam::000000000000:role/${RoleName}`;
}

/** Runs a script of bench/clients to its end; returns the last line of its output as JSON. */
export function runScript(
  python: string,
  env: NodeJS.ProcessEnv,
  script: string,
  ...args: string[]
): Promise<Record<string, unknown>> {
  const child = spawn(python, [path.join(folder, script), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      if (code !== 0) reject(new Error(`${script} ended with ${code}:\n${stdout}${stderr}`));
      else resolve(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? ""));
    });
  });
}
