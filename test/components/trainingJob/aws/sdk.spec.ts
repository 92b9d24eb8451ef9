import assert from "node:assert/strict";
import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { awsError, throttled, validation } from "../../support/awsErrors";
import { failureOf } from "../../support/failure";
import { withoutWaiting } from "../../support/noWaiting";
import { ARN, apiOver } from "../../support/sdkAnswers";

const MISSING = validation("Requested resource not found.");

describe("awsApi", () => {
  describe("jobs", () => {
    it("are described, or not there", async () => {
      const { api } = apiOver({ DescribeTrainingJob: [{ TrainingJobStatus: "InProgress" }, MISSING] });
      assert.equal((await api.describe("job"))?.TrainingJobStatus, "InProgress");
      assert.equal(await api.describe("job"), undefined);
    });

    it("are created, or exist", async () => {
      const { api, sent } = apiOver({ CreateTrainingJob: [{}, awsError("ResourceInUse")] });
      const request = { TrainingJobName: "job" } as CreateTrainingJobRequest;
      assert.equal(await api.create(request), "created");
      assert.equal(await api.create(request), "exists");
      assert.deepEqual(sent[0], { command: "CreateTrainingJob", input: request });
    });

    it("are not created a second time when the first answer was lost", async () => {
      const { api } = apiOver({ CreateTrainingJob: [awsError("TimeoutError"), awsError("ResourceInUse")] });
      const created = withoutWaiting(() => api.create({} as CreateTrainingJobRequest));
      assert.equal(await created, "exists");
    });

    it("may be gone when their record is removed", async () => {
      const { api } = apiOver({ DeleteTrainingJob: [MISSING, validation("in use")] });
      await api.remove("job");
      assert.equal((await failureOf(api.remove("job"))).message, "in use");
    });

    it("are stopped and kept alive by name", async () => {
      const { api, sent } = apiOver({});
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
      const { api } = apiOver({
        ListTags: [
          { Tags: [{ Key: "a", Value: "1" }], NextToken: "more" },
          { Tags: [{ Key: "b", Value: "2" }] },
        ],
      });
      assert.deepEqual(await api.tags(ARN), { a: "1", b: "2" });
    });

    it("are added and removed, with a call only for what there is", async () => {
      const { api, sent } = apiOver({});
      await api.tag(ARN, { a: "1" }, []);
      await api.tag(ARN, {}, ["b"]);
      assert.deepEqual(sent, [
        { command: "AddTags", input: { ResourceArn: ARN, Tags: [{ Key: "a", Value: "1" }] } },
        { command: "DeleteTags", input: { ResourceArn: ARN, TagKeys: ["b"] } },
      ]);
    });
  });

  describe("logs", () => {
    it("have streams on all pages, or no group yet", async () => {
      const { api } = apiOver({
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
      const { api, sent } = apiOver({
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
      const { api, sent } = apiOver({ GetLogEvents: { events: [{ timestamp: 1, message: "last" }] } });
      assert.deepEqual(await api.lastLogEvents("group", "stream", 20), [{ timestamp: 1, message: "last" }]);
      assert.equal(sent[0].input.startFromHead, false);
      assert.equal(sent[0].input.limit, 20);
    });
  });

  it("repeats a call that was throttled", async () => {
    const { api, sent } = apiOver({ StopTrainingJob: [throttled(), {}] });
    await withoutWaiting(() => api.stop("job"));
    assert.equal(sent.length, 2);
  });

  it("makes no call for an operation that was cancelled", async () => {
    const { api, sent } = apiOver({}, AbortSignal.abort(new Error("cancelled")));
    assert.equal((await failureOf(api.create({} as CreateTrainingJobRequest))).message, "cancelled");
    assert.deepEqual(sent, []);
  });
});
