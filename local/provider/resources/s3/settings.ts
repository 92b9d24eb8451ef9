/** The settings of a bucket that are resource types of their own. The id of each is the bucket's name, and a bucket has one of each. */

import type { PublicAccessBlockConfiguration, ServerSideEncryptionRule } from "@aws-sdk/client-s3";
import { fromApi, toApi } from "../../apiNames.ts";
import { ifExists } from "../../errors.ts";
import { defineResource, type Input, type ResourceType, unserved } from "../../resource.ts";
import type { Values } from "../../values.ts";

interface Setting<I> {
  token: string;
  inputs: ResourceType<I>["inputs"];
  /** Sets it, whether or not it was set before. */
  put: NonNullable<ResourceType<I>["configure"]>;
  framework?: ResourceType<I>["framework"];
  check?: ResourceType<I>["check"];
  read: ResourceType<I>["read"];
  delete: ResourceType<I>["delete"];
}

interface OfBucket extends Values {
  bucket: string;
}

const ofBucket: Input = { kind: "string", required: true, replaces: true };

/** A resource type that is one setting of one bucket. */
export function bucketSetting<I extends OfBucket>(setting: Setting<I>): ResourceType {
  return defineResource<I>({
    token: setting.token,
    inputs: setting.inputs,
    outputs: [],
    framework: setting.framework,
    check: setting.check,
    async create(aws, inputs) {
      await setting.put(aws, inputs.bucket, inputs);
      return inputs.bucket;
    },
    async read(aws, id, state) {
      const properties = await setting.read(aws, id, state);
      return properties && { bucket: id, ...properties };
    },
    async update(aws, id, { news }) {
      await setting.put(aws, id, news);
    },
    delete: setting.delete,
  });
}

interface PublicAccessInputs extends OfBucket {
  blockPublicAcls: boolean;
  blockPublicPolicy: boolean;
  ignorePublicAcls: boolean;
  restrictPublicBuckets: boolean;
  /** Keep the setting when the resource is deleted. */
  skipDestroy?: boolean;
}

export const bucketPublicAccessBlock = bucketSetting<PublicAccessInputs>({
  token: "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  inputs: {
    bucket: ofBucket,
    blockPublicAcls: { kind: "boolean", default: false },
    blockPublicPolicy: { kind: "boolean", default: false },
    ignorePublicAcls: { kind: "boolean", default: false },
    restrictPublicBuckets: { kind: "boolean", default: false },
    skipDestroy: { kind: "boolean", stateOnly: true },
  },
  async put(aws, Bucket, inputs) {
    const s3 = await aws.s3();
    const { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets } = inputs;
    const block = { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets };
    const configuration = toApi(block) as PublicAccessBlockConfiguration;
    await s3.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: configuration });
  },
  async read(aws, Bucket) {
    const s3 = await aws.s3();
    const answer = await ifExists(s3.getPublicAccessBlock({ Bucket }));
    return answer && fromApi(answer.PublicAccessBlockConfiguration);
  },
  async delete(aws, Bucket, state) {
    const s3 = await aws.s3();
    if (!state.skipDestroy) await ifExists(s3.deletePublicAccessBlock({ Bucket }));
  },
});

interface EncryptionInputs extends OfBucket {
  rules: {
    applyServerSideEncryptionByDefault?: { sseAlgorithm: string; kmsMasterKeyId?: string };
    bucketKeyEnabled?: boolean;
    blockedEncryptionTypes?: string[];
  }[];
}

const encryptionNames = { KMSMasterKeyID: "kmsMasterKeyId", SSEAlgorithm: "sseAlgorithm" };

export const bucketServerSideEncryptionConfiguration = bucketSetting<EncryptionInputs>({
  token: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  inputs: {
    bucket: ofBucket,
    expectedBucketOwner: unserved("", { computed: false }),
    rules: { kind: "block", required: true },
  },
  async put(aws, Bucket, { rules }) {
    const s3 = await aws.s3();
    const Rules = rules.map(({ blockedEncryptionTypes, ...rule }) => ({
      ...(toApi(rule, encryptionNames) as ServerSideEncryptionRule),
      ...(blockedEncryptionTypes && {
        BlockedEncryptionTypes: { EncryptionType: blockedEncryptionTypes as ("NONE" | "SSE-C")[] },
      }),
    }));
    await s3.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: { Rules } });
  },
  async read(aws, Bucket) {
    const s3 = await aws.s3();
    const answer = await ifExists(s3.getBucketEncryption({ Bucket }));
    const rules = answer?.ServerSideEncryptionConfiguration?.Rules?.map(
      ({ BlockedEncryptionTypes, ApplyServerSideEncryptionByDefault, BucketKeyEnabled }) => ({
        applyServerSideEncryptionByDefault: ApplyServerSideEncryptionByDefault && {
          kmsMasterKeyId: "",
          ...fromApi(ApplyServerSideEncryptionByDefault, encryptionNames),
        },
        blockedEncryptionTypes: BlockedEncryptionTypes?.EncryptionType ?? [],
        bucketKeyEnabled: BucketKeyEnabled ?? false,
      }),
    );
    return rules && { rules };
  },
  async delete(aws, Bucket) {
    const s3 = await aws.s3();
    await ifExists(s3.deleteBucketEncryption({ Bucket }));
  },
});

interface PolicyInputs extends OfBucket {
  policy: string;
}

export const bucketPolicy = bucketSetting<PolicyInputs>({
  token: "aws:s3/bucketPolicy:BucketPolicy",
  inputs: { bucket: ofBucket, policy: { kind: "json", required: true } },
  async put(aws, Bucket, { policy }) {
    const s3 = await aws.s3();
    await s3.putBucketPolicy({ Bucket, Policy: policy });
  },
  async read(aws, Bucket) {
    const s3 = await aws.s3();
    const answer = await ifExists(s3.getBucketPolicy({ Bucket }));
    return answer && { policy: answer.Policy };
  },
  async delete(aws, Bucket) {
    const s3 = await aws.s3();
    await ifExists(s3.deleteBucketPolicy({ Bucket }));
  },
});
