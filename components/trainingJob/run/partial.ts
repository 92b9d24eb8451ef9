import { setTimeout as delay } from "node:timers/promises";
import type { CanonicalInputs } from "../args/args";
import type { AwsApi } from "../aws/api";
import { isTransient } from "../aws/retries";
import { type TrainingJobFacts, toState } from "../state/facts";
import { fitMessage, fitReason, fitState } from "../state/fit";
import { CancelledError, TrainingError } from "./errors";
import { JobGoneError } from "./watcher";

/** How long a cancelled operation may take for its last call: after a second ^C the engine waits 5 s. */
const LAST_CALL_MS = 1_500;

/**
 * Turns whatever ended a run into the error that makes Pulumi keep the job in the state, if there is a job. Only with the job in the
 * state does the next deployment pick it up or replace it, and destroy stop it.
 */
export async function keepPartial(
  id: string,
  inputs: CanonicalInputs,
  known: TrainingJobFacts | undefined,
  error: Error,
  api: AwsApi,
): Promise<Error> {
  if (error instanceof TrainingError) return withState(id, inputs, error.facts, error.message);
  if (error instanceof CancelledError) {
    if (!known) return new Error("Cancelled before a training job was started.");
    return withState(id, inputs, known, await cancelled(known.trainingJobName, inputs, api));
  }
  if (error instanceof JobGoneError && known) {
    return withState(id, inputs, known, `${error.message}\nNext: \`pulumi up\` trains again.`);
  }
  // Followed until AWS refused to answer: the job goes on. Never created for certain: there is none to keep.
  const mayRun = known && (known.trainingJobArn !== "" || known.secondaryStatus !== "" || isTransient(error));
  if (!mayRun) return error;
  const message =
    `Training job ${known.trainingJobName} can no longer be followed: ${error.name}: ${error.message}\n` +
    "It may still be running. Next: `pulumi up` follows it again, `pulumi destroy` stops it.";
  return withState(id, inputs, known, message);
}

async function cancelled(name: string, inputs: CanonicalInputs, api: AwsApi): Promise<string> {
  if (inputs.onCancel !== "stop") {
    return `Cancelled: training job ${name} goes on. Next: \`pulumi up\` follows it again, \`pulumi destroy\` stops it.`;
  }
  const stopping = "Next: `pulumi up` trains again from its last checkpoint, `pulumi destroy` removes it.";
  const mayRun = "It may still run. Next: `pulumi up` follows it again, `pulumi destroy` stops it.";
  const outcome = await Promise.race([
    api.stop(name).then(
      () => `is being stopped. ${stopping}`,
      // Its creation may be on the way still: that there is no such job yet does not mean that there will be none.
      (error: Error) => `could not be stopped (${error.name}: ${error.message}). ${mayRun}`,
    ),
    delay(LAST_CALL_MS, `was asked to stop, without an answer yet. ${mayRun}`, { ref: false }),
  ]);
  return `Cancelled: training job ${name} ${outcome}`;
}

function withState(
  id: string,
  inputs: CanonicalInputs,
  facts: TrainingJobFacts | undefined,
  message: string,
): Error {
  if (!facts) return new Error(message);
  const properties = toState(fitState({ ...inputs, ...facts }));
  return Object.assign(new Error(fitMessage(message)), { id, properties, reasons: [fitReason(message)] });
}
