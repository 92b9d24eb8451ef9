import type { CanonicalInputs } from "../args/args";
import { isTerminal } from "../aws/api";
import { isTransient } from "../aws/retries";
import type { TrainingJobFacts } from "../state/facts";
import { fitMessage, fitReason } from "../state/fit";
import { CancelledError, TrainingError } from "./errors";
import type { Progress } from "./progress";

/**
 * What there is to tell of a training that ended without a model, where the inputs want that told and not thrown. Throws the error
 * itself where they do not, and where it is no end: a deployment that was cancelled, and a job that may still run.
 */
export function asResult(
  error: Error,
  { onFailure }: CanonicalInputs,
  known: TrainingJobFacts | undefined,
  progress: Progress,
): TrainingJobFacts {
  const facts = onFailure === "retry" || onFailure === "record" ? factsOfEnd(error, known) : undefined;
  if (!facts) throw error;
  progress.warn(fitMessage(error.message));
  return facts;
}

function factsOfEnd(error: Error, known: TrainingJobFacts | undefined): TrainingJobFacts | undefined {
  if (error instanceof TrainingError) {
    if (!error.facts || !isTerminal(error.facts.status)) return undefined;
    // SageMaker gives no reason for a job that completed: why it has no model to hand on is known here alone.
    return { ...error.facts, failureReason: error.facts.failureReason ?? fitReason(error.message) };
  }
  if (error instanceof CancelledError || !known) return undefined;
  const wasStarted = known.trainingJobArn !== "" || known.secondaryStatus !== "";
  if (wasStarted || isTransient(error) || isTerminal(known.status)) return undefined;
  // AWS refused to start it: no job has the name.
  const end = { status: "Failed", secondaryStatus: "Failed" };
  const reason = fitReason(error.message);
  const attempts = known.attempts.map((each, index, all) =>
    index < all.length - 1 ? each : { ...each, ...end, reason },
  );
  return { ...known, ...end, attempts, failureReason: reason };
}
