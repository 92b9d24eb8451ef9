import path from "node:path";
import { ClientFault } from "../faultReasons.ts";
import { parseS3Uri, type S3Location, toUri } from "./s3.ts";

/** An object of a channel and where it goes below the channel's directory. */
export interface ChannelObject {
  from: S3Location;
  relative: string;
}

/**
 * Where an object goes for an S3Prefix channel: what follows the prefix; the whole last part of the key when the
 * prefix ends inside a name; the object's own name when the prefix is the object.
 */
export function relativeToPrefix(key: string, prefix: string): string {
  if (key === prefix) return path.posix.basename(key);
  const rest = key.slice(prefix.length);
  if (prefix === "" || prefix.endsWith("/")) return rest;
  if (rest.startsWith("/")) return rest.slice(1);
  return key.slice(prefix.lastIndexOf("/") + 1);
}

/** The objects of a manifest: `[{"prefix": "s3://bucket/p/"}, "a", "b/c"]`. */
export function parseManifest(text: string, uri: string): ChannelObject[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch {
    throw badManifest(uri, "it is not valid JSON");
  }
  if (!Array.isArray(entries)) throw badManifest(uri, "it is not a JSON array");
  const [first, ...rest] = entries as unknown[];
  const prefix = (first as { prefix?: unknown } | undefined)?.prefix;
  if (typeof prefix !== "string" || !prefix.startsWith("s3://")) {
    throw badManifest(uri, 'its first element must be {"prefix": "s3://..."}');
  }
  return rest.map((suffix) => {
    if (typeof suffix !== "string") throw badManifest(uri, "every element after the first must be a string");
    return { from: located(prefix + suffix, uri), relative: suffix };
  });
}

function located(object: string, manifest: string): S3Location {
  try {
    return parseS3Uri(object);
  } catch (error) {
    throw badManifest(manifest, (error as Error).message);
  }
}

const badManifest = (uri: string, why: string) =>
  new ClientFault(`Data download failed:Unable to parse the manifest file ${uri}: ${why}`);

/** The part of a ShardedByS3Key channel that one of `count` hosts gets; every object goes to exactly one host. */
export function shard<T>(objects: T[], host: number, count: number): T[] {
  return objects.filter((_, index) => index % count === host);
}

/** The longest name of a file, in bytes: NAME_MAX of the usual file systems. */
const maxName = 255;

const dataFailed = "Data download failed:Failed to download data. S3 key: ";

/** Throws for keys that cannot become files below the channel's directory, alone or together. */
export function checkKeys(objects: ChannelObject[]): void {
  objects.forEach(checkKey);
  checkNames(objects, dataFailed);
}

/** Throws for what a file system cannot hold, whatever the keys are for. `failed` begins the message. */
export function checkNames(objects: ChannelObject[], failed: string): void {
  const files = new Set(objects.map(({ relative }) => relative));
  for (const { from, relative } of objects) {
    const parts = relative.split("/");
    if (parts.some((part) => Buffer.byteLength(part) > maxName)) {
      throw new ClientFault(`${failed}${toUri(from)} has a name in it that is longer than ${maxName} bytes`);
    }
    const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
    const file = above.find((each) => files.has(each));
    if (file === undefined) continue;
    throw new ClientFault(`${failed}${toUri(from)} needs a folder where another key is a file: ${file}`);
  }
}

function checkKey({ from, relative }: ChannelObject): void {
  const uri = toUri(from);
  if (from.key.includes("//")) {
    throw new ClientFault(`${dataFailed}${uri} has an illegal char sub-sequence '//' in it`);
  }
  const parts = relative.split("/");
  if (relative === "" || parts.includes("..") || parts.includes(".") || relative.includes("\0")) {
    throw new ClientFault(`${dataFailed}${uri} has an illegal path in it`);
  }
}
