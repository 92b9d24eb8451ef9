/** The provider's own configuration: `aws:*` of the stack, or the arguments of an explicit `aws.Provider`. */

import type { Failure } from "./resource.ts";
import { isEmpty, isObject, isUnknown, type Values } from "./values.ts";

export interface ProviderConfig {
  /** AWS region, such as us-east-1; undefined while it is not known. */
  readonly region?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** Named profile of the shared AWS configuration files. */
  readonly profile?: string;
  /** Tags of every resource that can have tags. */
  readonly defaultTags: Readonly<Record<string, string>>;
}

const served = ["region", "accessKey", "secretKey", "token", "profile", "defaultTags"];

/** Settings that make no difference to a local AWS; `version` and `pluginDownloadURL` are the engine's. */
const harmless = [
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "s3UsePathStyle",
  "s3UsEast1RegionalEndpoint",
  "maxRetries",
  "retryMode",
  "userAgents",
  "tokenBucketRateLimiterCapacity",
  "version",
  "pluginDownloadURL",
];

/** Settings that would change what happens but are not served, and what to do. */
export function checkConfig(args: Values): Failure[] {
  return Object.entries(args)
    .filter(([name]) => !served.includes(name) && !harmless.includes(name) && !name.startsWith("__"))
    .filter(([, value]) => !isEmpty(decode(value)))
    .map(([property]) => ({
      property,
      reason:
        `aws:${property} is not served by the local stack's AWS provider, which knows ${served.join(", ")}: ` +
        "remove it from this stack's configuration, or use a real AWS account",
    }));
}

/** Reads the configuration; what it does not say comes from the environment. */
export function parseConfig(args: Values, env: NodeJS.ProcessEnv = process.env): ProviderConfig {
  const accessKeyId = text(args.accessKey);
  const secretAccessKey = text(args.secretKey);
  return {
    region: isUnknown(args.region)
      ? undefined
      : (text(args.region) ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION),
    credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey, sessionToken: text(args.token) }
        : undefined,
    profile: text(args.profile),
    defaultTags: parseDefaultTags(decode(args.defaultTags)),
  };
}

/** `{ tags: {...} }`, as the AWS provider takes it. */
function parseDefaultTags(value: unknown): Record<string, string> {
  const tags = isObject(value) && isObject(value.tags) ? value.tags : {};
  const known = Object.entries(tags).filter(([, v]) => typeof v === "string" && !isUnknown(v));
  return Object.fromEntries(known) as Record<string, string>;
}

/** Nested settings arrive as JSON text. */
function decode(value: unknown): unknown {
  if (typeof value !== "string" || isUnknown(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !isUnknown(value) ? value : undefined;
}
