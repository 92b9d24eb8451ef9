import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateTrainingJobCommand,
  DescribeTrainingJobCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
  waitUntilTrainingJobCompletedOrStopped,
} from "@aws-sdk/client-sagemaker";
import { request, TestAws, until } from "./testAws.ts";

const region = "eu-west-1";
const Bucket = "training-in-europe";
const group = { logGroupName: "/aws/sagemaker/TrainingJobs" };

describe("another region on the local AWS", function () {
  this.timeout(120_000);
  let aws: TestAws;
  let sagemaker: SageMakerClient;
  let logs: CloudWatchLogsClient;
  let s3: S3Client;
  let cloudwatch: CloudWatchClient;

  before(async () => {
    aws = await TestAws.start();
    const { endpoint, credentials } = aws.running;
    const config = { endpoint, credentials, region };
    sagemaker = new SageMakerClient(config);
    logs = new CloudWatchLogsClient(config);
    cloudwatch = new CloudWatchClient(config);
    s3 = new S3Client({ ...config, forcePathStyle: true });
    await s3.send(
      new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: region } }),
    );
    await s3.send(new PutObjectCommand({ Bucket, Key: "data/a.txt", Body: "a" }));
  });
  after(() => aws.remove());

  it("trains with its own bucket, log, metrics and names", async () => {
    const script = [
      "import os, time",
      "print(f\"found {os.listdir(os.environ['SM_CHANNEL_TRAIN'])} {os.environ['AWS_REGION']}\", flush=True)",
      "print('loss=0.25', flush=True)",
      "open(os.environ['SM_MODEL_DIR'] + '/model.pt', 'w').write('weights')",
      "while not os.path.exists(os.environ['SM_MODEL_DIR'] + '/../go'): time.sleep(0.05)",
    ].join("\n");
    await aws.createJob("same-name", "print('in us-east-1')");
    const submit = await aws.uploadSource({ "train.py": script });
    const code = await aws.get("code/2/sourcedir.tar.gz");
    await s3.send(new PutObjectCommand({ Bucket, Key: "code/sourcedir.tar.gz", Body: code }));
    const job = request("same-name", {
      HyperParameters: { ...submit, sagemaker_submit_directory: `"s3://${Bucket}/code/sourcedir.tar.gz"` },
      OutputDataConfig: { S3OutputPath: `s3://${Bucket}/out` },
      InputDataConfig: [
        {
          ChannelName: "train",
          DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${Bucket}/data/` } },
        },
      ],
    });
    job.AlgorithmSpecification = {
      ...job.AlgorithmSpecification,
      TrainingInputMode: "File",
      MetricDefinitions: [{ Name: "loss", Regex: "loss=([0-9.]+)" }],
    };
    await sagemaker.send(new CreateTrainingJobCommand(job));
    const lines = async (client: CloudWatchLogsClient, pattern: string) => {
      const streams = await client
        .send(new DescribeLogStreamsCommand({ ...group, logStreamNamePrefix: "same-name/" }))
        .catch(() => undefined);
      if (!streams?.logStreams?.length) return [];
      const found = await client.send(new FilterLogEventsCommand({ ...group, filterPattern: pattern }));
      return (found.events ?? []).map(({ message }) => message);
    };
    // Live: the script goes on only when its line has been seen.
    await until("the line to be in the region's log", async () => (await lines(logs, "found")).length > 0);
    assert.deepEqual(await lines(logs, "found"), ["found ['a.txt'] eu-west-1"]);
    await aws.waitForEnd("same-name");
    assert.deepEqual(await lines(aws.logs, "found"), []);
    assert.deepEqual(await lines(aws.logs, '"in us-east-1"'), ["in us-east-1"]);
    writeFileSync(`${aws.stateDir}/aws/sagemaker/work/same-name@${region}/algo-1/go`, "");
    const Name = { TrainingJobName: "same-name" };
    await waitUntilTrainingJobCompletedOrStopped(
      { client: sagemaker, maxWaitTime: 60, minDelay: 1, maxDelay: 1 },
      Name,
    );
    const described = await sagemaker.send(new DescribeTrainingJobCommand(Name));
    assert.equal(described.TrainingJobStatus, "Completed", described.FailureReason);
    assert.match(described.TrainingJobArn ?? "", /:eu-west-1:/);
    const Key = "out/same-name/output/model.tar.gz";
    assert.ok((await s3.send(new HeadObjectCommand({ Bucket, Key }))).ContentLength);
    for (const client of [sagemaker, aws.sagemaker]) {
      const list = await client.send(new ListTrainingJobsCommand({}));
      assert.equal(list.TrainingJobSummaries?.length, 1);
    }
    const metrics = new ListMetricsCommand({ Namespace: "/aws/sagemaker/TrainingJobs", MetricName: "loss" });
    await until("the metric", async () => ((await cloudwatch.send(metrics)).Metrics ?? []).length === 1);
    assert.deepEqual((await aws.cloudwatch.send(metrics)).Metrics ?? [], []);
  });

  it("refuses data that is not there or in a bucket elsewhere, and says which region was meant", async () => {
    for (const [name, uri, said] of [
      ["no-data", `s3://${Bucket}/none/`, /No S3 objects found .*\(eu-west-1\)/],
      [
        "data-elsewhere",
        "s3://training-test/data/",
        /\(eu-west-1\).*must be addressed using the specified endpoint/,
      ],
    ] as const) {
      const DataSource = { S3DataSource: { S3DataType: "S3Prefix" as const, S3Uri: uri } };
      const InputDataConfig = [{ ChannelName: "train", DataSource }];
      await assert.rejects(
        sagemaker.send(new CreateTrainingJobCommand(request(name, { InputDataConfig }))),
        said,
      );
    }
  });
});
