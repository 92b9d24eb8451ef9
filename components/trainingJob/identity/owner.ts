import type { CanonicalInputs } from "../args/args";

/** Made by the owner resource before the first job, and never again: what carries it belongs to that resource, whatever it is called. */
export const MARK_TAG = "pulumi:mark";
/** SHA-256 of what defines the training. */
export const DIGEST_TAG = "pulumi:digest";
/** Tells which creation of the resource a job belongs to now: a replacement may take over the job of what it replaces. */
export const CLAIM_TAG = "pulumi:claim";

const NAME_TAGS = ["pulumi:project", "pulumi:stack", "pulumi:urn"] as const;
/** Tags that a job gets besides the user's. */
export const OWNER_TAGS = [...NAME_TAGS, MARK_TAG, DIGEST_TAG, CLAIM_TAG] as const;

export type Tags = Record<string, string>;

/** What a job is recognised by. */
export interface Ownership {
  /** The owner resource's mark; undefined in states of releases that had none. */
  mark: string | undefined;
  /** Project, stack and URN, as tags: by these a release without marks knew its jobs. */
  names: Tags;
}

export const ownershipOf = (inputs: CanonicalInputs): Ownership => ({
  mark: inputs.mark,
  names: {
    "pulumi:project": tagValue(inputs.project ?? ""),
    "pulumi:stack": tagValue(inputs.stack ?? ""),
    "pulumi:urn": tagValue(inputs.logUrn ?? ""),
  },
});

/** The tags of a job that is started for this training. */
export function ownerTags({ mark, names }: Ownership, digest: string, claim: string): Tags {
  return { ...names, ...(mark ? { [MARK_TAG]: mark } : {}), [DIGEST_TAG]: digest, [CLAIM_TAG]: claim };
}

/**
 * Whether a job with these tags belongs to this resource. A mark decides, whatever else the tags say; without one the names do, as in
 * releases that knew no mark.
 */
export function isOwned(tags: Tags, { mark, names }: Ownership): boolean {
  if (tags[MARK_TAG]) return tags[MARK_TAG] === mark;
  return NAME_TAGS.every((key) => tags[key] === names[key]);
}

/** Whether a job belongs to somebody else for certain: a mark that is not ours. A job that the state names needs no more proof. */
export const isForeign = (tags: Tags, mark: string | undefined): boolean =>
  Boolean(tags[MARK_TAG]) && tags[MARK_TAG] !== mark;

/** Whether a job is of this training: told by its full digest, or by its name alone where an earlier release tagged none. */
export const isSameTraining = (tags: Tags, digest: string): boolean =>
  tags[DIGEST_TAG] === undefined || tags[DIGEST_TAG] === digest;

/** A tag's value has at most 256 characters and no `$`, which URNs have. */
const tagValue = (text: string): string => text.replace(/[^\p{L}\p{Z}\p{N}_.:/=+\-@]/gu, "/").slice(-256);
