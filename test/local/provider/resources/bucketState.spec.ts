import assert from "node:assert/strict";
import { bucketLifecycleConfiguration } from "../../../../local/provider/resources/s3/bucketLifecycleConfiguration.ts";
import { bucketState } from "../../../../local/provider/resources/s3/bucketState.ts";
import { awsError, fakeAws, inputsOf } from "../support/fakeAws.ts";

describe("what a bucket reports of settings of its own kind", () => {
  it("is what S3 has, a document with sorted keys, and all permissions of one grantee together", async () => {
    const owner = { ID: "me", Type: "CanonicalUser" };
    const everyone = { URI: "http://acs.amazonaws.com/groups/global/AllUsers", Type: "Group" };
    const byDefault = { SSEAlgorithm: "aws:kms", KMSMasterKeyID: "k" };
    const Rules = [{ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: true }];
    const aws = fakeAws({
      "s3.getBucketPolicy": { Policy: '{"Version":"v","Statement":[]}' },
      "s3.getBucketAcl": {
        Grants: [
          { Grantee: owner, Permission: "READ" },
          { Grantee: everyone, Permission: "READ" },
          { Grantee: owner, Permission: "WRITE" },
        ],
      },
      "s3.getBucketEncryption": { ServerSideEncryptionConfiguration: { Rules } },
      "s3.getBucketVersioning": { Status: "Enabled" },
    });
    assert.deepEqual(await bucketState(await aws.s3(), "b"), {
      policy: '{"Statement":[],"Version":"v"}',
      grants: [
        { id: "me", permissions: ["READ", "WRITE"], type: "CanonicalUser", uri: "" },
        { id: "", permissions: ["READ"], type: "Group", uri: everyone.URI },
      ],
      serverSideEncryptionConfiguration: {
        rule: {
          applyServerSideEncryptionByDefault: { kmsMasterKeyId: "k", sseAlgorithm: "aws:kms" },
          bucketKeyEnabled: true,
        },
      },
      versioning: { enabled: true, mfaDelete: false },
    });
  });

  it("is empty where nobody set anything", async () => {
    const aws = fakeAws({
      "s3.getBucketPolicy": awsError("NoSuchBucketPolicy"),
      "s3.getBucketEncryption": awsError("ServerSideEncryptionConfigurationNotFoundError"),
    });
    assert.deepEqual(await bucketState(await aws.s3(), "b"), {
      policy: "",
      grants: [],
      serverSideEncryptionConfiguration: undefined,
      versioning: { enabled: false, mfaDelete: false },
    });
  });
});

describe("aws.s3.BucketLifecycleConfiguration", () => {
  const rules = [{ id: "x", status: "Enabled" }];

  it("says from which size on objects move to another storage class", async () => {
    const size = "varies_by_storage_class";
    const aws = fakeAws({
      "s3.getBucketLifecycleConfiguration": { Rules: [], TransitionDefaultMinimumObjectSize: size },
    });
    const inputs = { bucket: "b", rules, transitionDefaultMinimumObjectSize: size };
    await bucketLifecycleConfiguration.create(aws, inputs);
    const [sent] = inputsOf(aws, "s3.putBucketLifecycleConfiguration");
    assert.equal(sent.TransitionDefaultMinimumObjectSize, size);
    const read = await bucketLifecycleConfiguration.read(aws, "b", {});
    assert.equal(read?.transitionDefaultMinimumObjectSize, size);
  });

  it("has at least one rule", () => {
    const problems = (given: object) => bucketLifecycleConfiguration.check?.({ ...given }).length;
    assert.deepEqual([problems({}), problems({ rules: [] }), problems({ rules })], [1, 1, 0]);
  });
});
