import assert from "node:assert/strict";
import type { TrainingJobInputs } from "../../../../components/trainingJob/args/args";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { toRequest } from "../../../../components/trainingJob/request/request";
import recorded from "../../../fixtures/sdkRequests.generated.json";
import { IMAGE } from "../check/cases/builders";

type Case = keyof typeof recorded.cases;

const { hyperparameters } = recorded;
const g5 = { instanceType: "ml.g5.xlarge", instanceCount: 1 };
const g5x4 = { instanceType: "ml.g5.12xlarge", instanceCount: 1 };

/** For each estimator that was recorded, the inputs that mean the same. */
const same: Record<Case, Partial<TrainingJobInputs>> = {
  plain: { resourceConfig: g5 },
  "plain with hyperparameters": { resourceConfig: g5, hyperparameters },
  "plain in a sub-folder": { resourceConfig: g5, entryPoint: "src/train.py" },
  "plain with another log level": {
    resourceConfig: g5,
    hyperparameters: { sagemaker_container_log_level: 10 },
  },
  "plain without network": { resourceConfig: g5, enableNetworkIsolation: true },
  "torch_distributed on one host": { resourceConfig: g5x4, distribution: "torchDistributed" },
  "torch_distributed on two hosts": {
    resourceConfig: { ...g5x4, instanceCount: 2 },
    distribution: "torchDistributed",
    hyperparameters,
  },
  "instance groups": {
    resourceConfig: {
      instanceGroups: [
        { instanceGroupName: "gpu", instanceType: "ml.g5.xlarge", instanceCount: 1 },
        { instanceGroupName: "cpu", instanceType: "ml.c5.xlarge", instanceCount: 2 },
      ],
    },
  },
};

function requestOf(change: Partial<TrainingJobInputs>) {
  const { inputs, failures } = checkInputs({
    roleArn: "arn:aws:iam::111122223333:role/training",
    algorithmSpecification: { trainingImage: IMAGE },
    outputDataConfig: { s3OutputPath: "s3://artifacts/retina" },
    sourceUri: recorded.sourceUri,
    entryPoint: "train.py",
    inputDataConfig: [
      {
        channelName: "train",
        dataSource: {
          s3DataSource: {
            s3DataType: "S3Prefix",
            s3Uri: "s3://data/train",
            s3DataDistributionType: "FullyReplicated",
          },
        },
      },
    ],
    ...change,
  });
  assert.deepEqual(failures, []);
  return toRequest(inputs, recorded.jobName, {}, { region: recorded.region });
}

describe("script mode", () => {
  describe(`sends what ${recorded.source} sends for`, () => {
    for (const [name, change] of Object.entries(same)) {
      it(name, () => {
        const { HyperParameters, InputDataConfig, ResourceConfig } = requestOf(change);
        assert.deepEqual({ HyperParameters, InputDataConfig, ResourceConfig }, recorded.cases[name as Case]);
      });
    }
  });

  it("takes the tutorial's pytorchddp for torchrun", () => {
    const expected = recorded.cases["torch_distributed on one host"].HyperParameters;
    const { HyperParameters } = requestOf({ resourceConfig: g5x4, distribution: "pytorchddp" });
    assert.deepEqual(HyperParameters, expected);
  });

  it("adds nothing without a script", () => {
    const { HyperParameters } = requestOf({
      resourceConfig: g5,
      sourceUri: undefined,
      entryPoint: undefined,
      hyperparameters: { mini_batch_size: 200, feature_dim: "784" },
    });
    assert.deepEqual(HyperParameters, { mini_batch_size: "200", feature_dim: "784" });
  });
});
