import assert from "node:assert/strict";
import { bucket } from "../../../../local/provider/resources/s3/bucket.ts";
import {
  fromLifecycleRule,
  toLifecycleRule,
} from "../../../../local/provider/resources/s3/bucketLifecycleConfiguration.ts";
import { bucketObjectv2 } from "../../../../local/provider/resources/s3/bucketObjectv2.ts";
import {
  bucketPublicAccessBlock,
  bucketServerSideEncryptionConfiguration,
} from "../../../../local/provider/resources/s3/settings.ts";
import { awsError, fakeAws, inputsOf } from "../support/fakeAws.ts";

const absent = { "s3.headBucket": awsError("NotFound") };

describe("aws.s3.Bucket", () => {
  it("names the location outside us-east-1 only", async () => {
    for (const [region, expected] of [
      ["us-east-1", undefined],
      ["eu-west-1", { LocationConstraint: "eu-west-1" }],
    ] as const) {
      const aws = fakeAws(absent, region);
      await bucket.create(aws, { bucket: "b" });
      assert.deepEqual(inputsOf(aws, "s3.createBucket")[0].CreateBucketConfiguration, expected);
    }
  });

  it("does not take over a bucket that exists", async () => {
    const aws = fakeAws();
    await assert.rejects(bucket.create(aws, { bucket: "b" }), /"b" exists already.*pulumi import/);
    assert.deepEqual(inputsOf(aws, "s3.createBucket"), []);
  });

  it("deletes its objects, versions and markers only when told to", async () => {
    let pages = 0;
    const listing = () =>
      pages++ === 0
        ? { Versions: [{ Key: "a", VersionId: "1" }], DeleteMarkers: [{ Key: "b", VersionId: "2" }] }
        : {};
    const forced = fakeAws({ "s3.listObjectVersions": listing });
    await bucket.delete(forced, "b", { forceDestroy: true });
    assert.deepEqual(inputsOf(forced, "s3.deleteObjects")[0].Delete, {
      Objects: [
        { Key: "a", VersionId: "1" },
        { Key: "b", VersionId: "2" },
      ],
      Quiet: true,
    });
    const careful = fakeAws({ "s3.deleteBucket": awsError("BucketNotEmpty") });
    await assert.rejects(bucket.delete(careful, "b", { forceDestroy: false }), /BucketNotEmpty/);
    assert.deepEqual(inputsOf(careful, "s3.listObjectVersions"), []);
  });

  it("says which objects could not be deleted", async () => {
    const aws = fakeAws({
      "s3.listObjectVersions": { Versions: [{ Key: "a", VersionId: "1" }] },
      "s3.deleteObjects": { Errors: [{ Key: "a", Code: "AccessDenied", Message: "locked" }] },
    });
    await assert.rejects(
      bucket.delete(aws, "b", { forceDestroy: true }),
      /1 objects remain, first a: AccessDenied locked/,
    );
  });

  it("is gone already: no error", async () => {
    const aws = fakeAws({
      "s3.listObjectVersions": awsError("NoSuchBucket"),
      "s3.deleteBucket": awsError("NoSuchBucket"),
    });
    await bucket.delete(aws, "b", { forceDestroy: true });
  });
});

describe("settings of a bucket", () => {
  it("send exactly what they hold", async () => {
    const aws = fakeAws();
    const block = {
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: false,
      restrictPublicBuckets: true,
    };
    await bucketPublicAccessBlock.create(aws, {
      bucket: "b",
      region: "us-east-1",
      skipDestroy: false,
      ...block,
    });
    assert.deepEqual(inputsOf(aws, "s3.putPublicAccessBlock"), [
      {
        Bucket: "b",
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: false,
          RestrictPublicBuckets: true,
        },
      },
    ]);
  });

  it("name encryption as the API does, and back", async () => {
    const rule = {
      applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "k" },
      bucketKeyEnabled: true,
      blockedEncryptionTypes: ["SSE-C"],
    };
    const api = {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "k" },
      BucketKeyEnabled: true,
      BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
    };
    const ServerSideEncryptionConfiguration = { Rules: [api] };
    const aws = fakeAws({ "s3.getBucketEncryption": { ServerSideEncryptionConfiguration } });
    await bucketServerSideEncryptionConfiguration.create(aws, { bucket: "b", rules: [rule] });
    assert.deepEqual(inputsOf(aws, "s3.putBucketEncryption")[0], {
      Bucket: "b",
      ServerSideEncryptionConfiguration,
    });
    const read = await bucketServerSideEncryptionConfiguration.read(aws, "b", {});
    assert.deepEqual(read, { bucket: "b", rules: [rule] });
  });
});

