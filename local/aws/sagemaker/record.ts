import type {
  CreateTrainingJobCommandInput,
  SecondaryStatus,
  TrainingJobStatus,
} from "@aws-sdk/client-sagemaker";
import { DEFAULT_REGION } from "../clients.ts";

/** The request as it came, after validation. */
export type TrainingJobRequest = Omit<CreateTrainingJobCommandInput, "Tags"> & {
  TrainingJobName: string;
  RoleArn: string;
};

/** One line of the status timeline. Times here and below are epoch milliseconds. */
export interface Transition {
  status: SecondaryStatus;
  start: number;
  end?: number;
  message: string;
}

export interface MetricValue {
  name: string;
  value: number;
  time: number;
}

/** Instances kept after the job, and what became of them. */
export interface WarmPool {
  /** Seconds to keep them, from `end`; UpdateTrainingJob changes it. */
  keepAliveSeconds: number;
  /** When the job ended and the pool became available. */
  availableSince?: number;
  /** When the pool ended before its time, or went to another job. */
  endedAt?: number;
  reusedByJob?: string;
}

/** A process of a job, with its start as the system tells it, so that a reused pid is not mistaken for it. */
export interface JobProcess {
  pid: number;
  startTicks: string;
}

/** Everything known of a training job; one JSON file each. */
export interface JobRecord {
  request: TrainingJobRequest;
  arn: string;
  region: string;
  tags: Record<string, string>;
  status: TrainingJobStatus;
  secondaryStatus: SecondaryStatus;
  transitions: Transition[];
  creationTime: number;
  lastModifiedTime: number;
  trainingStartTime?: number;
  trainingEndTime?: number;
  trainingSeconds?: number;
  billableSeconds?: number;
  failureReason?: string;
  /** S3 URI of model.tar.gz. */
  modelArtifacts?: string;
  metrics: MetricValue[];
  warmPool?: WarmPool;
  processes: JobProcess[];
}

export const isTerminal = (status: TrainingJobStatus) =>
  status === "Completed" || status === "Failed" || status === "Stopped";

export const jobName = (record: JobRecord): string => record.request.TrainingJobName;

/** Names a job among those of all regions; in most states, which know one region only, it is the name. */
export const keyOf = (name: string, region: string): string =>
  region === DEFAULT_REGION ? name : `${name}@${region}`;

export const jobKey = (record: JobRecord): string => keyOf(jobName(record), record.region);

export const isSpot = (record: JobRecord): boolean => record.request.EnableManagedSpotTraining === true;

/** The request with the machines that it gets where it leaves a choice: here the first that it prefers, as there is capacity for all. */
export function withSelectedInstances(request: TrainingJobRequest): TrainingJobRequest {
  const resource = request.ResourceConfig;
  const [first] = resource?.InstancePreferences ?? [];
  if (!first) return request;
  const SelectedInstanceCount = first.InstanceCount ?? resource?.InstanceCount;
  return {
    ...request,
    ResourceConfig: { ...resource, SelectedInstanceType: first.InstanceType, SelectedInstanceCount },
  };
}

/** The type of the instances that a job without instance groups got. */
export function instanceType({ ResourceConfig: resource }: TrainingJobRequest): string | undefined {
  return resource?.SelectedInstanceType ?? resource?.InstanceType;
}

/** How many instances the job asked for, over all its instance groups. */
export function instanceCount(request: Pick<TrainingJobRequest, "ResourceConfig">): number {
  const groups = request.ResourceConfig?.InstanceGroups ?? [];
  if (groups.length > 0) return groups.reduce((sum, group) => sum + (group.InstanceCount ?? 0), 0);
  const { SelectedInstanceCount, InstanceCount } = request.ResourceConfig ?? {};
  return SelectedInstanceCount ?? InstanceCount ?? 1;
}
