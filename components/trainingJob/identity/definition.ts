import { createHash } from "node:crypto";
import type { CanonicalInputs } from "../args/args";
import { defaultCheckpoints } from "../args/defaults";
import { canonicalS3Uri } from "../args/s3Uri";
import { isRecord } from "../args/unknown";
import { toRequest } from "../request/request";
import { isScriptMode, LOG_LEVEL } from "../request/scriptMode";
import { isDefault } from "./apiDefaults";
import { inOrder, received } from "./received";

/** A training as a plain value: its request in the API's names, without what does not define it. */
export type Definition = Record<string, unknown>;

/** Members of the request that do not change what is trained: names, tags, limits, and what only watches. */
const NOT_DEFINING = [
  "TrainingJobName",
  "Tags",
  "StoppingCondition",
  "RetryStrategy",
  "ExperimentConfig",
  "ProfilerConfig",
  "ProfilerRuleConfigurations",
  "DebugHookConfig",
  "DebugRuleConfigurations",
  "TensorBoardOutputConfig",
  "MlflowConfig",
  "RemoteDebugConfig",
  "InfraCheckConfig",
  "AlgorithmSpecification.MetricDefinitions",
  "AlgorithmSpecification.EnableSageMakerMetricsTimeSeries",
  "ResourceConfig.KeepAlivePeriodInSeconds",
  "HyperParameters.sagemaker_job_name",
  "HyperParameters.sagemaker_region",
  "HyperParameters.sagemaker_instance_type",
  `HyperParameters.${LOG_LEVEL}`,
];

/** Name in place of the job's, which is made from the digest and cannot be in it. */
const JOB = "{job}";

/**
 * What defines a training: the request of CreateTrainingJob with AWS's defaults and this resource's left out, hyperparameters as the
 * script receives them, and the user's `runId` and data fingerprints. Equal trainings have equal definitions, however they were written.
 */
export function definitionOf(inputs: CanonicalInputs): Definition {
  const ordered = {
    ...inputs,
    hyperparameters: inOrder(inputs.hyperparameters) as typeof inputs.hyperparameters,
  };
  const request = toRequest(ordered, JOB, {}, { region: "", checkpointName: JOB });
  const hyperparameters = request.HyperParameters;
  if (isScriptMode(inputs) && isRecord(hyperparameters)) {
    request.HyperParameters = Object.fromEntries(
      Object.entries(hyperparameters).map(([key, value]) => [key, received(String(value))]),
    );
  }
  const all = { ...request, runId: inputs.runId, dataFingerprints: inputs.dataFingerprints };
  const definition = (reduced(all, "") ?? {}) as Definition;
  dropInheritedModes(definition, request.AlgorithmSpecification?.TrainingInputMode ?? "File");
  if (isDefaultCheckpoint(definition)) delete definition.CheckpointConfig;
  return definition;
}

/** SHA-256 of the definition, 64 hex digits. */
export function digestOf(inputs: CanonicalInputs): string {
  return createHash("sha256")
    .update(JSON.stringify(definitionOf(inputs)))
    .digest("hex");
}

/** Where an empty text is a value of the user's and not a member left out. */
const FREE_TEXT = /^(HyperParameters|Environment)\./;

/** A deep copy with keys in order, without what is empty, is a default, or does not define the training. */
function reduced(value: unknown, path: string): unknown {
  if (NOT_DEFINING.includes(path) || value === undefined || value === null) return undefined;
  if (value === "" && !FREE_TEXT.test(path)) return undefined;
  if (Array.isArray(value)) {
    const entries = value.map((entry) => reduced(entry, `${path}[]`) ?? {});
    return entries.length > 0 ? entries : undefined;
  }
  if (isRecord(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => [key, reduced(value[key], path === "" ? key : `${path}.${key}`)] as const)
      .filter(([, inner]) => inner !== undefined);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  return isDefault(path, value) ? undefined : canonicalUri(path, value);
}

/** Prefixes that are written to mean the same with and without their last slash; a channel's prefix does not. */
const FOLDERS = ["OutputDataConfig.S3OutputPath", "CheckpointConfig.S3Uri"];
const S3_URI = /(^|\.)(S3Uri|S3OutputPath|sagemaker_submit_directory)$/;

/** One spelling for one place in S3: SageMaker takes the https URLs of S3 as well. */
function canonicalUri(path: string, value: unknown): unknown {
  if (!S3_URI.test(path) || typeof value !== "string") return value;
  const uri = canonicalS3Uri(value);
  return FOLDERS.includes(path) ? uri.replace(/\/+$/, "") : uri;
}

/** A channel without an input mode of its own has the job's. */
function dropInheritedModes({ InputDataConfig: channels }: Definition, jobMode: string): void {
  for (const channel of Array.isArray(channels) ? channels : []) {
    if (isRecord(channel) && channel.InputMode === jobMode) delete channel.InputMode;
  }
}

function isDefaultCheckpoint(definition: Definition): boolean {
  const { CheckpointConfig: checkpoint, OutputDataConfig: output } = definition;
  if (!isRecord(checkpoint) || !isRecord(output)) return false;
  const onlyUri = Object.keys(checkpoint).length === 1;
  return onlyUri && checkpoint.S3Uri === defaultCheckpoints(String(output.S3OutputPath));
}
