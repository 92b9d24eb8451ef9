import { described } from "./described.ts";
import type { JobRecord } from "./record.ts";
import { warmPoolStatus } from "./warmPool.ts";

const seconds = (milliseconds: number | undefined) =>
  milliseconds === undefined ? undefined : milliseconds / 1000;

/** The DescribeTrainingJob answer; JSON drops the fields that are undefined. */
export function describe(record: JobRecord, now: number): Record<string, unknown> {
  return {
    ...described(record.request),
    TrainingJobArn: record.arn,
    ModelArtifacts: record.modelArtifacts ? { S3ModelArtifacts: record.modelArtifacts } : undefined,
    TrainingJobStatus: record.status,
    SecondaryStatus: record.secondaryStatus,
    FailureReason: record.failureReason,
    WarmPoolStatus: warmPoolStatus(record, now),
    CreationTime: seconds(record.creationTime),
    TrainingStartTime: seconds(record.trainingStartTime),
    TrainingEndTime: seconds(record.trainingEndTime),
    LastModifiedTime: seconds(record.lastModifiedTime),
    SecondaryStatusTransitions: record.transitions.map((transition) => ({
      Status: transition.status,
      StartTime: seconds(transition.start),
      EndTime: seconds(transition.end),
      StatusMessage: transition.message,
    })),
    FinalMetricDataList: record.metrics.length === 0 ? undefined : record.metrics.map(metric),
    TrainingTimeInSeconds: record.trainingSeconds,
    BillableTimeInSeconds: record.billableSeconds,
    ProfilingStatus: profilingStatus(record),
  };
}

/** The entry of ListTrainingJobs. */
export function summarize(record: JobRecord, now: number): Record<string, unknown> {
  return {
    TrainingJobName: record.request.TrainingJobName,
    TrainingJobArn: record.arn,
    CreationTime: seconds(record.creationTime),
    TrainingEndTime: seconds(record.trainingEndTime),
    LastModifiedTime: seconds(record.lastModifiedTime),
    TrainingJobStatus: record.status,
    SecondaryStatus: record.secondaryStatus,
    WarmPoolStatus: warmPoolStatus(record, now),
    TrainingPlanArn: record.request.ResourceConfig?.TrainingPlanArn,
  };
}

function metric(value: JobRecord["metrics"][number]) {
  return { MetricName: value.name, Value: value.value, Timestamp: value.time / 1000 };
}

/** The profiler is on where it is configured, also once the job has ended; it writes nothing here. */
function profilingStatus({ request }: JobRecord): string {
  return request.ProfilerConfig && request.ProfilerConfig.DisableProfiler !== true ? "Enabled" : "Disabled";
}
