import assert from "node:assert/strict";
import { privateBuckets } from "../../../policies/rules/privateBuckets";
import { examineStack, type StackResource } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { jobKinds, unknown } from "../support/jobs";

const bucket: StackResource = { type: "aws:s3/bucket:Bucket", name: "store", props: { bucket: "store-1" } };
const ofBucket = { bucket: "store" };

const block = companion("BucketPublicAccessBlock", {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
});
const encryption = companion("BucketServerSideEncryptionConfiguration", {
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
});
const tls = companion("BucketPolicy", { policy: tlsOnly({}) });
const whole = [bucket, block, encryption, tls];

function companion(type: string, props: object): StackResource {
  const module = `${type[0]?.toLowerCase()}${type.slice(1)}`;
  return {
    type: `aws:s3/${module}:${type}`,
    name: module,
    props: { bucket: unknown.text, ...props },
    dependsOn: ofBucket,
  };
}

function tlsOnly(changes: object): string {
  const statement = {
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: "*",
    Condition: { Bool: { "aws:SecureTransport": "false" } },
    ...changes,
  };
  return JSON.stringify({ Statement: [statement] });
}

const training = jobKinds[0]?.job() as StackResource;
const examine = (resources: StackResource[], config = {}) =>
  examineStack(privateBuckets, [...resources, training], {}, config);
const without = (left: StackResource) => whole.filter((resource) => resource !== left);

