import { chmod, mkdir, stat } from "node:fs/promises";
import path from "node:path";
import { ensureLocalAws, type LocalAws } from "./aws/client.ts";
import { closedSources, leadsAway, withoutProxy } from "./aws/clientVariables.ts";
import { ensureTrainingData, uploadTrainingData } from "./data/data.ts";
import { type Engine, ensureEngine, withEngine } from "./engine/engine.ts";
import { cacheDir, projectDir, stateDir } from "./paths.ts";
import { missingPrerequisites } from "./prerequisites.ts";
import { ensureMinistackPython, ensureTrainingPython } from "./python/python.ts";
import type { Report } from "./report.ts";
import { SetupError } from "./setupError.ts";
import { sideBySide } from "./sideBySide.ts";
import { makePassphrase, passphraseFile, type StackFiles } from "./stackSecrets.ts";

/** The name of the embedded default. */
export const STACK = "local";

/** A Pulumi project of this checkout, which has a stack called {@link STACK}. */
export interface Project {
  name: string;
  dir: string;
}

export const TRAINING: Project = { name: "training", dir: projectDir };
/** What serves the model. */
export const DEPLOY: Project = { name: "training-deploy", dir: path.join(projectDir, "deploy") };

/** Where the local stack's images are, as Pulumi.local.yaml names them. */
const DATA = { bucket: "training-data", prefix: "brain-slices" } as const;

/** What `pulumi` and any AWS client need to work on the local stack, besides PATH. */
export function stackVariables(
  { endpoint, credentials }: Pick<LocalAws, "endpoint" | "credentials">,
  outer: NodeJS.ProcessEnv = process.env,
): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${backendDir()}`,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(stateDir),
    // The salt is in the state, and not in Pulumi.local.yaml, which is shared.
    PULUMI_FALLBACK_TO_STATE_SECRETS_MANAGER: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_PARALLEL: "256", // a job takes a place until it ends: as many as a stack may have experiments, in place of 4 per core
    PULUMI_NODEJS_TRANSPILE_ONLY: "true", // types are checked by `npm run check`, not by every preview
    ...closedSources,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    ...withoutProxy(outer),
  };
}

/** Variables of an environment that would make a client leave the local stack for a real account. */
export function foreignVariables(outer: NodeJS.ProcessEnv, own: Record<string, string>): string[] {
  // Usual ones are named even where they are not set: a shell may set them later on, and look at the list.
  const names = new Set(["AWS_PROFILE", "AWS_SESSION_TOKEN", "PULUMI_CONFIG_PASSPHRASE"]);
  for (const name of Object.keys(outer)) if (leadsAway(name)) names.add(name);
  return [...names].filter((name) => !(name in own));
}

/** An environment put on the local stack. */
export function stackEnvironment(
  aws: Pick<LocalAws, "endpoint" | "credentials">,
  outer: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const own = stackVariables(aws, outer);
  const env = { ...outer, ...own };
  for (const name of foreignVariables(outer, own)) delete env[name];
  return env;
}

export const backendDir = (): string => path.join(stateDir, "pulumi");

export const stackFiles = ({ name, dir }: Project = TRAINING): StackFiles => ({
  stateDir,
  settings: path.join(dir, `Pulumi.${STACK}.yaml`),
  state: path.join(backendDir(), ".pulumi", "stacks", name, `${STACK}.json`),
});

export interface LocalStack {
  engine: Engine;
  aws: LocalAws;
  /** Environment in which `pulumi` and AWS clients work on the local stack. */
  env: NodeJS.ProcessEnv;
}

/**
 * Installs what is missing and starts the local AWS; quick when there is nothing to do.
 *
 * `prepare`: what needs the local AWS alone, such as its data; it is done while the Pulumi CLI is built. Default: nothing.
 */
export async function ensureLocalStack(
  report: Report,
  prepare: (aws: LocalAws) => Promise<void> = async () => {},
): Promise<LocalStack> {
  const missing = await missingPrerequisites();
  if (missing.length > 0) throw new SetupError(missing.join("\n"));
  const prepared = async () => {
    const aws = await startLocalAws(report);
    await prepare(aws);
    return aws;
  };
  const [engine, aws] = await sideBySide(() => ensureEngine(report), prepared);
  await mkdir(backendDir(), { recursive: true, mode: 0o700 });
  makePassphrase(stateDir);
  return { engine, aws, env: withEngine(engine, stackEnvironment(aws, process.env)) };
}

export async function startLocalAws(report: Report): Promise<LocalAws> {
  await makePrivate(stateDir);
  const trainingPython = await ensureTrainingPython(report);
  const ministackPython = await ensureMinistackPython(report);
  return ensureLocalAws({ stateDir, trainingPython, ministackPython, report });
}

/** Puts the image data into the local S3; only what is not there yet is sent. */
export async function ensureData(aws: LocalAws, report: Report): Promise<void> {
  const trainingPython = await ensureTrainingPython(report);
  const dir = await ensureTrainingData({ trainingPython, cacheDir, report });
  await uploadTrainingData({ dir, ...DATA, aws, report });
}

/** Makes a folder that nobody else can look into. Earlier versions made the state directory for everybody to read. */
export async function makePrivate(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const { uid, mode } = await stat(dir);
  if (uid !== process.getuid?.()) {
    throw new SetupError(
      `${dir} belongs to another user, who could read the local stack's secrets: name another folder in TRAINING_STATE_DIR.`,
    );
  }
  if ((mode & 0o077) !== 0) await chmod(dir, 0o700);
}
