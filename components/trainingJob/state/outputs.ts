import type { TrainingJobFacts } from "./facts";

/** Every fact of a run that the state holds, in the order in which users read them. */
export const OUTPUTS = [
  "modelArtifact",
  "trainingJobName",
  "trainingJobArn",
  "status",
  "secondaryStatus",
  "image",
  "attempts",
  "timeline",
  "metrics",
  "trainingSeconds",
  "billableSeconds",
  "cost",
  "logGroup",
  "logUrl",
  "consoleUrl",
  "failureReason",
  "claim",
] as const satisfies (keyof TrainingJobFacts)[];

/** The facts in a state; those that a job does not have are null. */
export function pickFacts(state: Partial<TrainingJobFacts>): TrainingJobFacts {
  return Object.fromEntries(OUTPUTS.map((key) => [key, state[key] ?? null])) as unknown as TrainingJobFacts;
}
