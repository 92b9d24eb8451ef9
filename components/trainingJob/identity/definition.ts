import { createHash } from "node:crypto";
import type { CanonicalInputs } from "../args/args";
import { defaultCheckpoints } from "../args/defaults";
import { canonicalS3Uri } from "../args/s3Uri";
import { isRecord } from "../args/unknown";
import { toRequest } from "../request/request";
import { isScriptMode, LOG_LEVEL } from "../request/scriptMode";
import { isDefault } from "./apiDefaults";
import { received } from "./received";

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
];

/** Hyperparameters of script mode that tell the toolkit what the request tells too, or how much to log. */
const NOT_THE_SCRIPTS = ["sagemaker_job_name", "sagemaker_region", "sagemaker_instance_type", LOG_LEVEL];

/** Name in place of the job's, which is made from the digest and cannot be in it. */
const JOB = "{job}";

/**
 * What defines a training: the request of CreateTrainingJob with AWS's defaults and this resource's left out, hyperparameters as the
 * script receives them, and the user's `runId` and data fingerprints. Equal trainings have equal definitions, however they were written.
 */
export function definitionOf(inputs: CanonicalInputs): Definition {
  const request = toRequest(comparable(inputs), JOB, {}, { region: "", checkpointName: JOB });
  const hyperparameters = request.HyperParameters;
  if (isScriptMode(inputs) && isRecord(hyperparameters)) {
    request.HyperParameters = Object.fromEntries(
      Object.entries(hyperparameters)
        .filter(([key]) => !NOT_THE_SCRIPTS.includes(key))
        .map(([key, value]) => [key, received(String(value))]),
    );
  }
  const { enableNetworkIsolation: EnableNetworkIsolation, runId, dataFingerprints } = inputs;
  const all = { ...request, EnableNetworkIsolation, runId, dataFingerprints };
  const definition = (reduced(all, "") ?? {}) as Definition;
  dropInheritedModes(definition, request.AlgorithmSpecification?.TrainingInputMode ?? "File");
  if (isDefaultCheckpoint(definition)) delete definition.CheckpointConfig;
  return definition;
}

/** The inputs in one spelling where the request has several: order inside of hyperparameters, and the way that brings the source. */
function comparable(inputs: CanonicalInputs): CanonicalInputs {
  const hyperparameters = inOrder(inputs.hyperparameters) as CanonicalInputs["hyperparameters"];
  return { ...inputs, hyperparameters, enableNetworkIsolation: undefined };
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key])]));
}

/** SHA-256 of the definition, 64 hex digits. */
export function digestOf(inputs: CanonicalInputs): string {
  return createHash("sha256")
    .update(JSON.stringify(definitionOf(inputs)))
    .digest("hex");
}

/** Maps whose keys are the user's: nothing in them is a default, and an empty text is a value. */
const MAPS = /^(HyperParameters|Environment|dataFingerprints)\./;
/** Lists whose order AWS does not look at. */
const SETS = ["VpcConfig.SecurityGroupIds", "VpcConfig.Subnets"];

/** A deep copy with keys in order, without what is empty, is a default, or does not define the training. */
function reduced(value: unknown, path: string): unknown {
  if (NOT_DEFINING.includes(path) || value === undefined || value === null) return undefined;
  if (Array.isArray(value)) {
    const entries = value.map((entry) => reduced(entry, `${path}[]`) ?? {});
    if (SETS.includes(path)) entries.sort();
    return entries.length > 0 ? entries : undefined;
  }
  if (isRecord(value)) {
    const entries = Object.keys(value)
      .sort()
      .map((key) => [key, reduced(value[key], path === "" ? key : `${path}.${key}`)] as const)
      .filter(([, inner]) => inner !== undefined);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  }
  if (MAPS.test(path)) return value;
  return value === "" || isDefault(path, value) ? undefined : canonicalUri(path, value);
}

/** Prefixes that are written to mean the same with and without their last slash; a channel's prefix does not. */
const FOLDERS = ["OutputDataConfig.S3OutputPath", "CheckpointConfig.S3Uri"];
const S3_LOCATIONS = [...FOLDERS, "InputDataConfig[].DataSource.S3DataSource.S3Uri"];

function canonicalUri(path: string, value: unknown): unknown {
  if (!S3_LOCATIONS.includes(path) || typeof value !== "string") return value;
  const uri = canonicalS3Uri(value);
  return FOLDERS.includes(path) ? uri.replace(/\/+$/, "") : uri;
}

/** A channel without an input mode of its own has the job's. */
function dropInheritedModes({ InputDataConfig: channels }: Definition, jobMode: string): void {
  for (const channel of Array.isArray(channels) ? channels : []) {
    if (isRecord(channel) && channel.InputMode === jobMode) delete channel.InputMode;
  }
}

/** Without spot there is no default: a checkpoint that is written out is one more than none. */
function isDefaultCheckpoint(definition: Definition): boolean {
  const { CheckpointConfig: checkpoint, OutputDataConfig: output } = definition;
  if (definition.EnableManagedSpotTraining !== true || !isRecord(checkpoint) || !isRecord(output))
    return false;
  const onlyUri = Object.keys(checkpoint).length === 1;
  return onlyUri && checkpoint.S3Uri === defaultCheckpoints(String(output.S3OutputPath));
}
