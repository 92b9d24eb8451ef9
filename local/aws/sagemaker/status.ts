import type { SecondaryStatus, TrainingJobStatus } from "@aws-sdk/client-sagemaker";
import type { JobRecord } from "./record.ts";

/** What SageMaker says on entering a status, where it says the same each time. */
export const messages = {
  starting: "Starting the training job",
  launching: "Launching requested ML instances",
  preparing: "Preparing the instances for training",
  waiting: "Waiting for capacity",
  downloading: "Downloading input data",
  downloadingImage: "Downloading the training image",
  training: "Training image download completed. Training in progress.",
  uploading: "Uploading generated training model",
  completed: "Training job completed",
  failed: "Training job failed",
  stopping: "Stopping the training job",
  stopped: "Training job stopped",
  interrupted: "Training job interrupted: the spot instances were reclaimed",
  restarting: "Restarting the training job",
  maxRuntime: "Training job runtime exceeded MaxRuntimeInSeconds provided",
  maxWait: "Training job waiting time exceeded MaxWaitTimeInSeconds provided",
} as const;

const primaryOf: Partial<Record<SecondaryStatus, TrainingJobStatus>> = {
  Completed: "Completed",
  Failed: "Failed",
  Stopped: "Stopped",
  MaxRuntimeExceeded: "Stopped",
  MaxWaitTimeExceeded: "Stopped",
  Stopping: "Stopping",
};

/**
 * Moves a job to a secondary status, and with it to the primary status that belongs to it.
 *
 * Within one status only the message changes, as on SageMaker; a new status ends the entry before it.
 * A job that is being stopped stays Stopping while its results are uploaded.
 */
export function moveTo(record: JobRecord, status: SecondaryStatus, message: string, now: number): void {
  const last = record.transitions.at(-1);
  if (last?.status === status) {
    last.message = message;
  } else {
    if (last) last.end = now;
    record.transitions.push({ status, start: now, message });
  }
  record.secondaryStatus = status;
  record.status = primaryOf[status] ?? "InProgress";
  record.lastModifiedTime = now;
  const entry = record.transitions.at(-1);
  if (entry && ["Completed", "Failed", "Stopped"].includes(record.status)) entry.end = now;
}
