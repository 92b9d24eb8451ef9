import type { CheckFailure } from "../args/failures";
import { isRecord } from "../args/unknown";

/** Inputs of the job that an Experiment makes, and the keys of its configuration that they come from. */
export const EXPERIMENT_KEYS: Readonly<Record<string, string>> = {
  baseJobName: "experiment",
  runId: "runId",
  roleArn: "roleArn",
  "algorithmSpecification.trainingImage": "imageUri",
  sourceUri: "sourceDir",
  sourceFiles: "sourceDir",
  sourceVersion: "sourceDir",
  entryPoint: "entryPoint",
  distribution: "distribution",
  hyperparameters: "hyperparameters",
  environment: "environment",
  metricDefinitions: "metrics",
  "algorithmSpecification.metricDefinitions": "metrics",
  "inputDataConfig[0].fingerprint": "fingerprintData",
  "inputDataConfig[1].fingerprint": "fingerprintData",
  "inputDataConfig[0]": "train",
  "inputDataConfig[1]": "val",
  "outputDataConfig.kmsKeyId": "kmsKeyArn",
  outputDataConfig: "bucketName",
  "resourceConfig.instanceType": "instanceType",
  "resourceConfig.instanceCount": "instanceCount",
  "resourceConfig.keepAlivePeriodInSeconds": "keepAlive",
  "warmPool.keepAlive": "keepAlive",
  warmPool: "keepAlive",
  "stoppingCondition.maxRuntimeInSeconds": "maxRun",
  maxRun: "maxRun",
  "stoppingCondition.maxWaitTimeInSeconds": "maxWait",
  "spot.maxWait": "maxWait",
  "spot.fallback": "fallback",
  spot: "spot",
  enableManagedSpotTraining: "spot",
  checkpointConfig: "spot",
  "vpcConfig.securityGroupIds": "securityGroupIds",
  vpcConfig: "subnets",
  enableNetworkIsolation: "networkIsolation",
  onCancel: "onCancel",
  deletePolicy: "deletePolicy",
  livePrices: "livePrices",
  tags: "tags",
};

/** Keys that hold maps: what is below them is the user's own too. */
const MAPS = ["hyperparameters", "environment", "tags"];
const PATHS = Object.keys(EXPERIMENT_KEYS).sort((a, b) => b.length - a.length);
/** A path, with its keys and indexes. */
const PATH = /\b[a-z][A-Za-z]*(?:\.[A-Za-z]+|\[\d+\])*/g;
/** What no plain English has: `spot` alone may be just a word. */
const isName = (word: string) => /[.[A-Z]/.test(word);

/**
 * Failures in the words of whoever wrote the inputs: of a job that an Experiment makes these are the keys of the stack's configuration.
 * The row of the display tells whose child the job is.
 */
export function asWritten(inputs: object, failures: CheckFailure[]): CheckFailure[] {
  const { logUrn } = inputs as { logUrn?: unknown };
  if (typeof logUrn !== "string" || !logUrn.includes("training:index:Experiment$")) return failures;
  return failures.map(({ property, reason }) => ({
    property: keyOf(property, inputs) ?? property,
    reason: reason.replace(PATH, (path) => (isName(path) ? (keyOf(path, inputs) ?? path) : path)),
  }));
}

function keyOf(path: string, inputs: object): string | undefined {
  const input = PATHS.find((each) => path.startsWith(each) && /^($|[.[])/.test(path.slice(each.length)));
  if (input === undefined) return undefined;
  const key = EXPERIMENT_KEYS[input];
  const rest = path.slice(input.length);
  if (key === "metrics") return `training:metrics${metricName(rest, inputs)}`;
  return `training:${key}${MAPS.includes(key) ? rest : ""}`;
}

function metricName(rest: string, inputs: object): string {
  const index = /^\[(\d+)\]/.exec(rest)?.[1];
  const { algorithmSpecification: algorithm } = inputs as { algorithmSpecification?: unknown };
  const metrics = isRecord(algorithm) ? algorithm.metricDefinitions : undefined;
  const metric: unknown = Array.isArray(metrics) && index !== undefined ? metrics[Number(index)] : undefined;
  return isRecord(metric) && typeof metric.name === "string" ? `.${metric.name}` : "";
}
