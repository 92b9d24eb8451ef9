import assert from "node:assert/strict";
import { GetLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  AddTagsCommand,
  DeleteTagsCommand,
  DeleteTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  paginateListTrainingJobs,
  StopTrainingJobCommand,
  UpdateTrainingJobCommand,
} from "@aws-sdk/client-sagemaker";
import { namesIn, TestAws } from "./testAws.ts";

/** Says that it runs, and goes on until it is stopped. */
const endless = ["import time", "print('running', flush=True)", "while True: time.sleep(0.05)"].join("\n");

describe("the life of training jobs on the local AWS", function () {
  this.timeout(120_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start({ LOCAL_AWS_STOP_GRACE_SECONDS: "100" }); // longer than any script needs to end by itself
  });
  afterEach(async () => {
    await aws.setFaults({});
  });
  after(async () => {
    await aws.remove();
  });

  const stop = (name: string) => aws.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: name }));
  const secondary = (job: Awaited<ReturnType<TestAws["describe"]>>) =>
    job.SecondaryStatusTransitions?.map((transition) => transition.Status);

  describe("stopping", () => {
    it("lets the script save its model on SIGTERM", async () => {
      await aws.createJob(
        "graceful",
        [
          "import os, pathlib, signal, sys, time",
          "def save(*_):",
          "    pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.pth').write_text('saved')",
          "    print('saved', flush=True)",
          "    sys.exit(0)",
          "signal.signal(signal.SIGTERM, save)",
          "print('running', flush=True)",
          "while True: time.sleep(0.05)",
        ].join("\n"),
      );
      await aws.waitForLine("graceful", "running");
      await stop("graceful");
      const job = await aws.waitForEnd("graceful");
      assert.equal(job.TrainingJobStatus, "Stopped");
      assert.equal(job.SecondaryStatus, "Stopped");
      assert.equal(job.FailureReason, undefined);
      assert.deepEqual(secondary(job)?.slice(-3), ["Training", "Stopping", "Stopped"]);
      assert.deepEqual(await namesIn(await aws.get("out/graceful/output/model.tar.gz")), ["model.pth"]);
      assert.ok((await aws.logLines("graceful")).includes("saved"));
    });

    it("kills a script that ignores SIGTERM after the grace period", async () => {
      const hasty = await TestAws.start({ LOCAL_AWS_STOP_GRACE_SECONDS: "1" });
      try {
        await hasty.createJob(
          "stubborn",
          `import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n${endless}`,
        );
        await hasty.waitForLine("stubborn", "running");
        await hasty.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: "stubborn" }));
        assert.equal((await hasty.waitForEnd("stubborn")).TrainingJobStatus, "Stopped");
      } finally {
        await hasty.remove();
      }
    });

    it("refuses to stop a job that has ended, or that does not exist", async () => {
      await assert.rejects(stop("graceful"), { name: "ValidationException", message: /in status Stopped/ });
      await assert.rejects(stop("nothing"), {
        name: "ValidationException",
        message: "Requested resource not found.",
      });
    });

    it("ends a job at its MaxRuntimeInSeconds as Stopped", async () => {
      await aws.createJob("too-long", endless, { StoppingCondition: { MaxRuntimeInSeconds: 2 } });
      const job = await aws.waitForEnd("too-long");
      assert.equal(job.TrainingJobStatus, "Stopped");
      assert.equal(job.SecondaryStatus, "MaxRuntimeExceeded");
      assert.ok((job.TrainingTimeInSeconds ?? 0) >= 2);
    });
  });

  it("fails for lack of capacity as often as told", async () => {
    await aws.setFaults({ jobs: [{ name: "cap-*", capacityErrors: 1 }] });
    await aws.createJob("cap-1", "print(1)");
    const first = await aws.waitForEnd("cap-1");
    assert.match(
      first.FailureReason ?? "",
      /^CapacityError: Unable to provision requested ML compute capacity/,
    );
    await aws.createJob("cap-2", "print(1)");
    assert.equal((await aws.waitForEnd("cap-2")).TrainingJobStatus, "Completed");
  });

  it("restarts after an internal error when there is a RetryStrategy, and fails otherwise", async () => {
    await aws.setFaults({ jobs: [{ name: "internal-*", internalErrors: 1 }] });
    await aws.createJob("internal-1", "print(1)", { RetryStrategy: { MaximumRetryAttempts: 1 } });
    await aws.createJob("internal-2", "print(1)");
    const retried = await aws.waitForEnd("internal-1");
    assert.equal(retried.TrainingJobStatus, "Completed");
    assert.ok(secondary(retried)?.includes("Restarting"));
    assert.match((await aws.waitForEnd("internal-2")).FailureReason ?? "", /^InternalServerError: /);
  });

  it("keeps and reuses a warm pool", async () => {
    const warm = {
      ResourceConfig: {
        InstanceType: "ml.g5.xlarge" as const,
        InstanceCount: 1,
        VolumeSizeInGB: 30,
        KeepAlivePeriodInSeconds: 600,
      },
    };
    await aws.createJob("warm-1", "print(1)", warm);
    assert.equal((await aws.describe("warm-1")).WarmPoolStatus?.Status, "InUse");
    await aws.waitForEnd("warm-1");
    assert.equal((await aws.describe("warm-1")).WarmPoolStatus?.Status, "Available");
    await assert.rejects(aws.sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: "warm-1" })), {
      name: "ResourceInUse",
    });
    await aws.createJob("warm-2", "print(1)", warm);
    await aws.waitForEnd("warm-2");
    const reused = (await aws.describe("warm-1")).WarmPoolStatus;
    assert.equal(reused?.Status, "Reused");
    assert.equal(reused?.ReusedByJob, "warm-2");
    await aws.sagemaker.send(
      new UpdateTrainingJobCommand({
        TrainingJobName: "warm-2",
        ResourceConfig: { KeepAlivePeriodInSeconds: 0 },
      }),
    );
    assert.equal((await aws.describe("warm-2")).WarmPoolStatus?.Status, "Terminated");
    await assert.rejects(
      aws.sagemaker.send(
        new UpdateTrainingJobCommand({
          TrainingJobName: "cap-2",
          ResourceConfig: { KeepAlivePeriodInSeconds: 60 },
        }),
      ),
      { name: "ValidationException", message: /is absent/ },
    );
  });

  it("lists, filters, pages, tags and deletes", async () => {
    const names: string[] = [];
    for await (const page of paginateListTrainingJobs({ client: aws.sagemaker, pageSize: 3 }, {})) {
      names.push(...(page.TrainingJobSummaries ?? []).map((job) => job.TrainingJobName ?? ""));
    }
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.indexOf("warm-2") < names.indexOf("warm-1"), "newest first");
    const some = await aws.sagemaker.send(
      new ListTrainingJobsCommand({ NameContains: "cap-", SortBy: "Name", SortOrder: "Ascending" }),
    );
    assert.deepEqual(
      some.TrainingJobSummaries?.map((job) => [
        job.TrainingJobName,
        job.TrainingJobStatus,
        job.SecondaryStatus,
      ]),
      [
        ["cap-1", "Failed", "Failed"],
        ["cap-2", "Completed", "Completed"],
      ],
    );

    const ResourceArn = (await aws.describe("cap-2")).TrainingJobArn;
    await aws.sagemaker.send(
      new AddTagsCommand({
        ResourceArn,
        Tags: [
          { Key: "a", Value: "1" },
          { Key: "b", Value: "2" },
        ],
      }),
    );
    await aws.sagemaker.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ["a"] }));
    assert.deepEqual((await aws.sagemaker.send(new ListTagsCommand({ ResourceArn }))).Tags, [
      { Key: "b", Value: "2" },
    ]);

    await aws.sagemaker.send(new DeleteTrainingJobCommand({ TrainingJobName: "cap-2" }));
    await assert.rejects(aws.describe("cap-2"), {
      name: "ValidationException",
      message: "Requested resource not found.",
    });
  });

  it("refuses a name in use, a role that is missing and one that does not trust SageMaker", async () => {
    await assert.rejects(aws.createJob("cap-1", "print(1)"), {
      name: "ResourceInUse",
      message: /already exists \(arn:/,
    });
    await aws.createRole("elsewhere", "ec2.amazonaws.com");
    for (const role of ["absent", "elsewhere"]) {
      await assert.rejects(
        aws.createJob(`role-${role}`, "print(1)", { RoleArn: `arn:aws:iam::000000000000:role/${role}` }),
        {
          name: "ValidationException",
          message: /^Could not assume role arn:.*Please ensure that the role exists/,
        },
      );
    }
    await aws.setFaults({ quotas: { "ml.g5.xlarge": 0 } });
    await assert.rejects(aws.createJob("quota", "print(1)"), {
      name: "ResourceLimitExceeded",
      message: /is 0 Instances/,
    });
  });

  it("delays the log when told to", async () => {
    await aws.setFaults({ jobs: [{ name: "late", logDelaySeconds: 2 }] });
    await aws.createJob("late", endless);
    await aws.waitForLine("late", "running");
    const [logStreamName] = await aws.logStreams("late");
    const opened = Number(logStreamName.split("-").at(-1));
    const { events = [] } = await aws.logs.send(
      new GetLogEventsCommand({ logGroupName: "/aws/sagemaker/TrainingJobs", logStreamName }),
    );
    for (const { ingestionTime = 0 } of events) assert.ok(ingestionTime >= opened + 2000);
    await stop("late");
    await aws.waitForEnd("late");
  });
});
