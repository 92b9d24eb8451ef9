import assert from "node:assert/strict";
import * as logs from "@aws-sdk/client-cloudwatch-logs";
import * as pricing from "@aws-sdk/client-pricing";
import * as s3 from "@aws-sdk/client-s3";
import * as sagemaker from "@aws-sdk/client-sagemaker";
import type { AwsApi } from "../../../../components/trainingJob/aws/api";
import { ObjectDeniedError } from "../../../../components/trainingJob/aws/denied";
import { awsApi } from "../../../../components/trainingJob/aws/sdk";
import { awsError, expired, throttled, validation } from "../../support/awsErrors";
import { failureOf } from "../../support/failure";
import { withoutWaiting } from "../../support/noWaiting";

type Input = Record<string, unknown>;
type Answer = Input | Error | ((input: Input) => Input | Error);

/** The API over the SDK's own clients, of which only the sending is replaced: answers by command, in order. */
function over(
  answers: Record<string, Answer | Answer[]>,
  signal?: AbortSignal,
  verifyAccount = async () => {},
) {
  const sent: { command: string; input: Input }[] = [];
  const answer = async ({ constructor: kind, input }: { constructor: { name: string }; input: Input }) => {
    const command = kind.name.replace(/Command$/, "");
    sent.push({ command, input: structuredClone(input) });
    const planned = answers[command];
    const next = Array.isArray(planned) ? (planned.length > 1 ? planned.shift() : planned[0]) : planned;
    const value = typeof next === "function" ? next(input) : (next ?? {});
    if (value instanceof Error) throw value;
    return value;
  };
  const client = <T extends object>(made: T) => {
    const replaced = Object.assign(made, { send: answer });
    return () => replaced;
  };
  const settings = { region: "us-east-1", credentials: { accessKeyId: "a", secretAccessKey: "b" } };
  const api = awsApi(
    {
      sagemaker: () => sagemaker,
      s3: () => s3,
      logs: () => logs,
      pricing: () => pricing,
      sagemakerClient: client(new sagemaker.SageMakerClient(settings)),
      s3Client: client(new s3.S3Client(settings)),
      logsClient: client(new logs.CloudWatchLogsClient(settings)),
      pricingClient: client(new pricing.PricingClient(settings)),
      account: async () => "111122223333",
      verifyAccount,
    },
    signal,
  );
  return { api, sent };
}

const MISSING = validation("Requested resource not found.");
const ARN = "arn:aws:sagemaker:us-east-1:111122223333:training-job/job";

