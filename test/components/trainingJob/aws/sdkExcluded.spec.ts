import assert from "node:assert/strict";
import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import type { AwsApi } from "../../../../components/trainingJob/aws/api";
import { failureOf } from "../../support/failure";
import { ARN, apiOver } from "../../support/sdkAnswers";

describe("awsApi in an account that is excluded", () => {
  const excluded = async () => {
    throw new Error("aws:forbiddenAccountIds names it");
  };
  const answers = { ListObjectsV2: { Contents: [{ Key: "p/1" }] }, DescribeTrainingJob: {} };
  const changes: Record<string, (api: AwsApi) => Promise<unknown>> = {
    create: (api) => api.create({} as CreateTrainingJobRequest),
    stop: (api) => api.stop("job"),
    remove: (api) => api.remove("job"),
    setKeepAlive: (api) => api.setKeepAlive("job", 0),
    tag: (api) => api.tag(ARN, { a: "1" }, ["b"]),
    removeObjects: (api) => api.removeObjects("s3://bucket/p/"),
    putJson: (api) => api.putJson("s3://bucket/run.json", "{}"),
  };
  const reads: Record<string, (api: AwsApi) => Promise<unknown>> = {
    account: (api) => api.account(),
    describe: (api) => api.describe("job"),
    list: (api) => api.list({}),
    tags: (api) => api.tags(ARN),
    objectExists: (api) => api.objectExists("s3://bucket/key"),
    listObjects: (api) => api.listObjects("s3://bucket/p/"),
    hasObjects: (api) => api.hasObjects("s3://bucket/p/"),
    readJson: (api) => api.readJson("s3://bucket/stack.json"),
    buckets: (api) => api.buckets("store-"),
    logStreams: (api) => api.logStreams("group", "job/"),
    logEvents: (api) => api.logEvents("group", "stream"),
    lastLogEvents: (api) => api.lastLogEvents("group", "stream", 1),
    products: (api) => api.products("AmazonSageMaker", {}),
  };
  const CHANGING = /^(Create|Stop|Delete|Update|Add|Put)/;

  for (const [name, change] of Object.entries(changes)) {
    it(`makes no call that changes something: ${name}`, async () => {
      const { api, sent } = apiOver(answers, undefined, excluded);
      assert.match((await failureOf(change(api))).message, /forbiddenAccountIds/);
      assert.deepEqual(
        sent.filter(({ command }) => CHANGING.test(command)),
        [],
      );
      const open = apiOver(answers);
      await change(open.api);
      assert.ok(open.sent.some(({ command }) => CHANGING.test(command)));
    });
  }

  it("reads, and knows of every call whether it changes something", async () => {
    const { api, sent } = apiOver(answers, undefined, excluded);
    for (const read of Object.values(reads)) await read(api);
    assert.ok(sent.every(({ command }) => !CHANGING.test(command)));
    assert.deepEqual(Object.keys(api).sort(), [...Object.keys(changes), ...Object.keys(reads)].sort());
  });
});
