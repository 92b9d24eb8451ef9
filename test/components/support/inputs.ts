import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../components/trainingJob/args/args";
import { checkInputs } from "../../../components/trainingJob/check/check";

export const URN =
  "urn:pulumi:dev::training::training:index:Experiment$pulumi-nodejs:dynamic/sagemaker:TrainingJob::dense-training";

/** The mark of the resource's owner. */
export const MARK = "0b9b6d2e-0d3c-4a5e-9a3d-5f1f6f0d2c11";

const REGION = "us-east-1";

/** What the program hands to the provider for a plain experiment. */
export function programInputs(changes: Record<string, unknown> = {}): Record<string, unknown> {
  // AWS keeps its images in every region, and a job takes that of its own.
  const region = /^[a-z-]+-\d$/.test(String(changes.region)) ? changes.region : REGION;
  return {
    baseJobName: "dense",
    project: "training",
    stack: "dev",
    logUrn: URN,
    mark: MARK,
    region: REGION,
    roleArn: "arn:aws:iam::111122223333:role/training",
    algorithmSpecification: {
      trainingImage: `763104351884.dkr.ecr.${region}.amazonaws.com/pytorch-training:2.4.0-gpu-py311`,
    },
    sourceUri: "s3://bucket/code/0123456789abcdef/sourcedir.tar.gz",
    entryPoint: "train.py",
    hyperparameters: { epochs: 4 },
    outputDataConfig: { s3OutputPath: "s3://bucket/artifacts" },
    resourceConfig: { instanceType: "ml.g5.xlarge" },
    maxRun: "1h",
    ...changes,
  };
}

/** The same after check, which must have nothing against it. */
export function canonicalInputs(changes: Record<string, unknown> = {}): CanonicalInputs {
  const { inputs, failures } = checkInputs(programInputs(changes));
  assert.deepEqual(failures, []);
  return inputs;
}
