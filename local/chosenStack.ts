import { parseArgs } from "node:util";
import type { AwsApi } from "../components/trainingJob/aws/api.ts";
import { howToAllow, isDenied } from "../components/trainingJob/aws/denied.ts";
import { areCredentialsExpired } from "../components/trainingJob/aws/retries.ts";
import { type AwsClients, awsApi, awsClients } from "../components/trainingJob/aws/sdk.ts";
import { awsSession } from "../components/trainingJob/aws/session.ts";
import { ensureEngine } from "./engine/engine.ts";
import type { Report } from "./report.ts";
import { run } from "./run.ts";
import { SetupError } from "./setupError.ts";
import { ensureLocalStack, foreignVariables, STACK, stackVariables } from "./stack.ts";

/** The stack that a command which follows a run works on: `local`, or any other with the user's own backend and AWS account. */
export interface ChosenStack {
  name: string;
  outputs: Record<string, unknown>;
  /** Every training job that the state names. */
  jobNames: string[];
  /** What the jobs of this stack carry as a tag, also those that the state does not name yet. */
  marks: string[];
  clients: AwsClients;
  api: AwsApi;
}

/** What such a command is called with; `--stack` is `local` unless given. */
export function stackArguments<
  T extends Record<string, { type: "string" | "boolean"; default?: string | boolean }>,
>(options: T, args = process.argv.slice(2)) {
  try {
    return parseArgs({ args, options: { stack: { type: "string", default: STACK }, ...options } }).values;
  } catch (error) {
    throw new SetupError((error as Error).message);
  }
}

/** Finds the stack, what its state tells, and the AWS that it is on. */
export async function chooseStack(name: string, report: Report): Promise<ChosenStack> {
  const pulumi = name === STACK ? await enterLocalStack(report) : (await ensureEngine(report)).pulumi;
  const ask = async (...args: string[]) => {
    const done = await run(pulumi, [...args, "--stack", name, "--non-interactive"], { env: process.env });
    if (done.code !== 0) {
      throw new SetupError(
        `pulumi ${args.join(" ")} --stack ${name} failed: ${done.output.trim()}\n` +
          `Next: ${name === STACK ? "run `npm start` first" : "name the stack with --stack NAME (`pulumi stack ls` lists them), after `pulumi login`"}.`,
      );
    }
    return JSON.parse(done.stdout);
  };
  const { deployment } = await ask("stack", "export");
  const resources: StateResource[] = deployment.resources ?? [];
  const ofType = (end: string) =>
    resources.filter(({ type }) => type.endsWith(end)).map(({ outputs }) => outputs ?? {});
  const jobs = ofType("sagemaker:TrainingJob");
  const config = await awsConfig(ask);
  const owners = ofType("sagemaker:TrainingJobOwner");
  // A job may follow an `aws.Provider` of its own; states of earlier releases have no owner.
  const region =
    owners
      .flatMap(({ regions }) => regions)
      .filter(isText)
      .at(-1) ??
    config.get("aws:region") ??
    regionOf(jobs);
  const clients = awsClients(awsSession((key) => config.get(key), region));
  return {
    name,
    outputs: ofType("pulumi:pulumi:Stack")[0] ?? {},
    jobNames: jobs
      .flatMap((job) => [...((job.attempts ?? []) as { trainingJobName: string }[]), job])
      .map(nameOf)
      .filter(isText),
    marks: owners.map(({ mark }) => mark).filter(isText),
    clients,
    api: awsApi(clients),
  };
}

interface StateResource {
  type: string;
  outputs?: Record<string, unknown>;
}

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const nameOf = ({ trainingJobName }: { trainingJobName?: unknown }) => trainingJobName;
const regionOf = (jobs: Record<string, unknown>[]): string | undefined =>
  jobs.map(({ trainingJobArn }) => String(trainingJobArn ?? "").split(":")[3]).find(isText);

/** Puts this process on the local stack; returns its `pulumi`. */
async function enterLocalStack(report: Report): Promise<string> {
  const stack = await ensureLocalStack(report);
  for (const name of foreignVariables(process.env, stackVariables(stack.aws))) delete process.env[name];
  Object.assign(process.env, stack.env);
  return stack.engine.pulumi;
}

/** The stack's `aws:` settings; those that are kept secret are asked for only where there are any. */
async function awsConfig(ask: (...args: string[]) => Promise<Config>): Promise<Map<string, string>> {
  const isAws = ([key]: [string, unknown]) => key.startsWith("aws:");
  let found = Object.entries(await ask("config", "--json")).filter(isAws);
  if (found.some(([, { secret }]) => secret)) {
    found = Object.entries(await ask("config", "--json", "--show-secrets")).filter(isAws);
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
    if (!isDenied(error)) throw error;
    throw new SetupError(`${what} failed: ${name}: ${message}\nNext: ${howToAllow(message, actions)}.`);
  }
}
