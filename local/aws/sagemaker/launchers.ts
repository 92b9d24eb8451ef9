import type { S3Client } from "@aws-sdk/client-s3";
import { joinS3, readObject } from "../training/transfer/s3.ts";
import { validationError } from "./errors.ts";
import type { TrainingJobRequest } from "./record.ts";

/** Channels in which SageMaker's Python SDKs send scripts of their own, which name files below /opt/ml: ModelTrainer, `@remote`. */
const driverChannels = ["sm_drivers", "sagemaker_remote_function_bootstrap"];

/** What sends several processes over MPI by a hyperparameter (SageMaker Python SDK v2). */
const mpiSwitches = [
  "sagemaker_mpi_enabled",
  "sagemaker_distributed_dataparallel_enabled",
  "sagemaker_pytorch_ddp_enabled",
  "sagemaker_pytorch_xla_multi_worker_enabled",
];

/** Refuses a job that would look for its files in /opt/ml where they are not, or start its processes by what is not there. */
export function checkLauncher(request: TrainingJobRequest, { optMl }: { optMl: boolean }): void {
  const mode = mpiSwitches.find((key) => request.HyperParameters?.[key]?.replaceAll('"', "") === "true");
  if (mode !== undefined) throw notOverMpi(mode, "sagemaker_torch_distributed_enabled (torchrun)");
  const why = optMl ? undefined : needsOptMl(request);
  if (why !== undefined) {
    throw validationError(
      `The local SageMaker has nothing at /opt/ml, which ${why}. Start it with LOCAL_AWS_OPT_ML=true (Linux with mount namespaces): npm run local:stop, then LOCAL_AWS_OPT_ML=true npm run local.`,
    );
  }
}

function needsOptMl({ AlgorithmSpecification: spec, InputDataConfig: channels }: TrainingJobRequest) {
  const channel = channels?.find(({ ChannelName: name = "" }) => driverChannels.includes(name));
  if (channel) return `the scripts in the channel ${channel.ChannelName} (of ModelTrainer or @remote) name`;
  // A word that is a path is pointed to where the files are; what a shell reads is not.
  const command = [...(spec?.ContainerEntrypoint ?? []), ...(spec?.ContainerArguments ?? [])];
  const word = command.find((each) => /\/opt\/ml(?![\w.-])/.test(each.replace(/^\/opt\/ml(?=\/|$)/, "")));
  return word && `the container's command names inside of a longer text (${word.slice(0, 80)})`;
}

/** The script by which ModelTrainer starts its driver, in the channel sm_drivers. */
const startScript = "sm_train.sh";

/** Refuses ModelTrainer's MPI, which only its own script tells. The objects have been found to be there. */
export async function checkDrivers(s3: S3Client, request: TrainingJobRequest): Promise<void> {
  const channel = request.InputDataConfig?.find(({ ChannelName: name }) => name === driverChannels[0]);
  const uri = channel?.DataSource?.S3DataSource?.S3Uri;
  if (uri === undefined) return;
  const script = await readObject(s3, joinS3(uri, startScript)).catch((error: Error) => {
    if (error.name !== "NoSuchKey") throw error;
    return ""; // a channel of that name by somebody else
  });
  if (script.includes("mpi_driver.py")) throw notOverMpi("ModelTrainer's MPI", "Torchrun()");
}

const notOverMpi = (what: string, instead: string) =>
  validationError(
    `The local SageMaker cannot run ${what}: it starts its processes over MPI and SSH. Use ${instead}.`,
  );
