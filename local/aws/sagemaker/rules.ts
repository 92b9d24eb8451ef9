import type { InstancePreference, ResourceConfig } from "@aws-sdk/client-sagemaker";
import { readMetricRegex } from "../training/observe/metricRegex.ts";
import { limitExceeded, validationError } from "./errors.ts";
import { instanceCount, type TrainingJobRequest } from "./record.ts";

/** Longest training, in seconds: 28 days. */
const maxRuntimeLimit = 2_419_200;

/** Instance families whose local NVMe disk replaces the EBS volume, so that a volume key has nothing to encrypt. */
const nvmeFamilies =
  /^ml\.(g4dn|g5|g6|g6e|gr6|p3dn|p4d|p4de|p5|p5e|p5en|p6[a-z0-9-]*|trn1|trn1n|trn2|[a-z0-9]+d|[a-z0-9]+dn)\./;

/** The rules of CreateTrainingJob that no single field shows. Throws the first violation, as the service does. */
export function checkRules(request: TrainingJobRequest, tags: { Key?: string; Value?: string }[]): void {
  const problem =
    serverless(request) ??
    algorithm(request) ??
    resources(request) ??
    stopping(request) ??
    warmPool(request) ??
    channels(request) ??
    metricDefinitions(request) ??
    tagProblem(tags);
  if (problem !== undefined) throw validationError(problem);
}

/** A serverless job chooses algorithm and machines by itself. */
function serverless(request: TrainingJobRequest): string | undefined {
  if (!request.ServerlessJobConfig) return undefined;
  const excluded = ["AlgorithmSpecification", "ResourceConfig", "Environment", "RetryStrategy"] as const;
  const named = excluded.find((member) => request[member] !== undefined);
  return named && `${named} cannot be combined with ServerlessJobConfig.`;
}

function algorithm(request: TrainingJobRequest): string | undefined {
  const { AlgorithmSpecification: spec, ServerlessJobConfig: serverlessJob } = request;
  if (!spec) return serverlessJob ? undefined : "AlgorithmSpecification is required.";
  const access = spec.TrainingImageConfig?.TrainingRepositoryAccessMode;
  if (access === "Vpc" && !request.VpcConfig) {
    return "VpcConfig is required when TrainingRepositoryAccessMode is Vpc.";
  }
  if ((spec.TrainingImage === undefined) === (spec.AlgorithmName === undefined)) {
    return "You must provide either TrainingImage or AlgorithmName in AlgorithmSpecification, and not both.";
  }
  return undefined;
}

function resources(request: TrainingJobRequest): string | undefined {
  const { ResourceConfig: resource, ServerlessJobConfig: serverlessJob } = request;
  if (!resource) return serverlessJob ? undefined : "ResourceConfig is required.";
  const groups = resource.InstanceGroups ?? [];
  const preferred = resource.InstancePreferences ?? [];
  if (preferred.length > 0) return preferences(request, preferred);
  if (groups.length === 0 && (resource.InstanceType === undefined || resource.InstanceCount === undefined)) {
    return "InstanceType and InstanceCount are required in ResourceConfig unless InstanceGroups are given.";
  }
  if (groups.length > 0 && (resource.InstanceType !== undefined || resource.InstanceCount !== undefined)) {
    return "InstanceGroups cannot be combined with InstanceType or InstanceCount in ResourceConfig.";
  }
  const counts = groups.length > 0 ? groups.map((group) => group.InstanceCount) : [resource.InstanceCount];
  if (counts.some((count) => (count ?? 0) < 1)) return tooFew;
  const types = groups.length > 0 ? groups.map((group) => group.InstanceType) : [resource.InstanceType];
  const nvme = types.find((type) => nvmeFamilies.test(type ?? ""));
  if (resource.VolumeKmsKeyId !== undefined && nvme !== undefined) {
    return `VolumeKmsKeyId is not supported for instance type ${nvme}, which uses local NVMe storage.`;
  }
  return undefined;
}

const tooFew = "InstanceCount in ResourceConfig must be greater than or equal to 1.";

