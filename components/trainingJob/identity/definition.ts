import type { CanonicalInputs } from "../args/args";
import { isRecord } from "../args/unknown";
import { apiShape, propertiesOf, ROOT } from "../model/apiModel";

/** What changed between two sets of inputs, as paths such as `hyperparameters.lr`. */
export interface InputChanges {
  /** Changes of what defines the training: they need another job. */
  replaces: string[];
  /** Changes of everything else that the state has to know: tags, the warm pool, what cancel and destroy do. */
  updates: string[];
}

// Own inputs that define the training, besides the API's.
const OWN_DEFINING = [
  "baseJobName",
  "runId",
  "sourceUri",
  "entryPoint",
  "distribution",
  "region",
  "dataFingerprints",
];
// The API's, but not an input here: in the state it is the name of the job that ran.
const JOB_NAME = "trainingJobName";
// Inputs that do not, but that later operations read from the state.
// `secretInputs`: an input that becomes a secret must be encrypted in the state.
const UPDATABLE = [
  "tags",
  "spot",
  "onCancel",
  "deletePolicy",
  "adopt",
  "livePrices",
  "secretInputs",
  "awsConfig",
];

/**
 * The part of the inputs that defines the training, with its keys in order: the same training gives the same text,
 * however it was written down. Left out: tags, the time limits (a job that ran into one goes on from its checkpoints
 * once it is raised, one that completed is not paid for again), warm pool, what happens on cancel and destroy, spot's fallback and
 * retries, `adopt`, prices, and what the resource adds for itself.
 */
export function definingInputs(inputs: CanonicalInputs): Record<string, unknown> {
  const { tags: _tags, stoppingCondition: _times, resourceConfig, distribution, ...rest } = inputs;
  const { keepAlivePeriodInSeconds: _keepAlive, ...machines } = resourceConfig ?? {};
  const names = [...propertiesOf(apiShape(ROOT)).keys(), ...OWN_DEFINING].filter((name) => name !== JOB_NAME);
  const all: Record<string, unknown> = {
    ...rest,
    ...(resourceConfig && { resourceConfig: isRecord(resourceConfig) ? machines : resourceConfig }),
    ...(distribution && distribution !== "none" && { distribution: "torchDistributed" }),
  };
  return sorted(Object.fromEntries(names.map((name) => [name, all[name]]))) as Record<string, unknown>;
}

/** Which inputs changed, and what that means. The order of keys does not matter; the order in lists does. */
export function diffInputs(olds: CanonicalInputs, news: CanonicalInputs): InputChanges {
  return {
    replaces: changes(definingInputs(olds), definingInputs(news), ""),
    updates: changes(updatable(olds), updatable(news), ""),
  };
}

function updatable(inputs: CanonicalInputs): Record<string, unknown> {
  const all = inputs as unknown as Record<string, unknown>;
  const keepAlivePeriodInSeconds = inputs.resourceConfig?.keepAlivePeriodInSeconds;
  return sorted({
    ...Object.fromEntries(UPDATABLE.map((name) => [name, all[name]])),
    resourceConfig: { keepAlivePeriodInSeconds },
  }) as Record<string, unknown>;
}

/** A deep copy with keys in order and without unset ones. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (!isRecord(value)) {
    return value;
  }
  const keys = Object.keys(value).filter((key) => value[key] !== undefined && value[key] !== null);
  return Object.fromEntries(keys.sort().map((key) => [key, sorted(value[key])]));
}

/** Paths at which two values differ: as deep as both sides have the same kind of value. */
function changes(before: unknown, after: unknown, path: string): string[] {
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return before.flatMap((entry, index) => changes(entry, after[index], `${path}[${index}]`));
  }
  if (isRecord(before) && isRecord(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys]
      .sort()
      .flatMap((key) => changes(before[key], after[key], path === "" ? key : `${path}.${key}`));
  }
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [path];
}
