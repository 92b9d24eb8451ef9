import { createHash } from "node:crypto";
import type { CanonicalInputs } from "../args/args";
import type { AwsApi, JobDescription } from "../aws/api";
import { definingInputs } from "./definition";

/** SageMaker's limit on a training job's name. */
const MAX_NAME = 63;
/** Room for `-<hash8>`, an attempt up to `-99` and the fallback's `-od`. */
const SUFFIX_ROOM = "-01234567-99-od".length;

/** Who owns a job: written on it as tags, so that any later deployment recognises it. */
export interface Owner {
  project: string;
  stack: string;
  urn: string;
}

/** The owner as the resource's own inputs name it. */
export const ownerOf = (inputs: CanonicalInputs): Owner => ({
  project: inputs.project ?? "",
  stack: inputs.stack ?? "",
  urn: inputs.logUrn ?? "",
});

/** First 8 hex digits of the SHA-256 of everything that defines the training. */
export function hashOf(inputs: CanonicalInputs): string {
  return createHash("sha256")
    .update(JSON.stringify(definingInputs(inputs)))
    .digest("hex")
    .slice(0, 8);
}

/** `<baseJobName>-<hash>`: the same training always has the same name. */
export function experimentName(inputs: CanonicalInputs): string {
  const base = (inputs.baseJobName ?? "training").slice(0, MAX_NAME - SUFFIX_ROOM).replace(/-+$/, "");
  return `${base}-${hashOf(inputs)}`;
}

/** The name of an attempt: the first has none, the next are `-2`, `-3`, …; `-od` marks the on-demand fallback. */
export function attemptName(experiment: string, attempt: number, onDemand = false): string {
  return `${experiment}${attempt > 1 ? `-${attempt}` : ""}${onDemand ? "-od" : ""}`;
}

/** Tells which creation of the resource a job belongs to now: a replacement may take over the job of what it replaces. */
export const CLAIM_TAG = "pulumi:claim";

export const OWNER_TAGS = [
  "pulumi:project",
  "pulumi:stack",
  "pulumi:urn",
  "pulumi:inputs",
  CLAIM_TAG,
] as const;

/** Tags that say whose job it is. A tag's value has at most 256 characters and no `$`, which URNs have. */
export function ownerTags(owner: Owner, experiment: string): Record<string, string> {
  const value = (text: string) => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "/").slice(-256);
  return {
    "pulumi:project": value(owner.project),
    "pulumi:stack": value(owner.stack),
    "pulumi:urn": value(owner.urn),
    "pulumi:inputs": value(experiment),
  };
}

/** Whether a job with these tags was started by this resource of this stack, with whatever inputs. */
export function isOwnedBy(tags: Record<string, string>, owner: Owner): boolean {
  const { "pulumi:inputs": _inputs, ...own } = ownerTags(owner, "");
  return Object.entries(own).every(([key, value]) => tags[key] === value);
}

/** Whether a job was started by this resource, with these inputs. A job of anybody else is never touched. */
export async function isOurs(
  api: AwsApi,
  job: JobDescription,
  owner: Owner,
  experiment: string,
): Promise<boolean> {
  const tags = await api.tags(job.TrainingJobArn ?? "");
  return isOwnedBy(tags, owner) && tags["pulumi:inputs"] === ownerTags(owner, experiment)["pulumi:inputs"];
}