describe("private-buckets", () => {
  it("passes a bucket with all its guards, and a stack without buckets", () => {
    assertPasses(examine(whole));
    assertPasses(examine([]));
  });

  it("refuses a bucket that is not closed to the public", () => {
    assertRefuses(
      examine(without(block)),
      'bucket "store" has no BucketPublicAccessBlock',
      "must be closed to the public",
      "Add a BucketPublicAccessBlock",
    );
    for (const name of Object.keys(block.props).filter((key) => key !== "bucket")) {
      const open = { ...block, props: { ...block.props, [name]: false } };
      assertRefuses(examine([...without(block), open]), `does not set ${name}`);
    }
  });

  it("takes a policy on TLS in any spelling of IAM", () => {
    for (const changes of [
      { Action: ["S3:*"] },
      { Principal: { AWS: ["*"] } },
      { Condition: { Bool: { "aws:SecureTransport": ["false"] } } },
      { Condition: { Bool: { "aws:SecureTransport": false } } },
      { Condition: { Bool: { "aws:securetransport": "false" } } },
      { Condition: { BoolIfExists: { "aws:SecureTransport": "false" } } },
      { Resource: ["arn:aws:s3:::store-1", "arn:aws:s3:::store-1/*"] },
      { Resource: "arn:aws-cn:s3:::store-1*" },
    ]) {
      assertPasses(examine([...without(tls), companion("BucketPolicy", { policy: tlsOnly(changes) })]));
    }
  });

  it("refuses a policy on TLS that leaves out a part of the bucket, or of those who ask", () => {
    for (const changes of [
      { Resource: "arn:aws:s3:::store-1" },
      { Resource: "arn:aws:s3:::store-1/*" },
      { Resource: ["arn:aws:s3:::store-1", "arn:aws:s3:::store-1/models/*"] },
      { Resource: undefined, NotResource: "arn:aws:s3:::store-1/open/*" },
      {
        Condition: {
          Bool: { "aws:SecureTransport": "false" },
          StringEquals: { "aws:PrincipalAccount": "1" },
        },
      },
      { Condition: { Bool: { "aws:SecureTransport": "false", "aws:ViaAWSService": "false" } } },
      { Condition: { Bool: { "aws:SecureTransport": ["true", "false"] } } },
    ]) {
      assertRefuses(
        examine([...without(tls), companion("BucketPolicy", { policy: tlsOnly(changes) })]),
        "accepts requests without TLS",
      );
    }
  });

  it("has nothing to say of a bucket that is not part of the update", () => {
    assertPasses(examine([{ ...bucket, props: {} }]));
  });

  it("takes the encryption that S3 gives every bucket, with or without a resource that says so", () => {
    assertPasses(examine(without(encryption)));
    assertRefuses(
      examine(without(encryption), { requireKms: true }),
      "has the default encryption of S3 itself",
      "encryption with a KMS key is required",
    );
  });

  it("asks for a KMS key where it is configured to", () => {
    const kms = companion("BucketServerSideEncryptionConfiguration", {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
    });
    assertRefuses(examine(whole, { requireKms: true }), "the default encryption AES256", "with a KMS key");
    assertPasses(examine([...without(encryption), kms], { requireKms: true }));
  });

  it("refuses a bucket that can be reached without TLS", () => {
    assertRefuses(
      examine(without(tls)),
      "accepts requests without TLS",
      "TLS is required",
      "Add a BucketPolicy",
    );
    for (const weaker of [
      { Effect: "Allow" },
      { Principal: { AWS: "arn:aws:iam::123456789012:root" } },
      { Action: "s3:GetObject" },
      { Condition: { Bool: { "aws:SecureTransport": "true" } } },
      { Condition: undefined },
    ]) {
      const policy = companion("BucketPolicy", { policy: tlsOnly(weaker) });
      assertRefuses(examine([...without(tls), policy]), "accepts requests without TLS");
    }
  });

  it("counts only the guards of the bucket itself", () => {
    const other = { ...bucket, name: "other", props: { bucket: "other-1" } };
    const open = examine([...whole, other]);
    assertRefuses({ ...open, violations: open.violations.slice(0, 1) }, 'bucket "other"');
  });

  it("finds a guard that names the bucket", () => {
    const named = { ...block, props: { ...block.props, bucket: "store-1" }, dependsOn: undefined };
    assertPasses(examine([...without(block), named]));
    const another = { ...named, props: { ...named.props, bucket: "store-2" } };
    assertRefuses(examine([...without(block), another]), "BucketPublicAccessBlock");
  });

  it("finds a guard whose name comes from where the bucket's does, known or not", () => {
    const pet: StackResource = { type: "random:index/randomPet:RandomPet", name: "pet", props: {} };
    for (const name of [unknown.text, "a-pet"]) {
      const owned = { ...bucket, props: { bucket: name }, dependsOn: { bucket: "pet" } };
      const guards = [block, tls].map((guard) => ({
        ...guard,
        props: { ...guard.props, bucket: name },
        dependsOn: { bucket: "pet" },
      }));
      assertPasses(examine([pet, owned, ...guards]));
      assertRefuses(examine([pet, owned, guards[1] as StackResource]), "has no BucketPublicAccessBlock");
    }
    const ofPet = { bucket: "pet" };
    const [one, other] = ["a-pet", "a-pet-logs"].map((name) => ({
      ...bucket,
      props: { bucket: name },
      dependsOn: ofPet,
    }));
    const guards = [block, tls].map((guard) => ({
      ...guard,
      props: { ...guard.props, bucket: "a-pet" },
      dependsOn: ofPet,
    }));
    assertPasses(examine([pet, one as StackResource, ...guards]));
    assert.equal(examine([pet, other as StackResource, ...guards]).violations.length, 2);
  });

  it("takes no guard without a name for that of a bucket without a name", () => {
    const nameless = { ...bucket, props: { forceDestroy: false } };
    const guard = { ...block, props: { ...block.props, bucket: undefined }, dependsOn: undefined };
    const { violations } = examine([nameless, guard]);
    assert.match(violations.join(), /has no BucketPublicAccessBlock/);
  });

  it("counts a block of the whole account", () => {
    const account: StackResource = {
      type: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
      name: "all",
      props: { ...block.props, bucket: undefined },
    };
    assertPasses(examine([...without(block), account]));
  });

  it("looks at the buckets of aws-native", () => {
    const { bucket: _, ...closed } = block.props as Record<string, unknown>;
    const native: StackResource = {
      type: "aws-native:s3:Bucket",
      name: "store",
      props: {
        bucketName: "store-1",
        publicAccessBlockConfiguration: closed,
        bucketEncryption: {
          serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }],
        },
      },
    };
    const policy: StackResource = {
      type: "aws-native:s3:BucketPolicy",
      name: "tls",
      props: { bucket: "store-1", policyDocument: JSON.parse(tlsOnly({})) },
    };
    assertPasses(examine([native, policy], { requireKms: true }));
    assertRefuses(examine([native]), "accepts requests without TLS");
    assert.equal(
      examine([{ ...native, props: { bucketName: "store-1" } }, policy], { requireKms: true }).violations
        .length,
      2,
    );
  });

  it("takes the settings of the bucket itself", () => {
    const rule = { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } };
    const complete = {
      ...bucket,
      props: { bucket: "store-1", serverSideEncryptionConfiguration: { rule }, policy: tlsOnly({}) },
    };
    assertPasses(examine([complete, block]));
  });

  it("leaves an exempt bucket alone", () => {
    assertPasses(examine([bucket], { exemptNames: ["st*"] }));
  });

  it("says that it could not look at a value which is not known yet", () => {
    const later = companion("BucketPolicy", { policy: unknown.text });
    assertUnseen(examine([...without(tls), later]), 'bucket "store": policy');
  });
});
