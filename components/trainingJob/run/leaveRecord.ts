import { isTerminal } from "../aws/api";
import { howToAllow, isDenied } from "../aws/denied";
import { recordUri } from "../record/place";
import { recordOf } from "../record/record";
import { LOG_GROUP, type TrainingJobFacts } from "../state/facts";
import { redacted, redactor } from "../state/redact";
import type { RunContext } from "./context";
import { TrainingError, unlessCancelled } from "./errors";
import { LogTail } from "./logs";
import { run } from "./run";

export type RecordContext = Pick<RunContext, "inputs" | "region" | "api" | "clock" | "signal" | "progress">;

/** Pages of the log (1 MB each at most) that are read of a job which this deployment did not follow. */
const LOG_PAGES = 20;

/** Runs the training as `run` does, and leaves its record beside its artifact, however the training ended. */
export async function runAndRecord(context: RunContext): Promise<TrainingJobFacts> {
  try {
    const facts = await unlessCancelled(run(context), context.signal);
    await leaveRecord(facts, context);
    return facts;
  } catch (error) {
    if (error instanceof TrainingError && error.facts) await leaveRecord(error.facts, context);
    throw error;
  }
}

/**
 * Writes `run.json` of a job that has ended. An adopted job has none: it was not made of these inputs. What cannot be written costs the
 * record and never the run.
 */
export async function leaveRecord(facts: TrainingJobFacts, context: RecordContext): Promise<void> {
  const { inputs, region, api, signal, progress } = context;
  if (!isTerminal(facts.status) || inputs.adopt) return;
  const uri = recordUri(inputs, facts.trainingJobName);
  try {
    await readUnfollowed(facts, context);
    if (await hasMoreAlready(uri, context)) return;
    const record = recordOf(inputs, region, facts, progress.series.curves);
    await unlessCancelled(api.putJson(uri, JSON.stringify(record), inputs.outputDataConfig.kmsKeyId), signal);
  } catch (error) {
    const { name, message } = redacted(error as Error, redactor(inputs));
    const next = isDenied(error)
      ? ` Next: ${howToAllow(message, `s3:PutObject on ${uri}, and kms:GenerateDataKey on its KMS key if it has one`)}: from the next run on there is a record.`
      : "";
    progress.warn(
      `The record of ${facts.trainingJobName} is not written to ${uri}: ${name}: ${message}\n` +
        `The training itself stands, and \`npm run compare\` does not know of it.${next}`,
    );
  }
}

/** Whether a record is there of a job whose log tells nothing any more: logs are kept for a time, and its curves are in no other place. */
async function hasMoreAlready(
  uri: string,
  { inputs, api, progress, signal }: RecordContext,
): Promise<boolean> {
  const defined = inputs.algorithmSpecification?.metricDefinitions ?? [];
  if (defined.length === 0 || progress.series.latest.size > 0) return false;
  const isThere = api.objectExists(uri).catch(() => false); // who may not look writes, as for a new job
  return unlessCancelled(isThere, signal);
}

/** The metrics of a job that ended while nobody followed it. Without its log, or for a log that is longer, the record has what there is. */
async function readUnfollowed(facts: TrainingJobFacts, context: RecordContext): Promise<void> {
  const { api, clock, progress, inputs } = context;
  const defined = inputs.algorithmSpecification?.metricDefinitions ?? [];
  if (defined.length === 0 || progress.series.latest.size > 0) return;
  const tail = new LogTail(api, clock, LOG_GROUP, facts.trainingJobName, LOG_PAGES);
  progress.series.add(await tail.read().catch(() => []));
}
