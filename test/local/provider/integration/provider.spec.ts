import assert from "node:assert/strict";
import { PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { normalDocument } from "../../../../local/provider/documents.ts";
import type { Provider } from "../../../../local/provider/provider.ts";
import { servedTypes } from "../../../../local/provider/registry.ts";
import { defaultPolicy } from "../../../../local/provider/resources/sns/topicPolicy.ts";
import { holds, type Values } from "../../../../local/provider/values.ts";
import { cases, shared, topicArn } from "../support/cases.ts";
import { LocalProvider } from "../support/localProvider.ts";

const rolePolicy = "aws:iam/rolePolicy:RolePolicy";

/** What AWS keeps of a setting that is deleted: encryption with S3's own keys, the policy of a new topic. */
const left: Record<string, Values> = {
  "aws:sns/topicPolicy:TopicPolicy": {
    arn: topicArn,
    id: topicArn,
    owner: "000000000000",
    policy: normalDocument(JSON.stringify(defaultPolicy(topicArn, "000000000000"))),
    region: "us-east-1",
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    bucket: "shared",
    region: "us-east-1",
    rules: [
      {
        applyServerSideEncryptionByDefault: { kmsMasterKeyId: "", sseAlgorithm: "AES256" },
        blockedEncryptionTypes: [],
        bucketKeyEnabled: false,
      },
    ],
    expectedBucketOwner: "",
    id: "shared",
  },
};

/** Needs a model that is loaded: test/local/aws/integration/hosting.spec.ts has it. */
const elsewhere = "aws:sagemaker/endpoint:Endpoint";

describe("the AWS provider against the local AWS", function () {
  this.timeout(60_000);
  let local: LocalProvider;
  let provider: Provider;

  before(async () => {
    local = await LocalProvider.start();
    provider = local.provider;
    for (const [token, news] of Object.entries(shared)) await local.create(token, "shared", news);
  });
  after(() => local.stop());

  const check = (token: string, name: string, news: Values, olds?: Values) =>
    local.check(token, name, news, olds);
  const create = (token: string, name: string, news: Values) => local.create(token, name, news);

  it("has a case for every type", () => {
    const tokens = servedTypes().map((type) => type.token);
    assert.deepEqual([...Object.keys(cases), elsewhere].sort(), tokens.sort());
  });

  for (const [token, { inputs, change }] of Object.entries(cases)) {
    it(`creates, refreshes, changes and deletes ${token}`, async () => {
      const made = await create(token, "it", inputs);
      const refreshed = await provider.read(token, "it", made.id, made.inputs, made.outputs);
      assert.deepEqual(refreshed, made, "a refresh right after the create shows no drift");

      const news = check(token, "it", { ...inputs, ...change }, made.inputs);
      const { changes, replaces } = provider.diff(token, made.inputs, news);
      const expected = Object.keys(change ?? {}).flatMap((name) =>
        name === "tags" ? ["tags", "tagsAll"] : [name],
      );
      assert.deepEqual([...changes.keys()].sort(), expected.sort());
      assert.equal(replaces, false);
      const outputs = await provider.update(token, "it", made.id, made.inputs, news);
      for (const [property, value] of Object.entries(change ?? {})) {
        const asReported = typeof value === "string" ? normalDocument(value, token === rolePolicy) : value;
        assert.ok(holds(outputs[property], asReported), JSON.stringify(outputs[property]));
      }
      const again = await provider.read(token, "it", made.id, news, outputs);
      assert.deepEqual(again, { id: made.id, inputs: news, outputs }, "nor does one after the update");

      await provider.delete(token, "it", made.id, outputs);
      const gone = await provider.read(token, "it", made.id, news, outputs);
      assert.deepEqual(left[token] ?? {}, gone?.outputs ?? {});
      await provider.delete(token, "it", made.id, outputs);
    });
  }

  it("imports a resource with no difference to the program that made it", async () => {
    const tokens = ["aws:iam/role:Role", "aws:cloudwatch/logGroup:LogGroup", "aws:ecr/repository:Repository"];
    for (const token of tokens) {
      // What only the state knows cannot be imported.
      const program = { ...cases[token].inputs, name: "imported", forceDelete: undefined };
      const { id } = await create(token, "imported", program);
      const imported = await provider.read(token, "imported", id, {}, {});
      assert.ok(imported);
      const news = check(token, "imported", program, imported.inputs);
      assert.deepEqual([...provider.diff(token, imported.inputs, news).changes.keys()], [], token);
    }
  });

  it("empties a bucket with versions before it deletes it", async () => {
    const bucket = await create("aws:s3/bucket:Bucket", "full", { forceDestroy: true });
    await local.s3.send(
      new PutBucketVersioningCommand({ Bucket: bucket.id, VersioningConfiguration: { Status: "Enabled" } }),
    );
    for (const content of ["one", "two"]) {
      await create("aws:s3/bucketObjectv2:BucketObjectv2", "o", { bucket: bucket.id, key: "k", content });
    }
    await provider.delete("aws:s3/bucket:Bucket", "full", bucket.id, bucket.outputs);
    assert.equal(
      await provider.read("aws:s3/bucket:Bucket", "full", bucket.id, bucket.inputs, {}),
      undefined,
    );
  });

  it("looks up what it made", async () => {
    const bucket = await provider.invoke("aws:s3/getBucket:getBucket", { bucket: "shared" });
    assert.equal(bucket.bucketDomainName, "shared.s3.amazonaws.com");
    const repository = await provider.invoke("aws:ecr/getRepository:getRepository", { name: "shared" });
    assert.equal(repository.repositoryUrl, "000000000000.dkr.ecr.us-east-1.amazonaws.com/shared");
    const caller = await provider.invoke("aws:index/getCallerIdentity:getCallerIdentity", {});
    assert.equal(caller.accountId, "000000000000");
    const image = provider.invoke("aws:ecr/getImage:getImage", { repositoryName: "shared", imageTag: "v1" });
    await assert.rejects(image, /"shared" has no image "v1"/);
  });
});