/** What the documentation of InstancePreference and ResourceConfig says. */
function preferences(request: TrainingJobRequest, preferred: InstancePreference[]): string | undefined {
  const resource: ResourceConfig = request.ResourceConfig ?? {};
  const excluded = ["InstanceType", "InstanceGroups", "InstancePlacementConfig"] as const;
  const named = excluded.find((member) => resource[member] !== undefined);
  if (named) return `InstancePreferences cannot be combined with ${named} in ResourceConfig.`;
  if (request.EnableManagedSpotTraining === true) {
    return "InstancePreferences is not supported when EnableManagedSpotTraining is set to true.";
  }
  const counts = preferred.map(({ InstanceCount }) => InstanceCount ?? resource.InstanceCount);
  const own = preferred.filter(({ InstanceCount }) => InstanceCount !== undefined).length;
  const told = own === 0 ? resource.InstanceCount !== undefined : resource.InstanceCount === undefined;
  if (!told || (own > 0 && own < preferred.length)) {
    return "InstanceCount is required in every InstancePreference or in ResourceConfig, and not in both.";
  }
  return counts.some((count) => (count ?? 0) < 1) ? tooFew : undefined;
}

function stopping(request: TrainingJobRequest): string | undefined {
  const { MaxRuntimeInSeconds: run = 86_400, MaxWaitTimeInSeconds: wait } = request.StoppingCondition ?? {};
  if (run > maxRuntimeLimit) return `MaxRuntimeInSeconds cannot be greater than ${maxRuntimeLimit}.`;
  const spot = request.EnableManagedSpotTraining === true;
  if (!spot && wait === undefined) return undefined;
  // With retries the wait is the time of all of them together (API reference, StoppingCondition).
  if (!spot && !request.RetryStrategy) {
    return "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true";
  }
  if (wait === undefined || wait < run) {
    return "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds";
  }
  return undefined;
}

function warmPool(request: TrainingJobRequest): string | undefined {
  const keepAlive = request.ResourceConfig?.KeepAlivePeriodInSeconds ?? 0;
  if (keepAlive === 0) return undefined;
  const tooLong = keepAliveProblem(keepAlive);
  if (tooLong !== undefined) return tooLong;
  if (request.EnableManagedSpotTraining === true) {
    return "KeepAlivePeriodInSeconds is not supported when EnableManagedSpotTraining is set to true.";
  }
  if ((request.ResourceConfig?.InstanceGroups ?? []).length > 0) {
    return "KeepAlivePeriodInSeconds is not supported for heterogeneous clusters.";
  }
  return undefined;
}

/** The model says 21600; the developer guide ("SageMaker managed warm pools") says one hour. */
export const keepAliveProblem = (seconds: number): string | undefined =>
  seconds > 3600 ? "KeepAlivePeriodInSeconds cannot be greater than 3600." : undefined;

function channels(request: TrainingJobRequest): string | undefined {
  const inputs = request.InputDataConfig ?? [];
  const names = inputs.map((channel) => channel.ChannelName);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  // The pattern of the API takes them; as folders they lead out of the channels'.
  const outside = names.find((name) => name === "." || name === "..");
  if (outside !== undefined) return `Invalid channel name: ${outside}`;
  const groups =
    request.ResourceConfig?.InstanceGroups?.map(({ InstanceGroupName }) => InstanceGroupName) ?? [];
  const asked = inputs.flatMap((channel) => channel.DataSource?.S3DataSource?.InstanceGroupNames ?? []);
  const unknown = asked.find((group) => !groups.includes(group));
  if (unknown !== undefined)
    return `InstanceGroupNames of a channel must be those of InstanceGroups in ResourceConfig: ${unknown}`;
  if (repeated !== undefined) return `Channel names must be unique; ${repeated} is used more than once.`;
  for (const channel of inputs) {
    const jobMode = request.AlgorithmSpecification?.TrainingInputMode ?? "File";
    const mode = channel.InputMode ?? jobMode;
    const { ChannelName: name, CompressionType: compression, RecordWrapperType: wrapper } = channel;
    if (compression === "Gzip" && (mode !== "Pipe" || jobMode === "File")) {
      const said = mode === "Pipe" ? jobMode : mode;
      return `Invalid compression type for channel ${name}: ${said} mode only supports NONE, got Gzip instead`;
    }
    if (wrapper === "RecordIO" && mode !== "Pipe") {
      return `Invalid record wrapper type for channel ${name}: ${mode} mode only supports NONE, got RecordIO instead`;
    }
    if (channel.DataSource?.S3DataSource?.S3DataType === "AugmentedManifestFile" && mode !== "Pipe") {
      return `AugmentedManifestFile of channel ${channel.ChannelName} is only supported with the Pipe input mode.`;
    }
  }
  return undefined;
}

