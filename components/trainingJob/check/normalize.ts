import { defaultCheckpoints, FILLED } from "../args/defaults";
import { DURATION_FORMS, durationSeconds } from "../args/duration";
import { type Failures, inside, shown } from "../args/failures";
import { isRecord, isUnknown, UNKNOWN } from "../args/unknown";

/** Inputs on their way to the canonical form. */
export type Draft = Record<string, unknown>;

/** What became of the inputs: the canonical ones, and under which names the user wrote them. */
export interface Normalized {
  inputs: Draft;
  /** Canonical path to the path that the user wrote, for failures. */
  written: Map<string, string>;
}

/**
 * Resolve the shorthands and fill in the defaults. Nothing else is judged here, except shorthands that cannot be
 * read or that contradict the long form. The result of canonical inputs is the same inputs.
 */
export function normalize(news: Readonly<Draft>, failures: Failures): Normalized {
  const { metricDefinitions, maxRun, maxPending, warmPool, ...rest } = dropEmpty(news) as Draft;
  const merge = new Merger(rest, failures);

  merge.set("algorithmSpecification", "metricDefinitions", metricDefinitions, "metricDefinitions");
  merge.set("stoppingCondition", "maxRuntimeInSeconds", merge.duration(maxRun, "maxRun"), "maxRun");
  merge.set(
    "stoppingCondition",
    "maxPendingTimeInSeconds",
    merge.duration(maxPending, "maxPending"),
    "maxPending",
  );
  resolveWarmPool(merge, warmPool);
  resolveSpot(merge);
  resolveBaseName(merge.inputs);
  fillDefaults(merge);
  return merge;
}

function resolveWarmPool(merge: Merger, warmPool: unknown): void {
  if (warmPool === undefined) {
    return;
  }
  if (isRecord(warmPool)) {
    merge.onlyProperties("warmPool", warmPool, ["keepAlive"]);
  }
  const keepAlive = merge.inner("warmPool", warmPool, "keepAlive");
  if (keepAlive === undefined && isRecord(warmPool)) {
    merge.failures.add("warmPool.keepAlive", `is missing; set it to ${DURATION_FORMS}, at most 1 hour`);
  }
  const seconds = merge.duration(keepAlive, "warmPool.keepAlive");
  merge.set("resourceConfig", "keepAlivePeriodInSeconds", seconds, "warmPool.keepAlive");
}

const JOB_NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

/** The resource's own name is the default of `baseJobName`: it gets hyphens for what a job's name cannot hold, and nobody wrote it. */
function resolveBaseName(inputs: Draft): void {
  const { logUrn, baseJobName: name } = inputs;
  const own = typeof logUrn === "string" ? logUrn.split("::").at(-1) : undefined;
  if (own === undefined || name !== own || JOB_NAME.test(own)) return;
  const words = own.split(/[^a-zA-Z0-9]+/).filter((word) => word !== "");
  if (words.length === 0) delete inputs.baseJobName;
  else inputs.baseJobName = words.join("-").slice(0, 63).replace(/-+$/, "");
}

function resolveSpot(merge: Merger): void {
  const { inputs } = merge;
  const { spot } = inputs;
  if (spot !== undefined) {
    const maxWait = merge.duration(merge.inner("spot", spot, "maxWait"), "spot.maxWait");
    merge.set("stoppingCondition", "maxWaitTimeInSeconds", maxWait, "spot.maxWait");
    if (inputs.enableManagedSpotTraining === false) {
      merge.failures.add("spot", "is set while enableManagedSpotTraining is false; remove one of the two");
    }
    inputs.enableManagedSpotTraining ??= isUnknown(spot) ? UNKNOWN : true;
  }
  if (isRecord(spot) || (spot === undefined && inputs.enableManagedSpotTraining === true)) {
    const { maxWait: _resolved, ...others } = spot ?? {};
    inputs.spot = { ...FILLED.spot, ...others };
  }
}

function fillDefaults(merge: Merger): void {
  const { inputs } = merge;
  inputs.onCancel ??= FILLED.onCancel;
  inputs.deletePolicy ??= FILLED.deletePolicy;
  if (inputs.serverlessJobConfig === undefined) {
    const { instanceCount, ...machines } = FILLED.resourceConfig;
    inputs.stoppingCondition ??= {};
    defaultsOf(inputs.stoppingCondition, FILLED.stoppingCondition);
    defaultsOf(inputs.algorithmSpecification, FILLED.algorithmSpecification);
    defaultsOf(inputs.resourceConfig, machines);
    if (!countIsTold(inputs.resourceConfig)) defaultsOf(inputs.resourceConfig, { instanceCount });
    fillCheckpoints(merge);
  }
  defaultsOf(inputs.checkpointConfig, FILLED.checkpointConfig);
}

