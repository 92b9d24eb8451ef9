import { createHash } from "node:crypto";

/** Pulumi makes a physical name of a resource's: a hyphen and seven hex digits follow. */
const SUFFIX = 8;
/** Longest name of a resource that a bucket's (at most 63 characters, S3's naming rules) can be made of. */
export const BUCKET_NAME = 63 - SUFFIX;
/** Longest name of a resource that a role's (at most 64 characters, IAM quotas) can be made of. */
export const ROLE_NAME = 64 - SUFFIX;
/** Longest name of a resource that an EventBridge rule's (at most 64 characters, API_PutRule) can be made of. */
export const RULE_NAME = 64 - SUFFIX;

/** A name as it is where it fits; a longer one loses its middle to six hex digits of its hash, so that no two become one. */
export function fitName(name: string, most: number): string {
  if (name.length <= most) return name;
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 6);
  const [end = ""] = /-[a-z]+$/.exec(name.slice(-20)) ?? [];
  return `${name.slice(0, most - hash.length - end.length - 1)}-${hash}${end}`;
}
