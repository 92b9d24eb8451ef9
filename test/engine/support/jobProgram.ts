import type { ArtifactStoreArgs } from "../../../components/artifactStore";

/**
 * A program with one TrainingJob as a user may write it, without the Experiment around it. `inputs` is TypeScript that adds inputs of the
 * job or replaces them, such as `spot: { capacityRetries: 0 }`; `store` has arguments of its store.
 */
export const jobProgram = (inputs: string, store: ArtifactStoreArgs = {}) => `
import * as pulumi from "@pulumi/pulumi";
import { ArtifactStore } from "./components/artifactStore";
import { loadConfig } from "./components/config";
import { ExecutionRole } from "./components/executionRole";
import { SourceBundle } from "./components/sourceBundle";
import { TrainingImage } from "./components/trainingImage";
import { TrainingJob } from "./components/trainingJob/trainingJob";

const config = loadConfig();
const store = new ArtifactStore("store", ${JSON.stringify({ deletePolicy: "delete", ...store })});
const image = new TrainingImage("image");
const code = new SourceBundle("code", { sourceDir: "train", entryPoint: "train.py", bucket: store.bucket });
const role = new ExecutionRole("role", { bucket: store.bucket, dataUris: [config.train], repositoryArn: image.repositoryArn });
const job = new TrainingJob(config.experiment, {
  roleArn: role.arn,
  algorithmSpecification: { trainingImage: image.uri },
  sourceUri: code.uri,
  entryPoint: "train.py",
  hyperparameters: config.hyperparameters,
  outputDataConfig: { s3OutputPath: store.artifactsUri },
  resourceConfig: { instanceType: config.instanceType },
  maxRun: config.maxRun,
  deletePolicy: "delete",
  ${inputs}
});
export const { modelArtifact, trainingJobName, status, attempts, cost } = job;
export const storeBucket = store.bucket;
export const roleArn = role.arn;
`;
