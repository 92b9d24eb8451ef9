import { parseArgs } from "node:util";
import { S3Client } from "@aws-sdk/client-s3";
import type { AwsApi } from "../components/trainingJob/aws/api.ts";
import { howToAllow, isDenied } from "../components/trainingJob/aws/denied.ts";
import { areCredentialsExpired } from "../components/trainingJob/aws/retries.ts";
import { awsApi, awsClients } from "../components/trainingJob/aws/sdk.ts";
import { type AwsSession, awsSession } from "../components/trainingJob/aws/session.ts";
import { ensureEngine } from "../local/engine/engine.ts";
import type { Report } from "../local/report.ts";
import { run } from "../local/run.ts";
import { SetupError } from "../local/setupError.ts";
import {
  ensureLocalStack,
  foreignVariables,
  type Project,
  STACK,
  stackVariables,
  TRAINING,
} from "../local/stack.ts";

/** The stack that a command which follows a run works on: `local`, or any other with the user's own backend and AWS account. */
export interface ChosenStack {
  name: string;
  outputs: Record<string, unknown>;
  /** Its settings, such as `training:experiment`; a secret is empty unless it is one of `aws:`. */
  config: Map<string, string>;
  /** What `pulumi stack export` prints. */
  state: unknown;
  /** Every training job that the state names. */
  jobNames: string[];
  /** What the jobs of this stack carry as a tag, also those that the state does not name yet. */
  marks: string[];
  /** The AWS that the stack is on, by its `aws:` settings. Throws where they name no region, nor does the shell. */
  aws(): { api: AwsApi; s3: S3Client; session: AwsSession };
}

type Options = Record<string, { type: "string" | "boolean"; default?: string | boolean }>;

/** What such a command is called with; `--stack` is `local` unless given. */
export const stackArguments = <T extends Options>(options: T, args = process.argv.slice(2)) =>
  stackCommand(options, false, args).values;

/** The same with what stands beside the options, such as names of files. */
export function stackCommand<T extends Options>(
  options: T,
  allowPositionals = true,
  args = process.argv.slice(2),
) {
  try {
    const known = { stack: { type: "string", default: STACK }, ...options } as const;
    return parseArgs({ args, options: known, allowPositionals });
  } catch (error) {
    throw new SetupError((error as Error).message);
  }
}

/** The stack `local` has a backend and an AWS of its own; every other stack is looked for where this shell is. */
export const isLocal = (name: string): boolean => name === STACK;

/** Puts this process on the local stack, or leaves it where the shell is; returns the `pulumi` to ask. */
export async function enterBackend(local: boolean, report: Report): Promise<string> {
  if (!local) return (await ensureEngine(report)).pulumi;
  const stack = await ensureLocalStack(report);
  for (const name of foreignVariables(process.env, stackVariables(stack.aws))) delete process.env[name];
  Object.assign(process.env, stack.env);
  return stack.engine.pulumi;
}

/** Names of all stacks of this project that the backend has. */
export async function stackNames(pulumi: string): Promise<string[]> {
  const listed = await ask<{ name: string }[]>(
    pulumi,
    ["stack", "ls", "--json"],
    "log in with `pulumi login`",
  );
  return listed.map(({ name }) => name);
}

/** Finds the stack, what its state tells, and the AWS that it is on. `pulumi`: what {@link enterBackend} returned. */
export async function chooseStack(
  pulumi: string,
  name: string,
  { dir, name: project }: Project = TRAINING,
  asked = ask,
): Promise<ChosenStack> {
  const next = isLocal(name)
    ? `run \`npm ${project === TRAINING.name ? "start" : "run deploy"}\` first`
    : "name the stack with --stack NAME (`pulumi stack ls` lists them), after `pulumi login`";
  const askStack: Ask = (...args) => asked(pulumi, [...args, "--stack", name], next, dir);
  const state = await askStack<{ deployment: { resources?: StateResource[] } | null }>("stack", "export");
  const resources = state.deployment?.resources ?? [];
  const ofType = (end: string) =>
    resources.filter(({ type }) => type.endsWith(end)).map(({ outputs }) => outputs ?? {});
  const jobs = ofType("sagemaker:TrainingJob");
  const config = await configOf(askStack);
  const owners = ofType("sagemaker:TrainingJobOwner");
  // A job may follow an `aws.Provider` of its own; states of earlier releases have no owner.
  const region =
    owners
      .flatMap(({ regions }) => regions)
      .filter(isText)
      .at(-1) ??
    config.get("aws:region") ??
    regionOf(jobs);
  return {
    name,
    state,
    config,
    outputs: ofType("pulumi:pulumi:Stack")[0] ?? {},
    jobNames: jobs
      .flatMap((job) => [...((job.attempts ?? []) as { trainingJobName: string }[]), job])
      .map(nameOf)
      .filter(isText),
    marks: owners.map(({ mark }) => mark).filter(isText),
    aws: () => {
      const session = awsSession((key) => config.get(key), region);
      // Here nothing retries but the client itself; and a bucket may be in another region than the job.
      const s3 = { ...session.clientConfig("s3"), maxAttempts: 3, followRegionRedirects: true };
      return { api: awsApi(awsClients(session)), s3: new S3Client(s3), session };
    },
  };
}

/** Asks `pulumi` for JSON. `next`: what to do where it fails. */
export async function ask<T>(pulumi: string, args: string[], next: string, cwd = TRAINING.dir): Promise<T> {
  const done = await run(pulumi, [...args, "--non-interactive"], { cwd, env: process.env });
  if (done.code === 0) return JSON.parse(done.stdout);
  throw new SetupError(`pulumi ${args.join(" ")} failed: ${done.output.trim()}\nNext: ${next}.`);
}

type Ask = <T>(...args: string[]) => Promise<T>;

interface StateResource {
  type: string;
  outputs?: Record<string, unknown>;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const nameOf = ({ trainingJobName }: { trainingJobName?: unknown }) => trainingJobName;
const regionOf = (jobs: Record<string, unknown>[]): string | undefined =>
  jobs.map(({ trainingJobArn }) => String(trainingJobArn ?? "").split(":")[3]).find(isText);

/** The stack's settings; secrets are asked for only where there are any of `aws:`. */
async function configOf(ask: Ask): Promise<Map<string, string>> {
  const isAws = ([key]: [string, unknown]) => key.startsWith("aws:");
  let found = Object.entries(await ask<Config>("config", "--json"));
  if (found.some((entry) => isAws(entry) && entry[1].secret)) {
    const shown = Object.entries(await ask<Config>("config", "--json", "--show-secrets"));
    found = [...found.filter((entry) => !isAws(entry)), ...shown.filter(isAws)];
  }
  return new Map(found.map(([key, { value }]) => [key, value ?? ""]));
}

type Config = Record<string, { value?: string; secret?: boolean }>;

/** Does what AWS is needed for; what AWS refuses is said with what to do about it. `actions`: the permissions that it needs. */
export async function onAws<T>(what: string, actions: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { name, message } = error as Error;
    if (areCredentialsExpired(error)) {
      throw new SetupError(
        `${what} failed: ${name}: ${message}\nNext: log in to AWS (such as \`aws sso login\`), or set AWS_PROFILE.`,
      );
    }
    if (!isDenied(error)) {
      // AWS's own words, or those of a connection that failed: where in the SDK they came from helps nobody.
      throw "$metadata" in (error as object) ? new SetupError(`${what} failed: ${name}: ${message}`) : error;
    }
    throw new SetupError(`${what} failed: ${name}: ${message}\nNext: ${howToAllow(message, actions)}.`);
  }
}
