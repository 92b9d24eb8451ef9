import assert from "node:assert/strict";
import { PutBucketVersioningCommand } from "@aws-sdk/client-s3";
import { normalDocument } from "../../../../local/provider/documents.ts";
import type { Provider } from "../../../../local/provider/provider.ts";
import { servedTypes } from "../../../../local/provider/registry.ts";
import { defaultPolicy } from "../../../../local/provider/resources/sns/topicPolicy.ts";
import { holds, type Values } from "../../../../local/provider/values.ts";
import { LocalProvider } from "../support/localProvider.ts";
import { allow, bucketAllow, trust } from "../support/policyDocuments.ts";

interface Case {
  inputs: Values;
  /** What the next deployment changes in place. */
  change?: Values;
}

const keep = (countNumber: number) =>
  JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber },
        action: { type: "expire" },
      },
    ],
  });
const dashboardBody = (markdown: string) =>
  JSON.stringify({ widgets: [{ type: "text", x: 0, y: 0, width: 3, height: 3, properties: { markdown } }] });

const closed = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true };
const job = {
  trainingJobName: "it-job",
  roleArn: "arn:aws:iam::000000000000:role/shared",
  algorithmSpecification: {
    trainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-cpu-py311",
    trainingInputMode: "File",
  },
  outputDataConfig: { s3OutputPath: "s3://shared/out" },
  resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 1, volumeSizeInGb: 30 },
  stoppingCondition: { maxRuntimeInSeconds: 60 },
};

const servedModel = {
  executionRoleArn: "arn:aws:iam::000000000000:role/shared",
  primaryContainer: {
    image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4.0-cpu-py311",
    environment: { SAGEMAKER_PROGRAM: "inference.py" },
  },
};

const topicArn = "arn:aws:sns:us-east-1:000000000000:shared";
const topicAllow = (Sid: string) =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid,
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
      },
    ],
  });
const eventPattern = (source: string) => JSON.stringify({ source: [source] });

/** What is created first and used by the others: a bucket, a role, a repository, a model, a topic and a rule, all called "shared". */
const shared: Record<string, Values> = {
  "aws:s3/bucket:Bucket": { bucket: "shared", forceDestroy: true },
  "aws:iam/role:Role": { name: "shared", assumeRolePolicy: trust, forceDetachPolicies: true },
  "aws:ecr/repository:Repository": { name: "shared" },
  "aws:sagemaker/model:Model": { name: "shared", ...servedModel },
  "aws:sns/topic:Topic": { name: "shared" },
  "aws:cloudwatch/eventRule:EventRule": { name: "shared", eventPattern: eventPattern("x") },
};

const cases: Record<string, Case> = {
  "aws:iam/role:Role": {
    inputs: { assumeRolePolicy: trust, description: "one", tags: { a: "1", b: "2" } },
    change: { description: "two", maxSessionDuration: 7200, tags: { b: "3" } },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    inputs: { role: "shared", policy: allow("arn:aws:s3:::a/*") },
    change: { policy: allow("arn:aws:s3:::b/*") },
  },
  "aws:s3/bucket:Bucket": {
    inputs: { tags: { a: "1" } },
    change: { tags: { b: "2" }, forceDestroy: true },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    inputs: { bucket: "shared", ...closed },
    change: { restrictPublicBuckets: true },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    inputs: {
      bucket: "shared",
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    },
    change: {
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" }, bucketKeyEnabled: true }],
    },
  },
  "aws:s3/bucketPolicy:BucketPolicy": {
    inputs: { bucket: "shared", policy: bucketAllow("One") },
    change: { policy: bucketAllow("Two") },
  },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    inputs: {
      bucket: "shared",
      rules: [
        {
          id: "abort",
          status: "Enabled",
          filter: {},
          abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
        },
        { id: "old", status: "Enabled", filter: { prefix: "c/" }, expiration: { days: 30 } },
        {
          id: "both",
          status: "Enabled",
          filter: { and: { prefix: "x/", tags: { t: "1" } } },
          noncurrentVersionExpiration: { noncurrentDays: 9 },
        },
      ],
    },
    change: {
      rules: [{ id: "old", status: "Disabled", filter: { prefix: "c/" }, expiration: { days: 9 } }],
    },
  },
  "aws:s3/bucketObjectv2:BucketObjectv2": {
    inputs: {
      bucket: "shared",
      key: "dir/a b.txt",
      content: "one",
      metadata: { sha: "x" },
      tags: { a: "1" },
    },
    change: { content: "two", contentType: "text/plain", tags: { a: "2" } },
  },
  "aws:ecr/repository:Repository": {
    inputs: { forceDelete: true, imageScanningConfiguration: { scanOnPush: true }, tags: { a: "1" } },
    change: { imageTagMutability: "IMMUTABLE", tags: { b: "1" } },
  },
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": {
    inputs: { repository: "shared", policy: keep(5) },
  },
  "aws:cloudwatch/dashboard:Dashboard": {
    inputs: { dashboardName: "it", dashboardBody: dashboardBody("one") },
    change: { dashboardBody: dashboardBody("two") },
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    inputs: {
      namespace: "AWS/SageMaker",
      metricName: "Invocation5XXErrors",
      dimensions: { EndpointName: "e", VariantName: "main" },
      statistic: "Average",
      period: 60,
      evaluationPeriods: 1,
      threshold: 0.05,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      tags: { a: "1" },
    },
    change: { threshold: 0.5, tags: { b: "1" } },
  },
  "aws:cloudwatch/eventRule:EventRule": {
    inputs: { description: "one", eventPattern: eventPattern("a"), tags: { a: "1" } },
    change: { description: "two", eventPattern: eventPattern("b"), state: "DISABLED", tags: { b: "1" } },
  },
  "aws:cloudwatch/eventTarget:EventTarget": {
    inputs: {
      rule: "shared",
      arn: topicArn,
      inputTransformer: { inputPaths: { job: "$.detail.TrainingJobName" }, inputTemplate: '"<job>"' },
    },
    change: { inputTransformer: { inputPaths: { job: "$.detail.job" }, inputTemplate: '"<job>!"' } },
  },
  "aws:sns/topic:Topic": {
    inputs: { displayName: "one", tags: { a: "1" } },
    change: { displayName: "two", tags: { b: "1" } },
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    inputs: { arn: topicArn, policy: topicAllow("One") },
    change: { policy: topicAllow("Two") },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    inputs: { topic: topicArn, protocol: "email", endpoint: "a@b.org" },
    change: { rawMessageDelivery: true },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    inputs: { retentionInDays: 7, tags: { a: "1" } },
    change: { retentionInDays: 14, tags: { b: "1" } },
  },
  "aws:sagemaker/model:Model": { inputs: servedModel, change: { tags: { a: "1" } } },
  "aws:sagemaker/endpointConfiguration:EndpointConfiguration": {
    inputs: {
      productionVariants: [
        {
          variantName: "AllTraffic",
          modelName: "shared",
          serverlessConfig: { maxConcurrency: 2, memorySizeInMb: 2048 },
        },
      ],
      tags: { a: "1" },
    },
    change: { tags: { b: "1" } },
  },
  "aws:sagemaker/trainingJob:TrainingJob": { inputs: job, change: { tags: { a: "1" } } },
};

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
