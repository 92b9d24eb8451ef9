import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { ArtifactStore, type ArtifactStoreArgs } from "../../components/artifactStore";
import { inputsOf, runProgram, settled, typesOf } from "./support/program";

const store = (args?: ArtifactStoreArgs) =>
  runProgram(() => new ArtifactStore("store", args), {
    lookups: { "aws:s3/getBucket:getBucket": { bucket: "ours", arn: "arn:aws:s3:::ours" } },
  });

const BUCKET = "store-bucket-1a2b";

describe("ArtifactStore", () => {
  it("creates a private bucket that is encrypted, takes TLS only and forgets checkpoints", async () => {
    const program = await store({ tags: { team: "imaging" } });

    assert.deepEqual(inputsOf(program, "aws:s3/bucket:Bucket", "store-bucket"), {
      forceDestroy: false,
      tags: { team: "imaging" },
    });
    assert.deepEqual(
      inputsOf(program, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "store-private"),
      {
        bucket: BUCKET,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
    );
    assert.deepEqual(encryption(program), {
      bucket: BUCKET,
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" }, bucketKeyEnabled: false }],
    });
    const { policy, bucket } = inputsOf(program, "aws:s3/bucketPolicy:BucketPolicy", "store-tls-only");
    assert.equal(bucket, BUCKET);
    assert.deepEqual(JSON.parse(String(policy)).Statement, [
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]);
    assert.deepEqual(lifecycle(program), {
      bucket: BUCKET,
      rules: [
        {
          id: "expire-checkpoints",
          status: "Enabled",
          filter: { prefix: "checkpoints/" },
          expiration: { days: 30 },
        },
        {
          id: "abort-incomplete-uploads",
          status: "Enabled",
          filter: { prefix: "" },
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
      ],
    });
    assert.equal(program.resources.length, 6, "the component, and these five");
  });

  it("is used by its URIs", async () => {
    const { result } = await store();
    assert.equal(await settled(result.bucket), BUCKET);
    assert.equal(await settled(result.bucketArn), `arn:aws:s3:::${BUCKET}`);
    assert.equal(await settled(result.artifactsUri), `s3://${BUCKET}/artifacts`);
    assert.equal(await settled(result.checkpointsUri), `s3://${BUCKET}/checkpoints`);
  });

  it("encrypts with a KMS key, with few calls to KMS", async () => {
    const program = await store({ kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/1" });
    assert.deepEqual(encryption(program).rules, [
      {
        applyServerSideEncryptionByDefault: {
          sseAlgorithm: "aws:kms",
          kmsMasterKeyId: "arn:aws:kms:us-east-1:111122223333:key/1",
        },
        bucketKeyEnabled: true,
      },
    ]);
  });

  it("keeps checkpoints as long as it is told to", async () => {
    const [checkpoints] = lifecycle(await store({ checkpointDays: 7 })).rules as { expiration: object }[];
    assert.deepEqual(checkpoints.expiration, { days: 7 });
  });

  it("keeps the bucket and its guards at destroy", async () => {
    const { resources } = await store();
    const [, ...children] = resources;
    assert.deepEqual(
      children.map(({ parent, retainOnDelete }) => [parent, retainOnDelete]),
      children.map(() => ["store", true]),
    );
  });

  it("keeps the name that a bucket has, for one that was taken up again has it from elsewhere", async () => {
    const named = ({ resources }: StoreProgram) =>
      resources.find(({ name }) => name === "store-bucket")?.ignoreChanges;
    assert.deepEqual(named(await store()), ["bucket"]);
    assert.deepEqual(named(await store({ deletePolicy: "delete" })), []);
  });

  it("says whose a bucket is that a destroy keeps, and of no other", async () => {
    const mark = async (args: ArtifactStoreArgs) => (await store(args)).result.mark;
    const kept = await mark({ kmsKeyId: "key" });
    assert.ok(kept);
    assert.deepEqual(await settled(kept), {
      bucket: BUCKET,
      organization: "acme",
      project: "training",
      stack: "dev",
      store: "store",
      kmsKeyId: "key",
    });
    assert.equal(await mark({ deletePolicy: "delete" }), undefined);
    assert.equal(await mark({ bucketName: "ours" }), undefined);
  });

  it("looks for no bucket where the program has a provider of its own: it may be of another account", async () => {
    const program = await runProgram(() => {
      const provider = new aws.Provider("there", { region: "eu-west-1" });
      return new ArtifactStore("store", {}, { providers: [provider] });
    });
    assert.deepEqual(program.calls, []);
    assert.equal(program.result.mark, undefined);
  });

  it("empties and removes the bucket at destroy when it is told to", async () => {
    const program = await store({ deletePolicy: "delete" });
    assert.equal(inputsOf(program, "aws:s3/bucket:Bucket", "store-bucket").forceDestroy, true);
    assert.ok(program.resources.every(({ retainOnDelete }) => !retainOnDelete));
  });

  it("takes an existing bucket as it is", async () => {
    const program = await store({ bucketName: "ours" });
    assert.deepEqual(typesOf(program), []);
    assert.deepEqual(program.calls, [{ token: "aws:s3/getBucket:getBucket", inputs: { bucket: "ours" } }]);
    assert.equal(await settled(program.result.artifactsUri), "s3://ours/artifacts");
    assert.equal(await settled(program.result.bucketArn), "arn:aws:s3:::ours");
  });
});

type StoreProgram = Awaited<ReturnType<typeof store>>;

const encryption = (program: StoreProgram) =>
  inputsOf(
    program,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "store-encryption",
  );

const lifecycle = (program: StoreProgram) =>
  inputsOf(program, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", "store-lifecycle");
