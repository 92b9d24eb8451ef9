import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import type { AwsApi } from "../aws/api";
import type { Clock } from "../engine/clock";
import type { Progress } from "./progress";

export interface CreateContext {
  api: AwsApi;
  clock: Clock;
  progress: Progress;
  signal: AbortSignal;
}

/** A new role, and its policy, reach every part of AWS within seconds, up to a minute. */
const ROLE_TRIES = 12;
const ROLE_PAUSE_MS = 5_000;

/**
 * CreateTrainingJob, with patience for a role that was made a moment ago. What SageMaker refuses for good is said with the job, its
 * reason, and what to do about it.
 */
export async function createJob(
  request: CreateTrainingJobRequest,
  { api, clock, progress, signal }: CreateContext,
): Promise<"created" | "exists"> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await api.create(request);
    } catch (error) {
      const mayPass = isRoleNotReady(error as Error) || isPolicyNotReady(error as Error);
      if (attempt >= ROLE_TRIES || !mayPass) throw refused(request, error as Error);
      progress.note(`waiting for the new role ${request.RoleArn?.split("/").at(-1)}`);
      await clock.sleep(ROLE_PAUSE_MS, signal);
    }
  }
}

/** IAM has no other sign of it than these words. */
const isRoleNotReady = ({ name, message }: Error): boolean =>
  name === "ValidationException" && /could not assume role/i.test(message);

/**
 * A role without its new policy yet: SageMaker lists each channel with the role before it accepts a job. Data that is not there gets
 * the same words.
 */
const isPolicyNotReady = ({ name, message }: Error): boolean =>
  name === "ValidationException" &&
  /no S3 objects found under S3 URL|no identity-based policy allows/i.test(message);

/** The SDK's error, with its message in the terms of this job; its name and status stay for those who classify it. */
function refused(request: CreateTrainingJobRequest, error: Error): Error {
  const next = nextStep(request, error);
  if (next) {
    error.message = `SageMaker refused training job ${request.TrainingJobName}: ${error.name}: ${error.message}\nNext: ${next}`;
  }
  return error;
}

function nextStep(request: CreateTrainingJobRequest, error: Error): string | undefined {
  if (error.name === "ResourceLimitExceeded") {
    const type = request.ResourceConfig?.InstanceType ?? "your instance type";
    const usage = request.EnableManagedSpotTraining ? "spot training job usage" : "training job usage";
    return `ask Service Quotas for more of "${type} for ${usage}", wait for other jobs to end, or choose another type.`;
  }
  if (/^AccessDenied/.test(error.name)) {
    return `your identity needs sagemaker:CreateTrainingJob, sagemaker:AddTags, and iam:PassRole on ${request.RoleArn}.`;
  }
  if (isRoleNotReady(error)) {
    return `let sagemaker.amazonaws.com assume ${request.RoleArn} in its trust policy.`;
  }
  if (error.name === "ValidationException") return "correct the input that it names, then `pulumi up`.";
  return undefined;
}
