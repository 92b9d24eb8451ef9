import { type Run, runOf } from "../../../commands/compare/parameters";
import type { RunRecord } from "../../../components/trainingJob/record/schema";

/** A record of a run as the provider writes it, with what is different about it. */
export function recordOf(name: string, changes: Partial<RunRecord> = {}): RunRecord {
  return {
    version: 1,
    trainingJobName: name,
    trainingJobArn: `arn:aws:sagemaker:us-east-1:111122223333:training-job/${name}`,
    experiment: "dense",
    project: "training",
    stack: "dev",
    urn: null,
    region: "us-east-1",
    status: "Completed",
    secondaryStatus: "Completed",
    failureReason: null,
    startTime: "2026-01-01T00:00:00.000Z",
    endTime: "2026-01-01T01:00:00.000Z",
    definition: "0123",
    inputs: { hyperparameters: { epochs: 4 }, resourceConfig: { instanceType: "ml.g5.xlarge" } },
    source: { uri: "s3://bucket/code/0/sourcedir.tar.gz", digest: "0123456789abcdef", files: {}, git: null },
    image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311",
    dataFingerprints: {},
    modelArtifact: `s3://bucket/artifacts/${name}/output/model.tar.gz`,
    metrics: {},
    curves: {},
    trainingSeconds: 100,
    billableSeconds: 30,
    cost: { basis: "table", actual: 0.0117 },
    timeline: [],
    attempts: [],
    logUrl: "https://logs",
    consoleUrl: "https://console",
    versions: {},
    ...changes,
  };
}

export const uriOf = (name: string): string => `s3://bucket/artifacts/${name}/run.json`;

export const run = (name: string, changes: Partial<RunRecord> = {}): Run =>
  runOf(recordOf(name, changes), uriOf(name));

/** A run with these hyperparameters. */
export const tried = (
  name: string,
  hyperparameters: Record<string, unknown>,
  changes: Partial<RunRecord> = {},
): Run => run(name, { inputs: { hyperparameters }, ...changes });
