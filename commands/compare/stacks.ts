import { S3Client } from "@aws-sdk/client-s3";
import { projectDir } from "../../local/paths.ts";
import type { Report } from "../../local/report.ts";
import { run } from "../../local/run.ts";
import { SetupError } from "../../local/setupError.ts";
import { ensureLocalStack, STACK } from "../../local/stack.ts";
import { placesOfOutputs, placesOfState, unique } from "./places";
import type { Place } from "./records";

/** Where `pulumi` and S3 are asked. */
export interface Backend {
  pulumi: string;
  env: NodeJS.ProcessEnv;
  s3: S3Client;
}

/** The local stack's backend and AWS. */
export async function localBackend(report: Report): Promise<Backend> {
  const { engine, env, aws } = await ensureLocalStack(report);
  const { endpoint, credentials } = aws;
  const s3 = new S3Client({ endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  return { pulumi: engine.pulumi, env, s3 };
}

/** Those that this shell is on: its login to Pulumi, and its credentials, region and endpoint of AWS. */
export function shellBackend(env: NodeJS.ProcessEnv = process.env): Backend {
  const region = env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  const forcePathStyle = Boolean(env.AWS_ENDPOINT_URL ?? env.AWS_ENDPOINT_URL_S3);
  // A bucket may be in any region: S3 says in which.
  const s3 = new S3Client({ ...(region ? { region } : {}), forcePathStyle, followRegionRedirects: true });
  return { pulumi: "pulumi", env, s3 };
}

export const isLocal = (stack: string): boolean => stack === STACK;

/** Places of the stacks named, or of all stacks of this project that the backend has. */
export async function placesOfStacks(backend: Backend, named: string[]): Promise<Place[]> {
  const stacks = named.length > 0 ? named : await allStacks(backend);
  const places: Place[] = [];
  for (const stack of stacks) {
    const ofOutputs = placesOfOutputs(await pulumi(backend, ["stack", "output", "--json", "--stack", stack]));
    places.push(
      ...(ofOutputs.length > 0
        ? ofOutputs
        : placesOfState(await pulumi(backend, ["stack", "export", "--stack", stack]))),
    );
  }
  return unique(places);
}

async function allStacks(backend: Backend): Promise<string[]> {
  const listed = await pulumi<{ name: string }[]>(backend, ["stack", "ls", "--json"]);
  return listed.map(({ name }) => name);
}

async function pulumi<T = Record<string, unknown>>(
  { pulumi: command, env }: Backend,
  args: string[],
): Promise<T> {
  const done = await run(command, [...args, "--non-interactive"], { cwd: projectDir, env }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      throw new SetupError(
        "There is no Pulumi CLI on PATH to ask for the stacks: install it, or name a bucket with --bucket.",
      );
    },
  );
  if (done.code !== 0) throw new SetupError(`pulumi ${args.join(" ")} failed:\n${done.output.trim()}`);
  return JSON.parse(done.stdout);
}
