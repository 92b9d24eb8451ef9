import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import { bucket, namesIn, TestAws } from "./testAws.ts";

describe("training jobs on the local AWS", function () {
  this.timeout(120_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start();
  });
  after(async () => {
    await aws.remove();
  });

  const channel = (name: string, uri: string, type: "S3Prefix" | "ManifestFile" = "S3Prefix") => ({
    ChannelName: name,
    DataSource: { S3DataSource: { S3DataType: type, S3Uri: uri } },
  });

  it("trains, keeps the model, the metrics and the log", async () => {
    await aws.put("data/train/a/one.txt", "1");
    await aws.put("data/train/b/two.txt", "22");
    await aws.createJob(
      "complete",
      [
        "import os, sys, pathlib",
        "train = pathlib.Path(os.environ['SM_CHANNEL_TRAIN'])",
        "print(sorted((str(p.relative_to(train)), p.read_text()) for p in train.rglob('*.txt')))",
        "print(f'args {sys.argv[1:]}')",
        "for epoch in range(3): print(f'val_accuracy={0.5 + epoch / 10}')",
        "pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.pth').write_text('weights')",
        "pathlib.Path(os.environ['SM_OUTPUT_DATA_DIR'], 'report.txt').write_text('fine')",
      ].join("\n"),
      {
        HyperParameters: { lr: "0.1", flag: "true", name: '"x y"' },
        InputDataConfig: [channel("train", `s3://${bucket}/data/train/`)],
        AlgorithmSpecification: {
          TrainingImage: "1.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311",
          TrainingInputMode: "File",
          MetricDefinitions: [{ Name: "val:accuracy", Regex: "val_accuracy=([0-9.]+)" }],
        },
        Tags: [{ Key: "team", Value: "imaging" }],
      },
    );
    const job = await aws.waitForEnd("complete");

    assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
    assert.equal(job.ModelArtifacts?.S3ModelArtifacts, `s3://${bucket}/out/complete/output/model.tar.gz`);
    assert.deepEqual(await namesIn(await aws.get("out/complete/output/model.tar.gz")), ["model.pth"]);
    assert.deepEqual(await namesIn(await aws.get("out/complete/output/output.tar.gz")), ["report.txt"]);
    assert.deepEqual(
      job.FinalMetricDataList?.map(({ MetricName, Value }) => [MetricName, Value]),
      [["val:accuracy", 0.7]],
    );
    assert.deepEqual(
      job.SecondaryStatusTransitions?.map((transition) => transition.Status),
      ["Starting", "Downloading", "Training", "Uploading", "Completed"],
    );
    assert.ok((job.TrainingTimeInSeconds ?? 0) >= 1);
    assert.equal(job.BillableTimeInSeconds, job.TrainingTimeInSeconds);

    const lines = await aws.logLines("complete");
    assert.ok(lines.includes("[('a/one.txt', '1'), ('b/two.txt', '22')]"), lines.join("\n"));
    assert.ok(lines.includes("args ['--flag', 'True', '--lr', '0.1', '--name', 'x y']"));
    assert.match((await aws.logStreams("complete"))[0], /^complete\/algo-1-\d{13}$/);
    assert.deepEqual(readdirSync(path.join(aws.stateDir, "aws/sagemaker/work")), []);
  });

  it("publishes the metrics to CloudWatch", async () => {
    const answer = await aws.cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "/aws/sagemaker/TrainingJobs",
        MetricName: "val:accuracy",
        Dimensions: [{ Name: "TrainingJobName", Value: "complete" }],
        StartTime: new Date(Date.now() - 3_600_000),
        EndTime: new Date(Date.now() + 3_600_000),
        Period: 3600,
        Statistics: ["Maximum", "SampleCount"],
      }),
    );
    assert.equal(answer.Datapoints?.[0]?.Maximum, 0.7);
  });

  it("reports what the script raised, and keeps what it had written", async () => {
    await aws.createJob(
      "raises",
      [
        "import os, pathlib",
        "pathlib.Path(os.environ['SM_OUTPUT_DATA_DIR'], 'partial.txt').write_text('x')",
        "raise ValueError('the learning rate is negative')",
      ].join("\n"),
    );
    const job = await aws.waitForEnd("raises");
    assert.equal(job.TrainingJobStatus, "Failed");
    assert.equal(job.SecondaryStatus, "Failed");
    assert.match(
      job.FailureReason ?? "",
      /^AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "[\s\S]*the learning rate is negative[\s\S]*, exit code: 1$/,
    );
    assert.deepEqual(await namesIn(await aws.get("out/raises/output/output.tar.gz")), ["partial.txt"]);
    await assert.rejects(aws.get("out/raises/output/model.tar.gz"), { name: "NoSuchKey" });
  });

  const absent: [string, Partial<CreateTrainingJobCommandInput>, RegExp][] = [
    [
      "data",
      { InputDataConfig: [channel("train", `s3://${bucket}/nothing/here/`)] },
      /^No S3 objects found under S3 URL "s3:\/\/training-test\/nothing\/here\/" given in input data source\. .*\(us-east-1\).* on bucket "training-test"\.$/,
    ],
    [
      "manifest",
      { InputDataConfig: [channel("train", `s3://${bucket}/nothing.manifest`, "ManifestFile")] },
      /^No S3 objects found under S3 URL "s3:\/\/training-test\/nothing\.manifest"/,
    ],
    [
      "bucket of the data",
      { InputDataConfig: [channel("train", "s3://no-such-bucket/data/")] },
      /^No S3 objects found .* Error message from S3: The specified bucket does not exist$/,
    ],
    [
      "bucket of the output",
      { OutputDataConfig: { S3OutputPath: "s3://no-such-bucket/out" } },
      /"no-such-bucket" given in OutputDataConfig does not exist/,
    ],
    [
      "bucket of the checkpoints",
      { CheckpointConfig: { S3Uri: "s3://no-such-bucket/checkpoints" } },
      /"no-such-bucket" given in CheckpointConfig does not exist/,
    ],
    [
      "role",
      { RoleArn: "arn:aws:iam::000000000000:role/nobody" },
      /^Could not assume role arn:aws:iam::000000000000:role\/nobody\. Please ensure that the role exists/,
    ],
  ];
  for (const [what, overrides, message] of absent) {
    it(`refuses a job whose ${what} is not there, when it is created`, async () => {
      await assert.rejects(aws.createJob("absent", "print(1)", overrides), {
        name: "ValidationException",
        message,
      });
      await assert.rejects(aws.describe("absent"), { message: /not found/ });
    });
  }

  it("reads a manifest", async () => {
    await aws.put(
      "m/files.manifest",
      JSON.stringify([{ prefix: `s3://${bucket}/data/train/` }, "b/two.txt"]),
    );
    await aws.createJob(
      "manifest",
      "import os; print(f\"got {[f for _, _, fs in os.walk(os.environ['SM_CHANNEL_TRAIN']) for f in fs]}\")",
      { InputDataConfig: [channel("train", `s3://${bucket}/m/files.manifest`, "ManifestFile")] },
    );
    assert.equal((await aws.waitForEnd("manifest")).TrainingJobStatus, "Completed");
    assert.ok((await aws.logLines("manifest")).includes("got ['two.txt']"));
  });

  it("installs requirements.txt into an environment of the job's own", async () => {
    const script = "import sys, sysconfig; print(sys.prefix); print(sysconfig.get_path('purelib'))";
    await aws.createJob("satisfied", script, {}, { "requirements.txt": "--no-index\nnumpy\n" });
    await aws.createJob("unsatisfied", script, {}, { "requirements.txt": "--no-index\nno-such-package\n" });

    assert.equal((await aws.waitForEnd("satisfied")).TrainingJobStatus, "Completed");
    const own = path.join(aws.stateDir, "aws/sagemaker/work/satisfied/env");
    const lines = await aws.logLines("satisfied");
    assert.ok(lines.includes(own), lines.join("\n"));
    assert.ok(lines.some((line) => line.startsWith(path.join(own, "lib/python3"))));

    const failed = await aws.waitForEnd("unsatisfied");
    assert.match(failed.FailureReason ?? "", /^AlgorithmError: InstallRequirementsError:\nExitCode 1\n/);
  });

  it("runs every host of a job, and shards what is to be sharded", async () => {
    const sharded = channel("train", `s3://${bucket}/data/train/`);
    await aws.createJob(
      "hosts",
      [
        "import os",
        "files = [f for _, _, fs in os.walk(os.environ['SM_CHANNEL_TRAIN']) for f in fs]",
        "print(f\"host {os.environ['SM_CURRENT_HOST']} {os.environ['SM_HOSTS']} {files}\")",
        "open(os.path.join(os.environ['SM_MODEL_DIR'], os.environ['SM_CURRENT_HOST']), 'w').write('x')",
      ].join("\n"),
      {
        ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 2, VolumeSizeInGB: 10 },
        InputDataConfig: [
          {
            ...sharded,
            DataSource: {
              S3DataSource: { ...sharded.DataSource.S3DataSource, S3DataDistributionType: "ShardedByS3Key" },
            },
          },
        ],
      },
    );
    const job = await aws.waitForEnd("hosts");
    assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
    const lines = await aws.logLines("hosts");
    assert.ok(lines.includes(`host algo-1 ["algo-1","algo-2"] ['one.txt']`), lines.join("\n"));
    assert.ok(lines.includes(`host algo-2 ["algo-1","algo-2"] ['two.txt']`));
    assert.equal((await aws.logStreams("hosts")).length, 2);
    assert.deepEqual(await namesIn(await aws.get("out/hosts/output/model.tar.gz")), ["algo-1", "algo-2"]);
  });

  it("leaves no base directory behind", () => {
    assert.ok(existsSync(path.join(aws.stateDir, "aws/sagemaker/work")));
    assert.deepEqual(readdirSync(path.join(aws.stateDir, "aws/sagemaker/work")), []);
  });
});
