import { howToAllow, type ObjectDeniedError, readDenial } from "../aws/denied";
import type { TrainingJobFacts } from "../state/facts";

/**
 * A training that has no artifact to show. The facts travel with it, so that the job stays in the state and the next deployment knows
 * what there is to pick up or to replace.
 */
export class TrainingError extends Error {
  readonly facts: TrainingJobFacts | undefined;

  constructor(message: string, facts?: TrainingJobFacts) {
    super(message);
    this.name = "TrainingError";
    this.facts = facts;
  }
}

/** The deployment was cancelled while the job ran. */
export class CancelledError extends Error {
  constructor() {
    super("the deployment was cancelled");
    this.name = "CancelledError";
  }
}

/** The work's result, or the cancellation as soon as there is one: a call that hangs must not hold it up. */
export function unlessCancelled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const cancelled = new Promise<never>((_, reject) => {
    const cancel = () => reject(signal.reason);
    if (signal.aborted) cancel();
    else signal.addEventListener("abort", cancel, { once: true });
  });
  return Promise.race([work, cancelled]);
}

const WIDTH = 400;

/** What failed, on which job, what AWS said, and what to do next. */
export function explainFailure(facts: TrainingJobFacts, lines: string[]): string {
  const cut = (line: string) => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line);
  return [
    `Training job ${facts.trainingJobName} ended ${outcome(facts)} without a model artifact.`,
    `SageMaker: ${facts.failureReason ?? facts.attempts.at(-1)?.reason ?? "no reason given"}`,
    ...(lines.length > 0 ? ["Last lines of its log:", ...lines.map((line) => `  ${cut(line)}`)] : []),
    `Log: ${facts.logUrl}`,
    `Next: ${nextStep(facts)}`,
  ].join("\n");
}

const outcome = ({ status, secondaryStatus }: TrainingJobFacts): string =>
  status === secondaryStatus ? status : `${status} (${secondaryStatus})`;

function nextStep({ status, secondaryStatus, failureReason: reason }: TrainingJobFacts): string {
  const failureReason = reason ?? "";
  if (secondaryStatus === "MaxWaitTimeExceeded") {
    return "no spot capacity came in time: raise maxWait, choose another instance type, or set fallback to on-demand; then `pulumi up`.";
  }
  if (secondaryStatus === "MaxRuntimeExceeded") {
    return "raise maxRun, or train less; `pulumi up` then resumes from the last checkpoint where there is one.";
  }
  if (status === "Stopped")
    return "it was stopped from outside; `pulumi up` starts it again, from its last checkpoint.";
  if (isCapacityError(failureReason)) {
    return "no capacity: choose another instance type or region, or try later with `pulumi up`.";
  }
  const next = nextStepByReason(failureReason);
  if (next) return next;
  if (/^ClientError/.test(failureReason)) return "mend the input that SageMaker names, then `pulumi up`.";
  if (/^InternalServerError/.test(failureReason)) return "the fault is SageMaker's: `pulumi up` tries again.";
  return "mend the training script, then `pulumi up`: this job is in the state and will be replaced.";
}

/** What the reason itself names, whoever's fault SageMaker calls it. */
function nextStepByReason(reason: string): string | undefined {
  if (readDenial(reason).action) return `${howToAllow(reason, "the action")}, then \`pulumi up\`.`;
  if (/access ?denied|\b403\b.*forbidden/i.test(reason)) {
    return "see what the reason names, grant it to the execution role (S3 objects, their KMS key, the image), then `pulumi up`.";
  }
  if (/InstallRequirementsError/.test(reason)) {
    return "mend requirements.txt: pip could not install it (versions, or no network); then `pulumi up`.";
  }
  if (OUT_OF_MEMORY.test(reason)) {
    return "most likely it ran out of memory: a smaller batch, fewer workers or a larger instance type, then `pulumi up`.";
  }
  if (/^ResourceLimitExceeded|service limit/i.test(reason)) {
    return "ask Service Quotas for more of what the reason names, or choose another instance type; then `pulumi up`.";
  }
  return undefined;
}

/** Exit code 137, or -9 in Python, is SIGKILL: on a training host that is nearly always the kernel, short of memory. */
const OUT_OF_MEMORY =
  /exit ?code:? ?(137|-9)\b|out ?of ?memory|more memory|cannot allocate memory|\bMemoryError\b|OOMKilled/i;

/** AWS denied a call for a job that is there: what to grant. `action` such as `sagemaker:AddTags`. */
export function explainDenied(action: string, jobName: string, error: Error): string {
  return `AWS denies ${action} on training job ${jobName}: ${error.message}\nNext: ${howToAllow(error.message, action)}, then \`pulumi up\`.`;
}

/** The training completed, and S3 does not let the deployment see the model. */
export function explainHiddenArtifact(jobName: string, { message, uri }: ObjectDeniedError): string {
  return [
    `Training job ${jobName} is Completed and paid for, but its model cannot be seen: ${message}.`,
    `Next: grant your identity s3:GetObject on ${uri}, kms:Decrypt on its KMS key if it has one, and s3:ListBucket on the bucket ` +
      "(without it S3 says the same of an object that is not there); then `pulumi up` takes the model over, nothing is trained again.",
  ].join("\n");
}

/** SageMaker reports capacity only in words; they have been the same for years. */
export const isCapacityError = (reason: string | undefined): boolean => /^CapacityError/i.test(reason ?? "");
