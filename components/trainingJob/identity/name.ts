import type { CanonicalInputs } from "../args/args";
import { digestOf } from "./definition";

/** SageMaker's limit on a training job's name. */
const MAX_NAME = 63;
/** Digits of the digest in a name: enough to tell a person's experiments apart; whether a job is the same training, its full digest tells. */
const SHORT = 8;
/** Room for `-<digest8>`, an attempt up to `-999` and the fallback's `-od`. */
const SUFFIX_ROOM = "-01234567-999-od".length;

/** What the names of all jobs of a `baseJobName` begin with: its longest part that leaves room, and a hyphen. */
export const namePrefix = (baseJobName: string): string =>
  `${baseJobName.slice(0, MAX_NAME - SUFFIX_ROOM).replace(/-+$/, "")}-`;

/** `<baseJobName>-<digest8>`: the same training always has the same name. */
export const experimentName = (inputs: CanonicalInputs): string =>
  `${namePrefix(inputs.baseJobName ?? "training")}${digestOf(inputs).slice(0, SHORT)}`;

/** The name of an attempt: the first has none, the next are `-2`, `-3`, …; `-od` marks the on-demand fallback. */
export function attemptName(experiment: string, attempt: number, onDemand = false): string {
  return `${experiment}${attempt > 1 ? `-${attempt}` : ""}${onDemand ? "-od" : ""}`;
}

/** Which attempt at an experiment a name is; undefined for a name of anything else. */
export function attemptOfName(
  experiment: string,
  name: string,
): { attempt: number; onDemand: boolean } | undefined {
  if (!name.startsWith(experiment)) return undefined;
  const [all, attempt, onDemand] = /^(?:-([2-9]|[1-9]\d+))?(-od)?$/.exec(name.slice(experiment.length)) ?? [];
  return all === undefined ? undefined : { attempt: Number(attempt ?? 1), onDemand: onDemand !== undefined };
}

/** The experiment that a job's name is an attempt at: what `{job}` stands for in the place of its checkpoints. */
export const experimentOf = (jobName: string): string =>
  /^(.+-[0-9a-f]{8})(?:-\d{1,3})?(?:-od)?$/.exec(jobName)?.[1] ?? jobName;

/** Pulumi's id of a TrainingJob. Two resources of one stack may train the same: the mark tells them apart. */
export function resourceId(inputs: CanonicalInputs): string {
  const name = inputs.adopt ?? experimentName(inputs);
  return inputs.mark ? `${name}.${inputs.mark.slice(0, 8)}` : name;
}
