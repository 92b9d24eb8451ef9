import type { ApiInputs, Channel, Json, OwnInputs } from "../args/args";

/** The inputs that script mode is made of. */
export type ScriptInputs = Pick<OwnInputs, "sourceUri" | "entryPoint" | "distribution"> &
  Pick<ApiInputs, "enableNetworkIsolation" | "resourceConfig">;

/** Python's logging.INFO: the log level of the toolkit in the container. */
const LOG_LEVEL_INFO = 20;

/** Channel that brings the source into a container without network, as the SageMaker Python SDK names it. */
export const CODE_CHANNEL = "code";
const CODE_IN_CONTAINER = `/opt/ml/input/data/${CODE_CHANNEL}/sourcedir.tar.gz`;

/** A hyperparameter that script mode sets but leaves to the user who sets it: the toolkit's log level (10 is debug). */
export const LOG_LEVEL = "sagemaker_container_log_level";

/** Whether the job runs a script in one of AWS's framework images. */
export function isScriptMode(inputs: ScriptInputs): boolean {
  return inputs.sourceUri !== undefined;
}

/**
 * The hyperparameters that tell the toolkit in the image what to run, before encoding: the same names and values that
 * the SageMaker Python SDK 2.x sends for `PyTorch(source_dir=..., entry_point=..., distribution=...)`.
 *
 * "torchDistributed" is the SDK's `distribution={"torch_distributed": {"enabled": True}}`: torchrun with one process
 * per GPU on every machine. "pytorchddp" is the same here: what the SDK makes of it, smdistributed under mpirun, runs on
 * ml.p3 and ml.p4 only and refuses PyTorch 2.4.
 */
export function scriptHyperparameters(
  inputs: ScriptInputs,
  jobName: string,
  region: string,
): Record<string, Json> {
  if (!isScriptMode(inputs)) {
    return {};
  }
  return {
    sagemaker_submit_directory: inputs.enableNetworkIsolation ? CODE_IN_CONTAINER : (inputs.sourceUri ?? ""),
    sagemaker_program: inputs.entryPoint ?? "",
    [LOG_LEVEL]: LOG_LEVEL_INFO,
    sagemaker_job_name: jobName,
    sagemaker_region: region,
    ...torchrunHyperparameters(inputs),
  };
}

function torchrunHyperparameters({
  distribution = "none",
  resourceConfig,
}: ScriptInputs): Record<string, Json> {
  if (distribution === "none") {
    return {};
  }
  const instanceType = resourceConfig?.instanceType;
  return {
    sagemaker_torch_distributed_enabled: true,
    ...(instanceType === undefined ? {} : { sagemaker_instance_type: instanceType }),
  };
}

/** Channels that script mode adds: without network the toolkit cannot fetch the source, so SageMaker brings it. */
export function scriptChannels(inputs: ScriptInputs): Channel[] {
  if (!isScriptMode(inputs) || !inputs.enableNetworkIsolation) {
    return [];
  }
  const s3DataSource = {
    s3DataType: "S3Prefix",
    s3Uri: inputs.sourceUri ?? "",
    s3DataDistributionType: "FullyReplicated",
  } as const;
  return [{ channelName: CODE_CHANNEL, dataSource: { s3DataSource } }];
}
