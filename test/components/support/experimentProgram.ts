import { parseConfig } from "../../../components/config";
import { Experiment } from "../../../components/experiment";
import { inputsOf, type Program, runProgram } from "./program";

export const JOB = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";
export const IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
export const KEY = "arn:aws:kms:us-east-1:111122223333:key/1";

/** Runs a program of one experiment, from the least configuration with some keys set; `before`: outputs that the stack has. */
export const runExperiment = (
  changes: Record<string, unknown> = {},
  before: Record<string, unknown> = { bucket: "before" },
) =>
  runProgram(
    () =>
      new Experiment(
        "dense",
        parseConfig({ train: "s3://data/train", val: "s3://data/val/", experiment: "dense", ...changes }),
      ),
    {
      config: { "aws:region": "us-east-1" },
      lookups: {
        "pulumi:pulumi:readStackOutputs": { outputs: before },
        "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": { registryPath: IMAGE },
        "aws:s3/getBucket:getBucket": { bucket: "ours", arn: "arn:aws:s3:::ours" },
        "aws:ecr/getRepository:getRepository": {
          repositoryUrl: "1.dkr.ecr.us-east-1.amazonaws.com/team/trainer",
        },
        "aws:ecr/getImage:getImage": { imageDigest: "sha256:0123" },
        "aws:ecr/getAuthorizationToken:getAuthorizationToken": { userName: "AWS", password: "token" },
      },
    },
  );

/** What the experiment's job was asked for, without its code. */
export function jobOf(program: Program<unknown>): Record<string, unknown> {
  const { __provider: _provider, ...inputs } = inputsOf(program, JOB, "dense-training");
  return inputs;
}
