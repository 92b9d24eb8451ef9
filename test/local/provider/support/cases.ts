import type { Values } from "../../../../local/provider/values.ts";
import { allow, bucketAllow, trust } from "./policyDocuments.ts";

/** What a program asks of a type, and changes. */
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

export const topicArn = "arn:aws:sns:us-east-1:000000000000:shared";
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
export const shared: Record<string, Values> = {
  "aws:s3/bucket:Bucket": { bucket: "shared", forceDestroy: true },
  "aws:iam/role:Role": { name: "shared", assumeRolePolicy: trust, forceDetachPolicies: true },
  "aws:ecr/repository:Repository": { name: "shared" },
  "aws:sagemaker/model:Model": { name: "shared", ...servedModel },
  "aws:sns/topic:Topic": { name: "shared" },
  "aws:cloudwatch/eventRule:EventRule": { name: "shared", eventPattern: eventPattern("x") },
};

/** By type. */
export const cases: Record<string, Case> = {
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