describe("awsApi", () => {
  describe("jobs", () => {
    it("are described, or not there", async () => {
      const { api } = over({ DescribeTrainingJob: [{ TrainingJobStatus: "InProgress" }, MISSING] });
      assert.equal((await api.describe("job"))?.TrainingJobStatus, "InProgress");
      assert.equal(await api.describe("job"), undefined);
    });

    it("are created, or exist", async () => {
      const { api, sent } = over({ CreateTrainingJob: [{}, awsError("ResourceInUse")] });
      const request = { TrainingJobName: "job" } as sagemaker.CreateTrainingJobRequest;
      assert.equal(await api.create(request), "created");
      assert.equal(await api.create(request), "exists");
      assert.deepEqual(sent[0], { command: "CreateTrainingJob", input: request });
    });

    it("are not created a second time when the first answer was lost", async () => {
      const { api } = over({ CreateTrainingJob: [awsError("TimeoutError"), awsError("ResourceInUse")] });
      const created = withoutWaiting(() => api.create({} as sagemaker.CreateTrainingJobRequest));
      assert.equal(await created, "exists");
    });

    it("may be gone when their record is removed", async () => {
      const { api } = over({ DeleteTrainingJob: [MISSING, validation("in use")] });
      await api.remove("job");
      assert.equal((await failureOf(api.remove("job"))).message, "in use");
    });

    it("are stopped and kept alive by name", async () => {
      const { api, sent } = over({});
      await api.stop("job");
      await api.setKeepAlive("job", 600);
      assert.deepEqual(sent, [
        { command: "StopTrainingJob", input: { TrainingJobName: "job" } },
        {
          command: "UpdateTrainingJob",
          input: { TrainingJobName: "job", ResourceConfig: { KeepAlivePeriodInSeconds: 600 } },
        },
      ]);
    });
  });

  describe("tags", () => {
    it("are read from all pages", async () => {
      const { api } = over({
        ListTags: [
          { Tags: [{ Key: "a", Value: "1" }], NextToken: "more" },
          { Tags: [{ Key: "b", Value: "2" }] },
        ],
      });
      assert.deepEqual(await api.tags(ARN), { a: "1", b: "2" });
    });

    it("are added and removed, with a call only for what there is", async () => {
      const { api, sent } = over({});
      await api.tag(ARN, { a: "1" }, []);
      await api.tag(ARN, {}, ["b"]);
      assert.deepEqual(sent, [
        { command: "AddTags", input: { ResourceArn: ARN, Tags: [{ Key: "a", Value: "1" }] } },
        { command: "DeleteTags", input: { ResourceArn: ARN, TagKeys: ["b"] } },
      ]);
    });
  });

  describe("objects", () => {
    it("exist or not, also in a bucket that does not", async () => {
      const { api } = over({
        HeadObject: [{}, awsError("NotFound"), awsError("NoSuchBucket"), expired()],
      });
      assert.equal(await api.objectExists("s3://bucket/key"), true);
      assert.equal(await api.objectExists("s3://bucket/key"), false);
      assert.equal(await api.objectExists("s3://bucket/key"), false);
      assert.equal((await failureOf(api.objectExists("s3://bucket/key"))).name, "ExpiredTokenException");
    });

    it("may be hidden from whoever asks, which says nothing of whether they exist", async () => {
      const { api } = over({ HeadObject: awsError("Unknown", "UnknownError", 403) });
      const error = await failureOf<ObjectDeniedError>(api.objectExists("s3://bucket/key"));
      assert.ok(error instanceof ObjectDeniedError);
      assert.equal(error.uri, "s3://bucket/key");
      assert.match(error.message, /^S3 does not let you see s3:\/\/bucket\/key \(403/);
    });

    it("are listed up to a number, with no more calls than that takes", async () => {
      const page = { Contents: [{ Key: "p/1" }], IsTruncated: true, NextContinuationToken: "more" };
      const { api, sent } = over({ ListObjectsV2: page });
      assert.equal((await api.listObjects("s3://bucket/p/", 1)).length, 1);
      assert.deepEqual(
        sent.map(({ input }) => input.MaxKeys),
        [1],
      );
    });

    it("are listed over all pages", async () => {
      const { api, sent } = over({
        ListObjectsV2: [
          { Contents: [{ Key: "p/1", ETag: '"a"' }], IsTruncated: true, NextContinuationToken: "more" },
          { Contents: [{ Key: "p/2", ETag: '"b"' }] },
        ],
      });
      assert.deepEqual(await api.listObjects("s3://bucket/p/"), [
        { key: "p/1", etag: '"a"' },
        { key: "p/2", etag: '"b"' },
      ]);
      assert.equal(sent[0].input.Bucket, "bucket");
      assert.equal(sent[0].input.Prefix, "p/");
      assert.equal(sent[1].input.ContinuationToken, "more");
    });

    it("are none in a bucket that is gone", async () => {
      const { api, sent } = over({ ListObjectsV2: awsError("NoSuchBucket") });
      assert.deepEqual(await api.listObjects("s3://bucket/p/"), []);
      await api.removeObjects("s3://bucket/p/");
      assert.deepEqual(
        sent.map(({ command }) => command),
        ["ListObjectsV2", "ListObjectsV2"],
      );
    });

    it("are removed by the thousand", async () => {
      const Contents = Array.from({ length: 2500 }, (_, index) => ({ Key: `p/${index}` }));
      const { api, sent } = over({ ListObjectsV2: { Contents } });
      await api.removeObjects("s3://bucket/p/");
      const removed = sent.slice(1).map(({ input }) => (input.Delete as { Objects: Input[] }).Objects);
      assert.deepEqual(
        removed.map((each) => each.length),
        [1000, 1000, 500],
      );
      assert.deepEqual(removed.flat(), Contents);
    });

    it("that could not be removed are named", async () => {
      const { api } = over({
        ListObjectsV2: { Contents: [{ Key: "p/1" }, { Key: "p/2" }] },
        DeleteObjects: { Errors: [{ Key: "p/2", Code: "AccessDenied", Message: "Access Denied" }] },
      });
      assert.equal(
        (await failureOf(api.removeObjects("s3://bucket/p/"))).message,
        "1 objects under s3://bucket/p/ are left, such as p/2: AccessDenied: Access Denied",
      );
    });
  });

  describe("logs", () => {
    it("have streams on all pages, or no group yet", async () => {
      const { api } = over({
        DescribeLogStreams: [
          { logStreams: [{ logStreamName: "job/algo-1-1" }], nextToken: "more" },
          { logStreams: [{ logStreamName: "job/algo-2-1" }] },
          awsError("ResourceNotFoundException"),
        ],
      });
      assert.deepEqual(await api.logStreams("group", "job/"), ["job/algo-1-1", "job/algo-2-1"]);
      assert.deepEqual(await api.logStreams("group", "job/"), []);
    });

    it("are read forward from a token", async () => {
      const { api, sent } = over({
        GetLogEvents: { events: [{ timestamp: 1, message: "one" }], nextForwardToken: "f/2" },
      });
      assert.deepEqual(await api.logEvents("group", "stream"), {
        events: [{ timestamp: 1, message: "one" }],
        token: "f/2",
      });
      await api.logEvents("group", "stream", "f/2");
      const from = { logGroupName: "group", logStreamName: "stream", startFromHead: true };
      assert.deepEqual(
        sent.map(({ input }) => input),
        [from, { ...from, nextToken: "f/2" }],
      );
    });

    it("are read from their end", async () => {
      const { api, sent } = over({ GetLogEvents: { events: [{ timestamp: 1, message: "last" }] } });
      assert.deepEqual(await api.lastLogEvents("group", "stream", 20), [{ timestamp: 1, message: "last" }]);
      assert.equal(sent[0].input.startFromHead, false);
      assert.equal(sent[0].input.limit, 20);
    });
  });

  describe("in an account that is excluded", () => {
    const excluded = async () => {
      throw new Error("aws:forbiddenAccountIds names it");
    };
    const answers = { ListObjectsV2: { Contents: [{ Key: "p/1" }] }, DescribeTrainingJob: {} };
    const changes: Record<string, (api: AwsApi) => Promise<unknown>> = {
      create: (api) => api.create({} as sagemaker.CreateTrainingJobRequest),
      stop: (api) => api.stop("job"),
      remove: (api) => api.remove("job"),
      setKeepAlive: (api) => api.setKeepAlive("job", 0),
      tag: (api) => api.tag(ARN, { a: "1" }, ["b"]),
      removeObjects: (api) => api.removeObjects("s3://bucket/p/"),
    };
    const reads: Record<string, (api: AwsApi) => Promise<unknown>> = {
      account: (api) => api.account(),
      describe: (api) => api.describe("job"),
      list: (api) => api.list({}),
      tags: (api) => api.tags(ARN),
      objectExists: (api) => api.objectExists("s3://bucket/key"),
      listObjects: (api) => api.listObjects("s3://bucket/p/"),
      logStreams: (api) => api.logStreams("group", "job/"),
      logEvents: (api) => api.logEvents("group", "stream"),
      lastLogEvents: (api) => api.lastLogEvents("group", "stream", 1),
      products: (api) => api.products("AmazonSageMaker", {}),
    };
    const CHANGING = /^(Create|Stop|Delete|Update|Add|Put)/;

    for (const [name, change] of Object.entries(changes)) {
      it(`makes no call that changes something: ${name}`, async () => {
        const { api, sent } = over(answers, undefined, excluded);
        assert.match((await failureOf(change(api))).message, /forbiddenAccountIds/);
        assert.deepEqual(
          sent.filter(({ command }) => CHANGING.test(command)),
          [],
        );
        const open = over(answers);
        await change(open.api);
        assert.ok(open.sent.some(({ command }) => CHANGING.test(command)));
      });
    }

    it("reads, and knows of every call whether it changes something", async () => {
      const { api, sent } = over(answers, undefined, excluded);
      for (const read of Object.values(reads)) await read(api);
      assert.ok(sent.every(({ command }) => !CHANGING.test(command)));
      assert.deepEqual(Object.keys(api).sort(), [...Object.keys(changes), ...Object.keys(reads)].sort());
    });
  });

  it("repeats a call that was throttled", async () => {
    const { api, sent } = over({ StopTrainingJob: [throttled(), {}] });
    await withoutWaiting(() => api.stop("job"));
    assert.equal(sent.length, 2);
  });

  it("makes no call for an operation that was cancelled", async () => {
    const { api, sent } = over({}, AbortSignal.abort(new Error("cancelled")));
    assert.equal(
      (await failureOf(api.create({} as sagemaker.CreateTrainingJobRequest))).message,
      "cancelled",
    );
    assert.deepEqual(sent, []);
  });
});
