import * as fs from "node:fs";
import * as path from "node:path";
import type { DescribeTrainingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import type { JobRecord } from "../../../local/aws/sagemaker/record.ts";

const FOLDER = path.resolve(__dirname, "../../fixtures/states");

/** A stack as an earlier release left it: what `pulumi stack export` gave, and what the local AWS held then. */
export interface RecordedState {
  /** Version of the program that made it. */
  version: string;
  /** Pulumi.test.yaml: with the salt that its secrets, and the state's, are encrypted with. */
  settings: { config: Record<string, unknown>; encryptionsalt: string };
  /** Environment of the deployment, beyond that of every engine test. */
  env: Record<string, string>;
  /** The files of the training code, by their path in the project. */
  files: Record<string, string>;
  /** Output of `pulumi stack export` without positions in sources, and with placeholders in place of paths. */
  state: { deployment: { resources: StateResource[] } };
  aws: RecordedAws;
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
}

export interface RecordedAws {
  /** Bodies are base64. */
  buckets: { name: string; objects: Record<string, string> }[];
  roles: { name: string; trust: string; policies: Record<string, string> }[];
  jobs: RecordedJob[];
}

export interface RecordedJob {
  /** The local SageMaker's own file of it. */
  record: JobRecord;
  /** The answer of DescribeTrainingJob. */
  description: Omit<DescribeTrainingJobCommandOutput, "$metadata">;
  tags: Record<string, string>;
}

/** Stand for paths of the machine that recorded, in every text of a state. */
export const PLACEHOLDERS = {
  /** Folder of the Pulumi project. */
  project: "{{project}}",
  /** The source bundle's archive on disk. */
  archive: "{{archive}}",
  /** State directory of the local AWS: reasons of failed jobs name it. */
  aws: "{{aws}}",
} as const;

export const TRAINING_JOB = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";

export const stateFile = (name: string): string => path.join(FOLDER, `${name}.json`);

/** The names of all recorded states. */
export const recordedNames = (): string[] =>
  fs
    .readdirSync(FOLDER)
    .filter((file) => file.endsWith(".json"))
    .map((file) => path.basename(file, ".json"))
    .sort();

export const readState = (name: string): RecordedState =>
  JSON.parse(fs.readFileSync(stateFile(name), "utf8"));

/** The training job of a recorded state. */
export function jobOf({ state }: RecordedState): StateResource {
  const [job, ...others] = state.deployment.resources.filter(({ type }) => type === TRAINING_JOB);
  if (!job || others.length > 0) throw new Error("a recorded state has exactly one training job");
  return job;
}

/** A copy in which each text stands where another stood: placeholders for paths, or paths for placeholders. */
export function replaced<T>(value: T, texts: [from: string, to: string][]): T {
  let json = JSON.stringify(value);
  // Inside the quotes of JSON: a text may hold what JSON escapes.
  const inner = (text: string) => JSON.stringify(text).slice(1, -1);
  for (const [from, to] of texts) json = json.replaceAll(inner(from), inner(to));
  return JSON.parse(json);
}
