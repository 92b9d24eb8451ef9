import type { CanonicalInputs } from "../args/args";
import type { JobDescription } from "../aws/api";
import { type Cost, costOfAttempts, type Rented } from "../cost/cost";
import { type Redactor, redactor } from "./redact";

export const LOG_GROUP = "/aws/sagemaker/TrainingJobs";

/** One job that was started for the training. */
export interface Attempt {
  trainingJobName: string;
  purchaseOption: "spot" | "on-demand";
  status: string;
  secondaryStatus: string;
  trainingSeconds?: number;
  billableSeconds?: number;
  /** Seconds that its warm pool waited for the next job, as last seen. They are billed. */
  warmPoolSeconds?: number;
  /** The machines that it got, where the inputs leave a choice. */
  selected?: Rented;
  /** Why it ended, where it did not complete: SageMaker's FailureReason or the last transition's message. */
  reason?: string;
}

/** One step of a job's life, as SageMaker recorded it. */
export interface TimelineEntry {
  status: string;
  /** ISO 8601. */
  startTime: string;
  endTime?: string;
  message?: string;
}

/** The facts of a run: what the resource adds to its inputs. What a job does not have is null, once and for all. */
export interface TrainingJobFacts {
  trainingJobName: string;
  trainingJobArn: string;
  /** Written on the jobs as a tag: a replacement that takes a job over claims it, and only who claimed it last removes it. */
  claim?: string;
  status: string;
  secondaryStatus: string;
  image: string;
  modelArtifact: string | null;
  attempts: Attempt[];
  timeline: TimelineEntry[];
  metrics: Record<string, number>;
  trainingSeconds: number | null;
  billableSeconds: number | null;
  cost: Cost;
  logGroup: string;
  logUrl: string;
  consoleUrl: string;
  failureReason: string | null;
}

/** What a finished or running job says, together with the attempts before it. */
export function factsOf(
  inputs: CanonicalInputs,
  region: string,
  job: JobDescription,
  earlier: Attempt[] = [],
): TrainingJobFacts {
  const name = job.TrainingJobName ?? "";
  const redact = redactor(inputs);
  const attempts = [...earlier, attemptOf(job, redact)];
  return {
    trainingJobName: name,
    trainingJobArn: job.TrainingJobArn ?? "",
    status: job.TrainingJobStatus ?? "",
    secondaryStatus: job.SecondaryStatus ?? "",
    image: job.AlgorithmSpecification?.TrainingImage ?? job.AlgorithmSpecification?.AlgorithmName ?? "",
    modelArtifact: job.ModelArtifacts?.S3ModelArtifacts ?? null,
    attempts,
    timeline: (job.SecondaryStatusTransitions ?? []).map((each) => ({
      status: each.Status ?? "",
      startTime: each.StartTime?.toISOString() ?? "",
      ...(each.EndTime ? { endTime: each.EndTime.toISOString() } : {}),
      ...(each.StatusMessage ? { message: redact(each.StatusMessage) } : {}),
    })),
    metrics: Object.fromEntries(
      (job.FinalMetricDataList ?? []).map((each) => [each.MetricName ?? "", each.Value ?? Number.NaN]),
    ),
    trainingSeconds: job.TrainingTimeInSeconds ?? null,
    billableSeconds: job.BillableTimeInSeconds ?? null,
    cost: costOfAttempts(inputs, region, attempts),
    logGroup: LOG_GROUP,
    ...urls(region, name),
    failureReason: job.FailureReason ? redact(job.FailureReason) : null,
  };
}

export function attemptOf(job: JobDescription, redact: Redactor = (text) => text): Attempt {
  const { SelectedInstanceType: machine, SelectedInstanceCount: machines = 1 } = job.ResourceConfig ?? {};
  const completed = job.TrainingJobStatus === "Completed";
  const reason = job.FailureReason ?? job.SecondaryStatusTransitions?.at(-1)?.StatusMessage;
  return {
    trainingJobName: job.TrainingJobName ?? "",
    purchaseOption: job.EnableManagedSpotTraining ? "spot" : "on-demand",
    status: job.TrainingJobStatus ?? "",
    secondaryStatus: job.SecondaryStatus ?? "",
    trainingSeconds: job.TrainingTimeInSeconds,
    billableSeconds: job.BillableTimeInSeconds,
    warmPoolSeconds: job.WarmPoolStatus?.ResourceRetainedBillableTimeInSeconds,
    ...(machine ? { selected: { instanceType: machine, instanceCount: machines } } : {}),
    ...(completed ? {} : { reason: reason && redact(reason) }),
  };
}

/** Where the console of a region is. */
export function consoleHost(region: string): string {
  if (region.startsWith("cn-")) return `${region}.console.amazonaws.cn`;
  return `${region}.console.${region.startsWith("us-gov-") ? "amazonaws-us-gov.com" : "aws.amazon.com"}`;
}

/** Console pages of a job and of its logs. CloudWatch's console wants its paths encoded twice, with `$` for `%`. */
export function urls(region: string, name: string): { logUrl: string; consoleUrl: string } {
  const console = consoleHost(region);
  const twice = (text: string) => encodeURIComponent(encodeURIComponent(text)).replaceAll("%", "$");
  const logs = `log-groups/log-group/${twice(LOG_GROUP)}$3FlogStreamNameFilter$3D${twice(`${name}/`)}`;
  return {
    logUrl: `https://${console}/cloudwatch/home?region=${region}#logsV2:${logs}`,
    consoleUrl: `https://${console}/sagemaker/home?region=${region}#/jobs/${name}`,
  };
}

/** What the state can hold: Pulumi's wire format knows no `undefined`, however deep. */
export const toState = <T extends object>(state: T): T => JSON.parse(JSON.stringify(state));