function metricDefinitions(request: TrainingJobRequest): string | undefined {
  for (const { Name, Regex } of request.AlgorithmSpecification?.MetricDefinitions ?? []) {
    const read = readMetricRegex(Regex ?? "");
    if ("regex" in read ? read.groups === 0 : read.wrong) {
      return `Invalid regular expression in the metric definition ${Name}: ${Regex}`;
    }
  }
  return undefined;
}

export function tagProblem(tags: { Key?: string; Value?: string }[]): string | undefined {
  const keys = tags.map((tag) => tag.Key ?? "");
  const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
  if (repeated !== undefined) return `Duplicate tag keys found. Tag keys must be unique: ${repeated}`;
  const reserved = keys.find((key) => /^aws:/i.test(key));
  if (reserved !== undefined) return `Tag keys must not begin with "aws:": ${reserved}`;
  return undefined;
}

/** Instances of one job here, each of which is a process: the largest default quota of an account. */
const maxInstances = 20;

/** What no process can be given: C ends a text there. */
function withNullByte(request: TrainingJobRequest): string | undefined {
  const { Environment, HyperParameters, AlgorithmSpecification: spec } = request;
  const named = [...Object.entries(Environment ?? {}), ...Object.entries(HyperParameters ?? {})];
  const found = named.find((pair) => pair.some((text) => text.includes("\0")));
  if (found) return found[0];
  const words = [...(spec?.ContainerEntrypoint ?? []), ...(spec?.ContainerArguments ?? [])];
  return words.find((word) => word.includes("\0"));
}

/** What SageMaker can do and this machine cannot; said at once rather than after a start. */
export function checkLocalLimits(request: TrainingJobRequest): void {
  const nul = withNullByte(request);
  if (nul !== undefined) {
    throw validationError(`The local SageMaker cannot hand over a text with a null byte in it: ${nul}`);
  }
  if (request.ServerlessJobConfig) {
    throw validationError("The local SageMaker cannot run serverless jobs: it has no foundation models.");
  }
  const image = request.AlgorithmSpecification?.TrainingImage;
  if (image === undefined || !/(^|\/)pytorch-training[:@]/.test(image)) {
    throw validationError(
      `The local SageMaker runs the AWS PyTorch training images only (a repository named pytorch-training), not ${image ?? "AlgorithmName"}.`,
    );
  }
  for (const { Name, Regex } of request.AlgorithmSpecification?.MetricDefinitions ?? []) {
    const read = readMetricRegex(Regex ?? "");
    if ("problem" in read) {
      throw validationError(
        `The local SageMaker cannot read the expression of the metric ${Name} (${read.problem}): ${Regex}`,
      );
    }
  }
  const checkpoints = request.CheckpointConfig?.LocalPath;
  if (checkpoints !== undefined && !/^\/opt\/ml(\/(?!\.\.?(\/|$))[^/]+)+\/?$/.test(checkpoints)) {
    throw validationError(
      `The local SageMaker keeps checkpoints below /opt/ml, where each job has its own, not in ${checkpoints}: leave CheckpointConfig.LocalPath out or name a folder there.`,
    );
  }
  const count = instanceCount(request);
  if (count > maxInstances) {
    throw limitExceeded(
      `The local SageMaker runs up to ${maxInstances} instances per job, each as a process; ${count} were asked for.`,
    );
  }
  for (const channel of request.InputDataConfig ?? []) {
    const mode = channel.InputMode ?? request.AlgorithmSpecification?.TrainingInputMode;
    if (mode === "Pipe") {
      throw validationError(
        `The local SageMaker cannot stream channel ${channel.ChannelName}: use the File or FastFile mode.`,
      );
    }
    if (channel.DataSource?.S3DataSource?.HubAccessConfig) {
      throw validationError(
        `The local SageMaker has no hubs: channel ${channel.ChannelName} must do without HubAccessConfig.`,
      );
    }
    if (!channel.DataSource?.S3DataSource) {
      throw validationError(
        `The local SageMaker reads channels from S3 only; channel ${channel.ChannelName} does not.`,
      );
    }
  }
}

/** Answers ResourceLimitExceeded when the instances asked for exceed what is free of the account's quota. */
export function checkQuota(type: string, quota: number | undefined, inUse: number, requested: number): void {
  if (quota === undefined || inUse + requested <= quota) return;
  throw limitExceeded(
    `The account-level service limit '${type} for training job usage' is ${quota} Instances, with current utilization of ${inUse} Instances and a request delta of ${requested} Instances. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`,
  );
}
