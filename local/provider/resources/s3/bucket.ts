/** aws:s3/bucket:Bucket */

import type { S3 } from "@aws-sdk/client-s3";
import { type Aws, partitionOf } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import { defineResource, unserved } from "../../resource.ts";
import { ownTags, type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";
import { bucketState } from "./bucketState.ts";
import { hostedZones } from "./hostedZones.ts";

interface BucketInputs extends Values {
  bucket: string;
  /** Delete all objects, and all their versions, with the bucket. */
  forceDestroy: boolean;
  tags?: Tags;
}

export const bucket = defineResource<BucketInputs>({
  token: "aws:s3/bucket:Bucket",
  autoName: { property: "bucket", maxLength: 63, lowercase: true, prefix: "bucketPrefix" },
  inputs: {
    bucket: { kind: "string", computed: true, replaces: true, maxLength: 63 },
    bucketPrefix: {
      kind: "string",
      computed: true,
      replaces: true,
      stateOnly: true,
      unset: "",
      maxLength: 63 - 26,
    },
    forceDestroy: { kind: "boolean", default: false, stateOnly: true },
    tags: { kind: "map" },

    bucketNamespace: unserved("global", { replaces: true }),
    objectLockEnabled: unserved(false, { replaces: true }),
    // Set by resource types of their own: bucketState.ts reads some of them.
    accelerationStatus: unserved(""),
    acl: unserved(),
    corsRules: unserved([]),
    grants: unserved([]),
    lifecycleRules: unserved([]),
    logging: unserved(),
    objectLockConfiguration: unserved(),
    policy: unserved(""),
    replicationConfiguration: unserved(),
    requestPayer: unserved(""),
    serverSideEncryptionConfiguration: unserved(),
    versioning: unserved(),
    website: unserved(),
  },
  outputs: [
    "arn",
    "bucketDomainName",
    "bucketRegion",
    "bucketRegionalDomainName",
    "hostedZoneId",
    "websiteDomain",
    "websiteEndpoint",
  ],

  async create(aws, inputs) {
    const s3 = await aws.s3();
    const Bucket = inputs.bucket;
    // In us-east-1 the API also accepts a bucket that one owns already, and two stacks would share it.
    if (await ifExists(s3.headBucket({ Bucket }))) {
      throw new Error(
        `the bucket "${Bucket}" exists already: give it another name, delete that one, or take it over with \`pulumi import\``,
      );
    }
    await s3.createBucket({
      Bucket,
      CreateBucketConfiguration:
        aws.region === "us-east-1" ? undefined : { LocationConstraint: aws.region as "eu-west-1" },
    });
    return Bucket;
  },

  async configure(aws, id, inputs) {
    if (inputs.tags) await setTags(await aws.s3(), id, inputs.tags);
  },

  async read(aws, id) {
    const s3 = await aws.s3();
    if (!(await ifExists(s3.headBucket({ Bucket: id })))) return undefined;
    const [tagging, state] = await Promise.all([
      ifExists(s3.getBucketTagging({ Bucket: id })),
      bucketState(s3, id),
    ]);
    return { ...(await describeBucket(aws, id)), ...state, tags: ownTags(tagMap(tagging?.TagSet)) };
  },

  async update(aws, id, { news, changed }) {
    if (changed("tags")) await setTags(await aws.s3(), id, news.tags);
  },

  async delete(aws, id, state) {
    const s3 = await aws.s3();
    if (state.forceDestroy) await ifExists(emptyBucket(s3, id));
    await ifExists(s3.deleteBucket({ Bucket: id }));
  },
});

/** What follows from a bucket's name and region. */
export async function describeBucket(aws: Aws, name: string) {
  const partition = await partitionOf(aws.region);
  return {
    bucket: name,
    arn: `arn:${partition.name}:s3:::${name}`,
    bucketDomainName: `${name}.s3.${partition.dnsSuffix}`,
    bucketRegion: aws.region,
    bucketRegionalDomainName: `${name}.s3.${aws.region}.${partition.dnsSuffix}`,
    hostedZoneId: hostedZones[aws.region] ?? "",
  };
}

async function setTags(s3: S3, Bucket: string, tags: Tags | undefined): Promise<void> {
  const TagSet = tagList(tags);
  if (TagSet.length > 0) await s3.putBucketTagging({ Bucket, Tagging: { TagSet } });
  else await ifExists(s3.deleteBucketTagging({ Bucket }));
}

/** Deletes all versions and delete markers, 1000 (the API's limit) at a time. */
async function emptyBucket(s3: S3, Bucket: string): Promise<void> {
  for (;;) {
    const { Versions = [], DeleteMarkers = [] } = await s3.listObjectVersions({ Bucket, MaxKeys: 1000 });
    const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
    if (Objects.length === 0) return;
    const { Errors = [] } = await s3.deleteObjects({ Bucket, Delete: { Objects, Quiet: true } });
    if (Errors.length > 0) {
      const { Key, Code, Message } = Errors[0];
      throw new Error(
        `could not empty the bucket ${Bucket}: ${Errors.length} objects remain, first ${Key}: ${Code} ${Message}`,
      );
    }
  }
}
