import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import type { AwsApi } from "../aws/api";
import { howToAllow, isDenied } from "../aws/denied";
import type { Clock } from "../engine/clock";
import type { Progress } from "./progress";

export interface CreateContext {
  api: AwsApi;
  clock: Clock;
  progress: Progress;
  signal: AbortSignal;
}

/** A new role, and its policies, reach every part of AWS within seconds, up to two minutes: so long terraform-provider-aws waits. */
const SPREADS_MS = 120_000;
const SPREADS_PAUSE_MS = 5_000;

/** IAM has no other sign of it than these words of SageMaker's, which are those of a mistake as well. */
const SPREADING = [
  /could not assume role/i,
  /no identity-based policy allows/i,
  /no S3 objects found under S3 URL/i,
  /unauthorized to list objects under S3 URL/i,
  /access denied to OutputDataConfig S3 bucket/i,
  /access denied for repository/i,
  /access denied to hub content/i,
];

/**
 * CreateTrainingJob, with patience for a role that was made a moment ago. What SageMaker refuses for good is said with the job, its
 * reason, and what to do about it.
 */
export async function createJob(
  request: CreateTrainingJobRequest,
  { api, clock, progress, signal }: CreateContext,
): Promise<"created" | "exists"> {
  const until = clock.now() + SPREADS_MS;
  let looked = false;
  for (;;) {
    try {
      return await api.create(request);
    } catch (error) {
      const { message } = error as Error;
      if (!maySpread(error as Error))
        throw refused(request, error as Error, nextStep(request, error as Error));
      const missing = looked ? undefined : await missingData(api, message);
      looked = true;
      if (missing) {
        throw refused(
          request,
          error as Error,
          `nothing is under ${missing}: correct the channel, then \`pulumi up\`.`,
        );
      }
      if (clock.now() + SPREADS_PAUSE_MS > until) {
        throw refused(
          request,
          error as Error,
          `${permissionStep(request, message)} Waited 2 minutes for it to spread.`,
        );
      }
      progress.note(`waiting for role ${roleName(request)} to spread (${message.slice(0, 100)})`);
      await clock.sleep(SPREADS_PAUSE_MS, signal);
    }
  }
}

const maySpread = ({ name, message }: Error): boolean =>
  name === "ValidationException" && SPREADING.some((words) => words.test(message));

/** The data that SageMaker cannot list, if it is not there for whoever deploys either: no patience brings it. */
async function missingData(api: AwsApi, message: string): Promise<string | undefined> {
  const uri = /objects (?:found )?under S3 URL:?\s*"?(s3:\/\/[^\s"]+)/i
    .exec(message)?.[1]
    .replace(/[.,;]$/, "");
  if (!uri) return undefined;
  const objects = await api.listObjects(uri, 1).catch(() => undefined); // who may not look cannot tell
  return objects?.length === 0 ? uri : undefined;
}

const roleName = ({ RoleArn }: CreateTrainingJobRequest): string => RoleArn?.split("/").at(-1) ?? "";

/** What the role lacks, if it is no longer new. */
function permissionStep(request: CreateTrainingJobRequest, message: string): string {
  const role = request.RoleArn;
  if (/assume role/i.test(message)) return `let sagemaker.amazonaws.com assume ${role} in its trust policy.`;
  if (/repository/i.test(message)) {
    return `grant ${role} ecr:BatchGetImage and ecr:GetDownloadUrlForLayer on the image's repository, also in that repository's policy.`;
  }
  if (/hub content/i.test(message))
    return `grant ${role} sagemaker:DescribeHubContent on that content and its hub.`;
  if (/OutputDataConfig/i.test(message)) {
    return `grant ${role} s3:PutObject and s3:ListBucket on ${request.OutputDataConfig?.S3OutputPath}, which must exist.`;
  }
  return `correct the input that it names, or grant ${role} s3:ListBucket on its bucket and s3:GetObject on its objects.`;
}

/** The SDK's error, with its message in the terms of this job; its name and status stay for those who classify it. */
function refused(request: CreateTrainingJobRequest, error: Error, next: string | undefined): Error {
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
  if (isDenied(error)) {
    const all = `sagemaker:CreateTrainingJob, sagemaker:AddTags, and iam:PassRole on ${request.RoleArn}`;
    return `${howToAllow(error.message, all)}, then \`pulumi up\`.`;
  }
  if (error.name === "ValidationException") return "correct the input that it names, then `pulumi up`.";
  return undefined;
}