function fillCheckpoints({ inputs, written }: Merger): void {
  const output = inputs.outputDataConfig;
  const { enableManagedSpotTraining: spot, checkpointConfig } = inputs;
  if (spot !== true || checkpointConfig !== undefined || !isRecord(output)) return;
  // Nothing to judge while the output path is not known, or refused by itself.
  const path = output.s3OutputPath;
  const s3Uri = typeof path === "string" && !isUnknown(path) ? defaultCheckpoints(path) : UNKNOWN;
  inputs.checkpointConfig = { s3Uri };
  written.set("checkpointConfig.s3Uri", "outputDataConfig.s3OutputPath");
}

/** Whether groups or preferences tell how many machines there are. */
function countIsTold(resources: unknown): boolean {
  if (!isRecord(resources)) return false;
  const { instanceGroups, instancePreferences: preferences } = resources;
  const counted = Array.isArray(preferences)
    ? preferences.some((each) => isRecord(each) && "instanceCount" in each)
    : isUnknown(preferences);
  return instanceGroups !== undefined || counted;
}

function defaultsOf(target: unknown, values: Draft): void {
  if (isRecord(target)) {
    for (const [key, value] of Object.entries(values)) {
      target[key] ??= value;
    }
  }
}

/**
 * Properties that say nothing where they are empty, as programs and answers of the API have them: no key, no groups, no variables. Of any
 * other an empty text or list is a value, which is judged.
 */
const EMPTY_IS_UNSET: Record<string, (value: unknown) => boolean> = {
  attributeNames: isEmptyList,
  environment: (value) => isRecord(value) && Object.keys(value).length === 0,
  instanceGroupNames: isEmptyList,
  instanceGroups: isEmptyList,
  kmsKeyId: isEmptyText,
  profilerRuleConfigurations: isEmptyList,
  trainingImage: isEmptyText,
  volumeKmsKeyId: isEmptyText,
};

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isEmptyText(value: unknown): boolean {
  return value === "";
}

function isUnset(key: string, value: unknown): boolean {
  return value === undefined || value === null || EMPTY_IS_UNSET[key]?.(value) === true;
}

/** Maps of the user's own words, where an empty text is a value. */
const OWN_WORDS = /^(environment|tags|\w+Parameters)$/;

/** A deep copy without empty values, which stand for "not set"; hyperparameters may be empty, as JSON may. */
function dropEmpty(value: unknown, own = false): unknown {
  if (Array.isArray(value)) {
    return value.map((entry) => dropEmpty(entry, own));
  }
  if (!isRecord(value)) {
    return value;
  }
  const entries = Object.entries(value).filter(([key, inner]) => !isUnset(own ? "" : key, inner));
  return Object.fromEntries(
    entries.map(([key, inner]) => [
      key,
      key === "hyperparameters" ? inner : dropEmpty(inner, own || OWN_WORDS.test(key)),
    ]),
  );
}

/** Moves shorthands to where the API has them. */
class Merger implements Normalized {
  readonly written = new Map<string, string>();
  readonly inputs: Draft;
  readonly failures: Failures;

  constructor(inputs: Draft, failures: Failures) {
    this.inputs = inputs;
    this.failures = failures;
  }

  /** Put a shorthand's value at its place. Inside something not known yet there is no place: the next check will do it. */
  set(owner: string, property: string, value: unknown, shorthand: string): void {
    if (value === undefined) {
      return;
    }
    this.inputs[owner] ??= {};
    const target = this.inputs[owner];
    if (!isRecord(target)) {
      return;
    }
    const long = target[property];
    if (long !== undefined && JSON.stringify(long) !== JSON.stringify(value)) {
      const place = `${owner}.${property}`;
      this.failures.add(
        shorthand,
        `is ${shown(shorthand, value)} while ${place} is ${shown(place, long)}; set only one`,
      );
    }
    target[property] = value;
    this.written.set(`${owner}.${property}`, shorthand);
  }

  /** The seconds of a duration; unreadable ones are refused and not judged any further. */
  duration(value: unknown, path: string): unknown {
    if (value === undefined || isUnknown(value)) {
      return value;
    }
    const seconds = durationSeconds(value);
    if (seconds === undefined) {
      this.failures.add(path, `${shown(path, value)} is not a duration; write ${DURATION_FORMS}`);
    }
    return seconds ?? UNKNOWN;
  }

  /** A property of a shorthand that is an object; anything else is refused and not judged any further. */
  inner(path: string, value: unknown, property: string): unknown {
    if (isUnknown(value)) {
      return UNKNOWN;
    }
    if (isRecord(value)) {
      return value[property];
    }
    this.failures.add(path, `${shown(path, value)} is not an object such as { ${property}: "1h" }`);
    return UNKNOWN;
  }

  /** Refuse properties that a shorthand does not have. */
  onlyProperties(path: string, value: Draft, known: string[]): void {
    for (const key of Object.keys(value).filter((each) => !known.includes(each))) {
      this.failures.add(inside(path, key), `${key} is not a property of ${path}; known: ${known.join(", ")}`);
    }
  }
}
