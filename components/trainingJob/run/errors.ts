import { howToAllow, type ObjectDeniedError } from "../aws/denied";
import type { TrainingJobFacts } from "../state/facts";
import { isTold, readFailure } from "./failure";
import { remedyOf } from "./remedy";

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

export interface Told {
  /** The last lines of the job's log. */
  lines: string[];
  /** Whether they are on the display already. Default: false. */
  areShown?: boolean;
}

/** What failed, on which job, what AWS said, and what to do next; no line twice. */
export function explainFailure(facts: TrainingJobFacts, { lines, areShown = false }: Told): string {
  const tail = lines.map((line) => `  ${cut(line)}`);
  return [
    `Training job ${facts.trainingJobName} ended ${outcome(facts)} without a model artifact.`,
    `SageMaker: ${reasonOf(facts, lines, areShown)}`,
    ...(tail.length > 0 && !areShown ? ["Last lines of its log:", ...tail] : []),
    `Log: ${facts.logUrl}${areShown ? " (its last lines are above)" : ""}`,
    `Next: ${remedyOf(facts, lines)}`,
  ].join("\n");
}

const cut = (line: string): string => (line.length > WIDTH ? `${line.slice(0, WIDTH)}…` : line);

/** SageMaker's reason. Of a command that failed without its arguments, and without its error where the lines below give that. */
function reasonOf({ failureReason, attempts }: TrainingJobFacts, lines: string[], areShown: boolean): string {
  const failure = readFailure(failureReason);
  if (!failure) return failureReason ?? attempts.at(-1)?.reason ?? "no reason given";
  const { kind, exitCode, message } = failure;
  // What exits by itself mostly says why at last; what is killed cannot.
  const error = message || (areShown && exitCode > 0 ? lines.at(-1) : "");
  const isBelow = !areShown && isTold(message, lines);
  return `AlgorithmError: ${kind}, exit code ${exitCode}${error && !isBelow ? `: ${cut(error)}` : ""}`;
}

const outcome = ({ status, secondaryStatus }: TrainingJobFacts): string =>
  status === secondaryStatus ? status : `${status} (${secondaryStatus})`;

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
