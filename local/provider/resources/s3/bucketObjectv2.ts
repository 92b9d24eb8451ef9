/** aws:s3/bucketObjectv2:BucketObjectv2 */

import type { HeadObjectCommandOutput, ObjectCannedACL, S3, StorageClass } from "@aws-sdk/client-s3";
import { type Asset, contentOf } from "../../assets.ts";
import { partitionOf } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import type { Failure } from "../../findings.ts";
import { defineResource, unserved } from "../../resource.ts";
import { type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";

interface ObjectInputs extends Values {
  bucket: string;
  key: string;
  source?: Asset;
  content?: string;
  contentBase64?: string;
  sourceHash?: string;
  etag?: string;
  acl?: string;
  bucketKeyEnabled?: boolean;
  cacheControl?: string;
  contentDisposition?: string;
  contentEncoding?: string;
  contentLanguage?: string;
  contentType?: string;
  forceDestroy: boolean;
  kmsKeyId?: string;
  metadata?: Tags;
  overrideProvider?: { defaultTags?: { tags?: Tags } };
  serverSideEncryption?: string;
  storageClass?: string;
  tags?: Tags;
  websiteRedirect?: string;
}

/** The properties that PutObject sets with the content. */
const content = [
  "source",
  "content",
  "contentBase64",
  "sourceHash",
  "etag",
  "acl",
  "bucketKeyEnabled",
  "cacheControl",
  "contentDisposition",
  "contentEncoding",
  "contentLanguage",
  "contentType",
  "kmsKeyId",
  "metadata",
  "serverSideEncryption",
  "storageClass",
  "websiteRedirect",
] as const;

const bodies = ["source", "content", "contentBase64"] as const;

export const bucketObjectv2 = defineResource<ObjectInputs>({
  token: "aws:s3/bucketObjectv2:BucketObjectv2",
  autoName: { property: "key", plain: true },
  inputs: {
    bucket: { kind: "string", required: true, replaces: true },
    key: { kind: "string", required: true, replaces: true },
    source: { kind: "asset", stateOnly: true },
    content: { kind: "string", stateOnly: true },
    contentBase64: { kind: "string", stateOnly: true },
    sourceHash: { kind: "string", stateOnly: true },
    etag: { kind: "string", computed: true },
    acl: { kind: "string", computed: true, stateOnly: true },
    bucketKeyEnabled: { kind: "boolean", computed: true },
    cacheControl: { kind: "string", unset: "" },
    checksumAlgorithm: unserved(null, { computed: false }),
    contentDisposition: { kind: "string", unset: "" },
    contentEncoding: { kind: "string", unset: "" },
    contentLanguage: { kind: "string", unset: "" },
    contentType: { kind: "string", computed: true },
    forceDestroy: { kind: "boolean", default: false, stateOnly: true },
    kmsKeyId: { kind: "string", computed: true },
    metadata: { kind: "map" },
    objectLockLegalHoldStatus: unserved("", { computed: false }),
    objectLockMode: unserved("", { computed: false }),
    objectLockRetainUntilDate: unserved("", { computed: false }),
    overrideProvider: { kind: "block", stateOnly: true },
    serverSideEncryption: { kind: "string", computed: true, unset: "" },
    storageClass: { kind: "string", computed: true },
    tags: { kind: "map" },
    websiteRedirect: { kind: "string", unset: "" },
  },
  outputs: [
    "arn",
    "checksumCrc32",
    "checksumCrc32c",
    "checksumCrc64nvme",
    "checksumSha1",
    "checksumSha256",
    "versionId",
  ],
  volatile: { outputs: ["etag", "versionId"], on: content },

  check(inputs) {
    const given = bodies.filter((property) => inputs[property] !== undefined);
    const failures: Failure[] = [];
    if (given.length > 1) {
      failures.push({
        property: given[1],
        reason: `conflicts with ${given[0]}: give one of ${bodies.join(", ")}`,
      });
    }
    return failures;
  },

  async create(aws, inputs) {
    await put(await aws.s3(), inputs);
    return `${inputs.bucket}/${inputs.key}`;
  },

  async read(aws, id, state) {
    const s3 = await aws.s3();
    const [Bucket, Key] = splitId(id);
    const head = await ifExists(s3.headObject({ Bucket, Key }));
    if (!head) return undefined;
    const tagging = await ifExists(s3.getObjectTagging({ Bucket, Key }));
    const { name: partition } = await partitionOf(aws.region);
    return {
      ...describeObject(head),
      bucket: Bucket,
      key: Key,
      acl: state.acl,
      arn: `arn:${partition}:s3:::${Bucket}/${Key}`,
      tags: tagMap(tagging?.TagSet),
    };
  },

  async update(aws, id, { news, changed }) {
    const s3 = await aws.s3();
    if (changed(...content)) return put(s3, news);
    if (changed("tags")) {
      const [Bucket, Key] = splitId(id);
      await s3.putObjectTagging({ Bucket, Key, Tagging: { TagSet: tagList(news.tags) } });
    }
  },

  async delete(aws, id, state) {
    const s3 = await aws.s3();
    const [Bucket, Key] = splitId(id);
    await ifExists(deleteVersions(s3, Bucket, Key, state.forceDestroy));
  },
});

/** `bucket/key`; a key may hold slashes, a bucket's name may not. */
function splitId(id: string): [bucket: string, key: string] {
  const slash = id.indexOf("/");
  return [id.slice(0, slash), id.slice(slash + 1)];
}

async function put(s3: S3, inputs: ObjectInputs): Promise<void> {
  await s3.putObject({
    Bucket: inputs.bucket,
    Key: inputs.key,
    Body: await body(inputs),
    ACL: inputs.acl as ObjectCannedACL | undefined,
    BucketKeyEnabled: inputs.bucketKeyEnabled,
    CacheControl: inputs.cacheControl,
    ContentDisposition: inputs.contentDisposition,
    ContentEncoding: inputs.contentEncoding,
    ContentLanguage: inputs.contentLanguage,
    ContentType: inputs.contentType,
    Metadata: inputs.metadata,
    ServerSideEncryption: inputs.serverSideEncryption as "AES256" | undefined,
    SSEKMSKeyId: inputs.kmsKeyId,
    StorageClass: inputs.storageClass as StorageClass | undefined,
    Tagging: inputs.tags && new URLSearchParams(inputs.tags).toString(),
    WebsiteRedirectLocation: inputs.websiteRedirect,
  });
}

async function body(inputs: ObjectInputs): Promise<Uint8Array> {
  if (inputs.source) return contentOf(inputs.source);
  if (inputs.contentBase64) return Buffer.from(inputs.contentBase64, "base64");
  return Buffer.from(inputs.content ?? "", "utf8");
}

function describeObject(head: HeadObjectCommandOutput) {
  return {
    etag: head.ETag?.replaceAll('"', ""),
    // An object of a bucket without versioning has the version "null".
    versionId: head.VersionId === "null" ? "" : (head.VersionId ?? ""),
    bucketKeyEnabled: head.BucketKeyEnabled ?? false,
    cacheControl: head.CacheControl ?? "",
    contentDisposition: head.ContentDisposition ?? "",
    contentEncoding: head.ContentEncoding ?? "",
    contentLanguage: head.ContentLanguage ?? "",
    contentType: head.ContentType ?? "",
    kmsKeyId: head.SSEKMSKeyId,
    // S3 tells them only of an object that was uploaded with a `checksumAlgorithm`.
    checksumCrc32: "",
    checksumCrc32c: "",
    checksumCrc64nvme: "",
    checksumSha1: "",
    checksumSha256: "",
    metadata: Object.keys(head.Metadata ?? {}).length > 0 ? head.Metadata : undefined,
    serverSideEncryption: head.ServerSideEncryption ?? "",
    // S3 names the storage class only when it is not the standard one.
    storageClass: head.StorageClass ?? "STANDARD",
    websiteRedirect: head.WebsiteRedirectLocation ?? "",
  };
}

/** Deletes the object. In a bucket with versioning that means each of its versions, or it would stay and be paid for. */
async function deleteVersions(s3: S3, Bucket: string, Key: string, force: boolean): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket, Prefix: Key });
  const own = [...Versions, ...DeleteMarkers].filter((version) => version.Key === Key);
  const versioned = own.filter(({ VersionId }) => VersionId && VersionId !== "null");
  for (const { VersionId } of versioned) {
    await s3.deleteObject({ Bucket, Key, VersionId, BypassGovernanceRetention: force || undefined });
  }
  if (versioned.length < own.length || own.length === 0) await s3.deleteObject({ Bucket, Key });
}