describe("lifecycle rules", () => {
  it("translate both ways", () => {
    const rule = {
      id: "x",
      status: "Enabled",
      filter: { and: { prefix: "p/", tags: { a: "1" } } },
      expiration: { days: 3 },
      transitions: [{ days: 1, storageClass: "GLACIER" }],
    };
    const api = toLifecycleRule(rule);
    assert.deepEqual(api, {
      ID: "x",
      Status: "Enabled",
      Filter: { And: { Prefix: "p/", Tags: [{ Key: "a", Value: "1" }] } },
      Expiration: { Days: 3 },
      Transitions: [{ Days: 1, StorageClass: "GLACIER" }],
    });
    assert.deepEqual(fromLifecycleRule(api), {
      ...rule,
      expiration: { days: 3, expiredObjectDeleteMarker: false },
      noncurrentVersionTransitions: [],
      prefix: "",
    });
  });

  it("send dates as dates, and are for the whole bucket without a filter", () => {
    const api = toLifecycleRule({ id: "x", status: "Enabled", expiration: { date: "2030-01-01T00:00:00Z" } });
    assert.deepEqual(api.Expiration?.Date, new Date("2030-01-01T00:00:00Z"));
    assert.deepEqual(api.Filter, { Prefix: "" });
    assert.equal(fromLifecycleRule(api).expiration?.date, "2030-01-01T00:00:00Z");
  });
});

describe("aws.s3.BucketObjectv2", () => {
  const inputs = { bucket: "b", key: "dir/k", forceDestroy: false };

  it("uploads text, bytes and nothing", async () => {
    for (const [body, expected] of [
      [{ content: "hällo" }, "hällo"],
      [{ contentBase64: Buffer.from([0, 255]).toString("base64") }, Buffer.from([0, 255]).toString()],
      [{ source: { text: "asset" } }, "asset"],
      [{}, ""],
    ] as const) {
      const aws = fakeAws();
      assert.equal(await bucketObjectv2.create(aws, { ...inputs, ...body }), "b/dir/k");
      assert.equal(Buffer.from(inputsOf(aws, "s3.putObject")[0].Body as Uint8Array).toString(), expected);
    }
  });

  it("changes tags without uploading again", async () => {
    const aws = fakeAws();
    const olds = { ...inputs, content: "x" };
    const news = { ...olds, tags: { a: "1" } };
    await bucketObjectv2.update?.(aws, "b/dir/k", {
      olds,
      news,
      changed: (...names) => names.includes("tags"),
    });
    assert.deepEqual(
      aws.calls.map((call) => call.operation),
      ["s3.putObjectTagging"],
    );
  });

  it("reports the ETag without quotes, and the standard storage class by name", async () => {
    const aws = fakeAws({ "s3.headObject": { ETag: '"abc"', VersionId: "null" } });
    const read = await bucketObjectv2.read(aws, "b/dir/k", {});
    assert.equal(read?.etag, "abc");
    assert.equal(read?.versionId, "");
    assert.equal(read?.storageClass, "STANDARD");
    assert.equal(read?.arn, "arn:aws:s3:::b/dir/k");
    assert.deepEqual([read?.bucket, read?.key], ["b", "dir/k"]);
  });

  it("deletes every version of itself and nothing else", async () => {
    const aws = fakeAws({
      "s3.listObjectVersions": {
        Versions: [
          { Key: "dir/k", VersionId: "1" },
          { Key: "dir/k2", VersionId: "2" },
        ],
        DeleteMarkers: [{ Key: "dir/k", VersionId: "3" }],
      },
    });
    await bucketObjectv2.delete(aws, "b/dir/k", inputs);
    const deleted = inputsOf(aws, "s3.deleteObject").map((input) => `${input.Key}@${input.VersionId}`);
    assert.deepEqual(deleted, ["dir/k@1", "dir/k@3"]);
  });

  it("deletes a plain object without naming a version", async () => {
    const aws = fakeAws({ "s3.listObjectVersions": { Versions: [{ Key: "dir/k", VersionId: "null" }] } });
    await bucketObjectv2.delete(aws, "b/dir/k", inputs);
    assert.deepEqual(inputsOf(aws, "s3.deleteObject"), [{ Bucket: "b", Key: "dir/k" }]);
  });

  it("takes one body only", () => {
    const failures = bucketObjectv2.check?.({ content: "a", source: { text: "b" } }) ?? [];
    assert.match(failures[0].reason, /conflicts with source: give one of source, content, contentBase64/);
  });
});
