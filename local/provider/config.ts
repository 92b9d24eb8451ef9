/** The provider's own configuration: `aws:*` of the stack, or the arguments of an explicit `aws.Provider`. */

import { isDeepStrictEqual } from "node:util";
import type { Failure, PropertyChange } from "./findings.ts";
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
  /** URLs by service (s3, iam, ...), where they are not AWS_ENDPOINT_URL. */
  readonly endpoints: Readonly<Record<string, string>>;
}

const served = ["region", "accessKey", "secretKey", "token", "profile", "defaultTags", "endpoints"];

/** Settings that make no difference to a local AWS; `version` and `pluginDownloadURL` are the engine's. */
const harmless = [
  "allowedAccountIds",
  "customCaBundle",
  "ec2MetadataServiceEndpoint",
  "ec2MetadataServiceEndpointMode",
  "forbiddenAccountIds",
  "httpProxy",
  "httpsProxy",
  "insecure",
  "maxRetries",
  "noProxy",
  "pluginDownloadURL",
  "retryMode",
  "s3UsEast1RegionalEndpoint",
  "s3UsePathStyle",
  "sharedConfigFiles",
  "sharedCredentialsFiles",
  "skipCredentialsValidation",
  "skipMetadataApiCheck",
  "skipRegionValidation",
  "skipRequestingAccountId",
  "stsRegion",
  "tagPolicyCompliance",
  "tokenBucketRateLimiterCapacity",
  "useDualstackEndpoint",
  "useFipsEndpoint",
  "userAgents",
  "version",
];

/** Another value of one of these is another place: what is there cannot be changed from here, only made anew. */
const places = ["region", "endpoints", "allowedAccountIds"];

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
    endpoints: parseEndpoints(decode(args.endpoints)),
  };
}

/**
 * What changed in the configuration, and whether the provider, and with it every resource, is another one now: with
 * another region, endpoint or account. Keys of the same account may change. A place that was not recorded before is no
 * other place.
 */
export function diffConfig(olds: Values, news: Values): ReadonlyMap<string, PropertyChange> {
  const changes = new Map<string, PropertyChange>();
  for (const property of new Set([...Object.keys(olds), ...Object.keys(news)])) {
    const [old, next] = [decode(olds[property]), decode(news[property])];
    if (property.startsWith("__") || isDeepStrictEqual(old, next)) continue;
    const kind = old === undefined ? "add" : next === undefined ? "delete" : "update";
    const replaces = kind !== "add" && (places.includes(property) || isOtherAccount(property, old, next));
    changes.set(property, { kind, replaces });
  }
  return changes;
}

/** A local AWS takes an access key of twelve digits for the account's number. */
function isOtherAccount(property: string, old: unknown, next: unknown): boolean {
  return property === "accessKey" && (/^\d{12}$/.test(String(old)) || /^\d{12}$/.test(String(next)));
}

/** `[{ s3: URL, iam: URL }]`, as the AWS provider takes it. */
function parseEndpoints(value: unknown): Record<string, string> {
  const urls = (Array.isArray(value) ? value : []).flatMap((item) =>
    isObject(item) ? Object.entries(item) : [],
  );
  return Object.fromEntries(urls.filter(([, url]) => text(url))) as Record<string, string>;
}

/** `{ tags: {...} }`, as the AWS provider takes it. */
function parseDefaultTags(value: unknown): Record<string, string> {
  const tags = isObject(value) && isObject(value.tags) ? value.tags : {};
  const known = Object.entries(tags).filter(([, v]) => typeof v === "string" && !isUnknown(v));
  return Object.fromEntries(known) as Record<string, string>;
}

/** Nested settings arrive as JSON text. */
function decode(value: unknown): unknown {
  if (typeof value !== "string" || isUnknown(value) || /^\d+$/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && !isUnknown(value) ? value : undefined;
}
