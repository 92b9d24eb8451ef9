import type { JobDescription } from "../aws/api";
import type { ObjectDeniedError } from "../aws/denied";
import { isTransient } from "../aws/retries";
import { type Attempt, factsOf, LOG_GROUP, type TrainingJobFacts } from "../state/facts";
import type { RunContext } from "./context";
import { CancelledError, explainFailure, explainHiddenArtifact, TrainingError } from "./errors";
import { isHeading, lastLines } from "./logs";

const LOG_LINES = 20;

/** A job that did not complete has no artifact, whatever path its description names. */
function factsWithout(job: JobDescription, earlier: Attempt[], context: RunContext): TrainingJobFacts {
  return {
    ...factsOf(context.inputs, context.region, job, earlier),
    modelArtifact: null,
    claim: context.claim,
  };
}

/** The end of a job that failed or was stopped, with the last lines of its log. */
export async function failed(
  job: JobDescription,
  earlier: Attempt[],
  context: RunContext,
): Promise<TrainingError> {
  const facts = factsWithout(job, earlier, context);
  const lines = await lastLines(context.api, LOG_GROUP, facts.trainingJobName, LOG_LINES).catch(() => []);
  const areShown = context.progress.hasShown(lines.filter((line) => !isHeading(line)));
  return new TrainingError(explainFailure(facts, { lines, areShown }), facts);
}

export function missingArtifact(job: JobDescription, earlier: Attempt[], context: RunContext): TrainingError {
  const facts = factsWithout(job, earlier, context);
  const uri = job.ModelArtifacts?.S3ModelArtifacts ?? "nowhere";
  return new TrainingError(
    `Training job ${facts.trainingJobName} is Completed, but there is no model artifact at ${uri}.\n` +
      `Next: see that the script writes to SM_MODEL_DIR and that the role may write there, then \`pulumi up\`.\nLog: ${facts.logUrl}`,
    facts,
  );
}

/** The training is done and paid for, and this identity may not see its model: the next deployment looks again and trains nothing. */
export function hiddenArtifact(
  job: JobDescription,
  denied: ObjectDeniedError,
  earlier: Attempt[],
  context: RunContext,
): TrainingError {
  const facts = factsWithout(job, earlier, context);
  return new TrainingError(explainHiddenArtifact(facts.trainingJobName, denied), facts);
}

/** A job that is refused after others of the same training: those before it stay in the state. */
export function refusedAfter(
  error: Error,
  before: JobDescription | undefined,
  earlier: Attempt[],
  context: RunContext,
): Error {
  // A call that was cut off may have created the job: that one stays in the state, not the one before it.
  if (
    !before ||
    isTransient(error) ||
    error instanceof TrainingError ||
    error instanceof CancelledError ||
    context.signal.aborted
  )
    return error;
  return new TrainingError(error.message, factsWithout(before, earlier, context));
}
