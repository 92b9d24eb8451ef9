import { mkdir } from "node:fs/promises";
import path from "node:path";
import { ensureLocalAws, type LocalAws } from "./aws/client.ts";
import { ensureTrainingData, uploadTrainingData } from "./data/data.ts";
import { type Engine, ensureEngine, withEngine } from "./engine/engine.ts";
import { cacheDir, stateDir } from "./paths.ts";
import { missingPrerequisites } from "./prerequisites.ts";
import { ensureMinistackPython, ensureTrainingPython } from "./python/python.ts";
import type { Report } from "./report.ts";
import { SetupError } from "./setupError.ts";

/** The name of the embedded default. */
export const STACK = "local";

/** Where the local stack's images are, as Pulumi.local.yaml names them. */
const DATA = { bucket: "training-data", prefix: "brain-slices" } as const;

/** What `pulumi` and any AWS client need to work on the local stack, besides PATH. */
export function stackVariables(endpoint: string): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${backendDir()}`,
    PULUMI_CONFIG_PASSPHRASE: "local", // protects nothing: the stack and its AWS live on this machine only
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true", // types are checked by `npm run check`, not by every preview
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
  };
}

/** Variables that would make a client leave the local stack for a real account. */
export const FOREIGN_VARIABLES = ["AWS_PROFILE", "AWS_SESSION_TOKEN", "PULUMI_CONFIG_PASSPHRASE_FILE"];

export const backendDir = (): string => path.join(stateDir, "pulumi");

export interface LocalStack {
  engine: Engine;
  aws: LocalAws;
  /** Environment in which `pulumi` and AWS clients work on the local stack. */
  env: NodeJS.ProcessEnv;
}

/** Installs what is missing and starts the local AWS; quick when there is nothing to do. */
export async function ensureLocalStack(report: Report): Promise<LocalStack> {
  const missing = await missingPrerequisites();
  if (missing.length > 0) throw new SetupError(missing.join("\n"));
  const engine = await ensureEngine(report);
  const aws = await startLocalAws(report);
  await mkdir(backendDir(), { recursive: true });
  const env = withEngine(engine, { ...process.env, ...stackVariables(aws.endpoint) });
  for (const name of FOREIGN_VARIABLES) delete env[name];
  return { engine, aws, env };
}

export async function startLocalAws(report: Report): Promise<LocalAws> {
  const trainingPython = await ensureTrainingPython(report);
  const ministackPython = await ensureMinistackPython(report);
  return ensureLocalAws({ stateDir, trainingPython, ministackPython, report });
}

/** Puts the image data into the local S3; only what is not there yet is sent. */
export async function ensureData(aws: LocalAws, report: Report): Promise<void> {
  const trainingPython = await ensureTrainingPython(report);
  const dir = await ensureTrainingData({ trainingPython, cacheDir, report });
  await uploadTrainingData({ dir, ...DATA, endpoint: aws.endpoint, report });
}
