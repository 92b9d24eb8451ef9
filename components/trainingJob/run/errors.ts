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
  if (/^ClientError/.test(failureReason)) return "mend the input that SageMaker names, then `pulumi up`.";
  if (/^InternalServerError/.test(failureReason)) return "the fault is SageMaker's: `pulumi up` tries again.";
  return "mend the training script, then `pulumi up`: this job is in the state and will be replaced.";
}

/** SageMaker reports capacity only in words; they have been the same for years. */
export const isCapacityError = (reason: string | undefined): boolean => /^CapacityError/i.test(reason ?? "");
