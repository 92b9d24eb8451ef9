import assert from "node:assert/strict";
import { StopTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { bucket, TestAws } from "./testAws.ts";

/** Counts epochs in a checkpoint file, as scripts on spot instances have to. */
const resuming = [
  "import os, pathlib, time",
  "checkpoints = pathlib.Path(os.environ['SAGEMAKER_BASE_DIR'], 'checkpoints')",
  "checkpoints.mkdir(exist_ok=True)",
  "state = checkpoints / 'epoch.txt'",
  "start = int(state.read_text()) if state.exists() else 0",
  "print(f'starting at epoch {start}')",
  "for epoch in range(start, 8):",
  "    time.sleep(0.25)",
  "    new = checkpoints / 'new.tmp'",
  "    new.write_text(str(epoch + 1))",
  "    new.replace(state)",
  "    print(f'epoch={epoch + 1}')",
  "pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.pth').write_text('w')",
].join("\n");

const spot = {
  EnableManagedSpotTraining: true,
  StoppingCondition: { MaxRuntimeInSeconds: 300, MaxWaitTimeInSeconds: 600 },
};

describe("spot training jobs on the local AWS", function () {
  this.timeout(120_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start();
  });
  afterEach(async () => {
    await aws.setFaults({});
  });
  after(async () => {
    await aws.remove();
  });

  const secondary = (job: Awaited<ReturnType<TestAws["describe"]>>) =>
    job.SecondaryStatusTransitions?.map((transition) => transition.Status);

  it("goes on from the checkpoint after an interruption", async () => {
    await aws.setFaults({ jobs: [{ name: "resumed", spotInterruptions: 1, interruptOnLine: "epoch=3" }] });
    await aws.createJob("resumed", resuming, {
      ...spot,
      CheckpointConfig: { S3Uri: `s3://${bucket}/ckpt/resumed/` },
      AlgorithmSpecification: {
        TrainingImage: "pytorch-training:2.4.0",
        TrainingInputMode: "File",
        MetricDefinitions: [{ Name: "epoch", Regex: "epoch=([0-9]+)" }],
      },
    });
    const job = await aws.waitForEnd("resumed");
    assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
    assert.deepEqual(secondary(job), [
      ...["Starting", "Downloading", "Training", "Interrupted"],
      ...["Starting", "Downloading", "Training", "Uploading", "Completed"],
    ]);
    const lines = await aws.logLines("resumed");
    const starts = lines.filter((line) => line.startsWith("starting at epoch"));
    assert.equal(starts.length, 2);
    assert.equal(starts[0], "starting at epoch 0");
    assert.ok(Number(starts[1].split(" ").at(-1)) >= 3, starts[1]);
    assert.equal((await aws.logStreams("resumed")).length, 2);
    assert.equal((await aws.get("ckpt/resumed/epoch.txt")).toString(), "8");
    assert.equal(job.FinalMetricDataList?.[0].Value, 8);
    assert.ok((job.BillableTimeInSeconds ?? 99) < (job.TrainingTimeInSeconds ?? 0));
  });

  it("starts from nothing after an interruption without checkpoints", async () => {
    await aws.setFaults({
      jobs: [{ name: "forgetful", spotInterruptions: 1, interruptOnLine: "epoch=2" }],
    });
    await aws.createJob("forgetful", resuming, spot);
    await aws.waitForEnd("forgetful");
    const starts = (await aws.logLines("forgetful")).filter((line) => line.startsWith("starting"));
    assert.deepEqual(starts, ["starting at epoch 0", "starting at epoch 0"]);
  });

  it("ends as Stopped when there is no capacity in time", async () => {
    await aws.setFaults({ jobs: [{ name: "waits", noSpotCapacity: true }] });
    await aws.createJob("waits", "print(1)", {
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: 1, MaxWaitTimeInSeconds: 1 },
    });
    const job = await aws.waitForEnd("waits");
    assert.equal(job.TrainingJobStatus, "Stopped");
    assert.equal(job.SecondaryStatus, "MaxWaitTimeExceeded");
    assert.deepEqual(secondary(job), ["Starting", "Stopping", "MaxWaitTimeExceeded"]);
    assert.equal(job.TrainingStartTime, undefined);
    assert.equal(job.BillableTimeInSeconds, undefined);
  });

  it("can be stopped while it waits", async () => {
    await aws.setFaults({ jobs: [{ name: "waiting", noSpotCapacity: true }] });
    await aws.createJob("waiting", "print(1)", spot);
    await aws.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: "waiting" }));
    assert.equal((await aws.waitForEnd("waiting")).SecondaryStatus, "Stopped");
  });
});
