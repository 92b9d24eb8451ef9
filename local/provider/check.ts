/** Check: validates the inputs a program gives and fills in defaults and names, as the AWS provider does at preview. */

import { type Autonaming, autoName } from "./naming.ts";
import { type Failure, type Input, inputsOf, isTagged, type ResourceType } from "./resource.ts";
import { hasUnknown, isObject, isUnknown, sameJson, signatureKey, type Values } from "./values.ts";

/** Lists the inputs that check filled in. The engine does not show properties that start with two underscores. */
export const defaultsKey = "__defaults";

export interface CheckRequest {
  /** The resource's name in the program. */
  readonly name: string;
  /** The inputs of the last deployment; empty for a new resource. */
  readonly olds: Values;
  readonly news: Values;
  readonly seed?: Uint8Array;
  readonly autonaming?: Autonaming;
  /** From the provider's configuration. */
  readonly region: string;
  readonly defaultTags: Readonly<Record<string, string>>;
}

export interface CheckResult {
  readonly inputs: Values;
  readonly failures: Failure[];
}

/** Validates and completes the inputs of a resource. Values that are not known yet pass. */
export function checkInputs(type: ResourceType, request: CheckRequest): CheckResult {
  const declared = inputsOf(type);
  const failures = unservedProperties(type, declared, request.news);
  const inputs: Values = {};
  const defaults: string[] = [];

  for (const [property, input] of Object.entries(declared)) {
    let value: unknown = request.news[property] ?? undefined;
    if (value === undefined) {
      value = attempt(failures, property, () => defaultFor(type, property, input, request));
      if (value !== undefined) defaults.push(property);
    }
    if (value === undefined) {
      if (input.required) failures.push({ property, reason: "is required, but has no value" });
      continue;
    }
    const normalised = normalise(input, value, request.olds[property]);
    const reason = problem(input, normalised);
    if (reason) failures.push({ property, reason });
    inputs[property] = normalised;
  }

  if (isTagged(type)) mergeDefaultTags(inputs, request.defaultTags);
  inputs[defaultsKey] = defaults;
  if (failures.length === 0) failures.push(...(type.check?.(inputs) ?? []));
  return { inputs, failures };
}

function unservedProperties(type: ResourceType, declared: Record<string, Input>, news: Values): Failure[] {
  return Object.entries(news)
    .filter(([p, value]) => !(p in declared) && !p.startsWith("__") && value !== undefined && value !== null)
    .map(([property]) => ({
      property,
      reason:
        `is not served by the local stack's AWS provider, which knows ${Object.keys(declared).join(", ")} of ` +
        `${type.token}: leave it out for the local stack, or use a real AWS account`,
    }));
}

function defaultFor(type: ResourceType, property: string, input: Input, request: CheckRequest): unknown {
  if (property === "region") return request.region;
  if (type.autoName?.property !== property) return input.default;
  const { olds } = request;
  const wasAutomatic = Array.isArray(olds[defaultsKey]) && olds[defaultsKey].includes(property);
  if (wasAutomatic && olds[property] !== undefined) return olds[property];
  return autoName(request.name, type.autoName, request.seed, request.autonaming);
}

/** JSON documents become text; text that still says the same as before stays as it was, so that it shows no difference. */
function normalise(input: Input, value: unknown, old: unknown): unknown {
  if (input.kind !== "json" || hasUnknown(value)) return value;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return typeof old === "string" && sameJson(text, old) ? old : text;
}

/** Why the value cannot be the input's, or undefined when it can. */
function problem(input: Input, value: unknown): string | undefined {
  if (isUnknown(value)) return undefined;
  switch (input.kind) {
    case "json":
      return jsonProblem(value);
    case "map":
      return isObject(value) && Object.values(value).every((v) => typeof v === "string")
        ? undefined
        : "must be a map from string to string";
    case "asset":
      return isObject(value) && signatureKey in value ? undefined : "must be an asset or an archive";
    case "block":
      return typeof value === "object" ? undefined : `must be an object or a list, is a ${typeof value}`;
    default:
      return typeof value === input.kind ? undefined : `must be a ${input.kind}, is a ${typeof value}`;
  }
}

function jsonProblem(value: unknown): string | undefined {
  if (typeof value !== "string" || hasUnknown(value)) return undefined;
  try {
    JSON.parse(value);
    return undefined;
  } catch (error) {
    return `must be a JSON document: ${(error as Error).message}`;
  }
}

/** The provider's `defaultTags` become part of `tags`; the resource's own win. */
function mergeDefaultTags(inputs: Values, defaultTags: Readonly<Record<string, string>>): void {
  if (Object.keys(defaultTags).length === 0 || optsOut(inputs.overrideProvider)) return;
  const own = inputs.tags ?? {};
  if (isObject(own)) inputs.tags = { ...defaultTags, ...own };
}

/** An S3 object may refuse the default tags: it takes ten tags at most. */
function optsOut(override: unknown): boolean {
  return isObject(override) && isObject(override.defaultTags) && isObject(override.defaultTags.tags);
}

function attempt(failures: Failure[], property: string, action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    failures.push({ property, reason: (error as Error).message });
    return undefined;
  }
}
