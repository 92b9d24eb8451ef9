import assert from "node:assert/strict";
import type { JobDescription } from "../../../../components/trainingJob/aws/api";
import { attemptOf, factsOf, toState, urls } from "../../../../components/trainingJob/state/facts";
import { canonicalInputs } from "../../support/inputs";

const COMPLETED = {
  TrainingJobName: "dense-0123abcd",
  TrainingJobArn: "arn:aws:sagemaker:us-east-1:111122223333:training-job/dense-0123abcd",
  TrainingJobStatus: "Completed",
  SecondaryStatus: "Completed",
  AlgorithmSpecification: { TrainingImage: "image:1", TrainingInputMode: "File" },
  ModelArtifacts: { S3ModelArtifacts: "s3://bucket/artifacts/dense-0123abcd/output/model.tar.gz" },
  EnableManagedSpotTraining: true,
  TrainingTimeInSeconds: 100,
  BillableTimeInSeconds: 30,
  FinalMetricDataList: [
    { MetricName: "loss", Value: 0.25 },
    { MetricName: "accuracy", Value: 0.9 },
  ],
  SecondaryStatusTransitions: [
    {
      Status: "Starting",
      StartTime: new Date("2026-01-01T00:00:00Z"),
      EndTime: new Date("2026-01-01T00:01:00Z"),
      StatusMessage: "Preparing the instances for training",
    },
    { Status: "Completed", StartTime: new Date("2026-01-01T00:03:00Z") },
  ],
} as unknown as JobDescription;

const ARRIVED = {
  trainingJobName: "dense-0123abcd-od",
  purchaseOption: "on-demand",
  status: "Failed",
  secondaryStatus: "Failed",
  trainingSeconds: 10,
  billableSeconds: 10,
} as const;

describe("factsOf", () => {
  it("tells the machines that the job got of those it may have, and their cost", () => {
    const preferences = [{ instanceType: "ml.g5.12xlarge" }, { instanceType: "ml.g5.xlarge" }];
    const inputs = canonicalInputs({ resourceConfig: { instancePreferences: preferences } });
    const ResourceConfig = { SelectedInstanceType: "ml.g5.xlarge", SelectedInstanceCount: 2 };
    const { attempts, cost } = factsOf(inputs, "us-east-1", {
      ...COMPLETED,
      ResourceConfig,
    } as JobDescription);
    assert.deepEqual(attempts[0].selected, { instanceType: "ml.g5.xlarge", instanceCount: 2 });
    assert.equal(cost.actual, 0.0235);
  });

  it("tells everything of a completed job", () => {
    const { cost, logUrl, consoleUrl, ...facts } = factsOf(canonicalInputs(), "us-east-1", COMPLETED);
    assert.deepEqual(toState(facts), {
      trainingJobName: "dense-0123abcd",
      trainingJobArn: "arn:aws:sagemaker:us-east-1:111122223333:training-job/dense-0123abcd",
      status: "Completed",
      secondaryStatus: "Completed",
      image: "image:1",
      modelArtifact: "s3://bucket/artifacts/dense-0123abcd/output/model.tar.gz",
      failureReason: null,
      attempts: [
        {
          trainingJobName: "dense-0123abcd",
          purchaseOption: "spot",
          status: "Completed",
          secondaryStatus: "Completed",
          trainingSeconds: 100,
          billableSeconds: 30,
        },
      ],
      timeline: [
        {
          status: "Starting",
          startTime: "2026-01-01T00:00:00.000Z",
          endTime: "2026-01-01T00:01:00.000Z",
          message: "Preparing the instances for training",
        },
        { status: "Completed", startTime: "2026-01-01T00:03:00.000Z" },
      ],
      metrics: { loss: 0.25, accuracy: 0.9 },
      trainingSeconds: 100,
      billableSeconds: 30,
      logGroup: "/aws/sagemaker/TrainingJobs",
    });
    assert.equal(cost.savedPercent, 70);
    assert.ok(logUrl.includes("dense-0123abcd") && consoleUrl.endsWith("#/jobs/dense-0123abcd"));
  });

  it("adds up the cost of all attempts, where it is known", () => {
    const { cost, attempts } = factsOf(canonicalInputs(), "us-east-1", COMPLETED, [
      ARRIVED,
      { ...ARRIVED, trainingSeconds: undefined, billableSeconds: undefined },
    ]);
    assert.equal(attempts.length, 3);
    assert.equal(cost.onDemand, Number(((110 * 1.408) / 3600).toFixed(4)));
    assert.equal(cost.actual, Number(((40 * 1.408) / 3600).toFixed(4)));
  });

  it("tells how long the warm pool waited, and what that costs", () => {
    const WarmPoolStatus = { Status: "Available", ResourceRetainedBillableTimeInSeconds: 70 } as const;
    const { cost, attempts } = factsOf(canonicalInputs(), "us-east-1", { ...COMPLETED, WarmPoolStatus });
    assert.equal(attempts[0].warmPoolSeconds, 70);
    assert.equal(cost.warmPoolSeconds, 70);
    assert.equal(cost.actual, Number(((100 * 1.408) / 3600).toFixed(4)));
  });

  it("knows no times and no cost of a job that did not train yet", () => {
    const facts = factsOf(canonicalInputs(), "us-east-1", {
      TrainingJobStatus: "InProgress",
    } as JobDescription);
    assert.equal(facts.trainingSeconds, null);
    assert.equal(facts.cost.actual, undefined);
    assert.equal(facts.cost.worstCase, 1.408);
    assert.deepEqual(facts.timeline, []);
    assert.deepEqual(facts.metrics, {});
  });

  it("takes the algorithm's name where there is no image", () => {
    const job = { AlgorithmSpecification: { AlgorithmName: "my-algorithm" } } as JobDescription;
    assert.equal(factsOf(canonicalInputs(), "us-east-1", job).image, "my-algorithm");
  });
});

describe("attemptOf", () => {
  it("keeps SageMaker's reason of a failure, or the last message", () => {
    const stopped = { ...COMPLETED, TrainingJobStatus: "Stopped" } as JobDescription;
    assert.equal(attemptOf({ ...stopped, FailureReason: "AlgorithmError" }).reason, "AlgorithmError");
    const transitions = [{ Status: "Stopped", StatusMessage: "Stopped by the user", StartTime: new Date() }];
    assert.equal(
      attemptOf({ ...stopped, SecondaryStatusTransitions: transitions } as JobDescription).reason,
      "Stopped by the user",
    );
    assert.equal(attemptOf(COMPLETED).reason, undefined);
  });
});

describe("urls", () => {
  it("lead to the job's log streams and to the job", () => {
    assert.deepEqual(urls("us-east-1", "dense-0123abcd"), {
      logUrl:
        "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/$252Faws$252Fsagemaker$252FTrainingJobs$3FlogStreamNameFilter$3Ddense-0123abcd$252F",
      consoleUrl:
        "https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/jobs/dense-0123abcd",
    });
  });

  for (const [region, domain] of [
    ["cn-north-1", "console.amazonaws.cn"],
    ["us-gov-west-1", "console.amazonaws-us-gov.com"],
    ["eu-central-1", "console.aws.amazon.com"],
  ]) {
    it(`are at ${domain} in ${region}`, () => {
      for (const url of Object.values(urls(region, "job"))) {
        assert.equal(new URL(url).hostname, `${region}.${domain}`);
      }
    });
  }
});
