/** Check: validates the inputs a program gives and fills in defaults and names, as the AWS provider does at preview. */

import { type Asset, assertOpens } from "./assets.ts";
import { normalDocument } from "./documents.ts";
import type { Failure } from "./findings.ts";
import { type Autonaming, autoName } from "./naming.ts";
import { type Input, inputsOf, isTagged, type ResourceType } from "./resource.ts";
import { allTags } from "./tags.ts";
import {
  hasUnknown,
  isObject,
  isUnknown,
  sameJson,
  signatureKey,
  type Values,
  withoutAbsent,
} from "./values.ts";

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

/**
 * Validates and completes the inputs of a resource. Values that are not known yet pass.
 * @throws Error when the file of an asset cannot be opened
 */
export function checkInputs(type: ResourceType, request: CheckRequest): CheckResult {
  const declared = inputsOf(type);
  const failures = [...unservedProperties(type, declared, request.news), ...nameConflict(type, request.news)];
  const inputs: Values = {};
  const defaults: string[] = [];

  for (const [property, input] of Object.entries(declared)) {
    if (input.unserved || property === "tagsAll") continue;
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
    inputs[property] = withoutAbsent(normalised);
  }

  if (isTagged(type)) inputs.tagsAll = allTags(inputs, request.defaultTags);
  inputs[defaultsKey] = defaults;
  if (failures.length === 0) failures.push(...(type.check?.(inputs) ?? []));
  return { inputs, failures };
}

function unservedProperties(type: ResourceType, declared: Record<string, Input>, news: Values): Failure[] {
  const served = Object.keys(declared).filter((p) => !declared[p].unserved && p !== "tagsAll");
  return Object.entries(news)
    .filter(
      ([p, value]) => !served.includes(p) && !p.startsWith("__") && value !== undefined && value !== null,
    )
    .map(([property]) => ({
      property,
      reason:
        `is not served by the local stack's AWS provider, which knows ${served.join(", ")} of ` +
        `${type.token}: leave it out for the local stack, or use a real AWS account`,
    }));
}

function nameConflict({ autoName }: ResourceType, news: Values): Failure[] {
  if (!autoName?.prefix || !news[autoName.property] || !news[autoName.prefix]) return [];
  return [{ property: autoName.property, reason: `conflicts with ${autoName.prefix}: give one of the two` }];
}

function defaultFor(type: ResourceType, property: string, input: Input, request: CheckRequest): unknown {
  if (property === "region") return request.region;
  if (type.autoName?.property !== property) return input.default;
  const { olds, news } = request;
  if (type.autoName.prefix && news[type.autoName.prefix]) return undefined;
  const wasAutomatic = Array.isArray(olds[defaultsKey]) && olds[defaultsKey].includes(property);
  if (wasAutomatic && olds[property] !== undefined) return olds[property];
  return autoName(request.name, type.autoName, request.seed, request.autonaming);
}

/** Values become what the input is; JSON documents become text; text that still says the same as before stays as it was, so that it shows no difference. */
function normalise(input: Input, value: unknown, old: unknown): unknown {
  if (input.kind !== "json") return coerced(input.kind, value);
  if (hasUnknown(value)) return value;
  const text = typeof value === "string" ? value : normalDocument(JSON.stringify(value), input.versionFirst);
  return typeof old === "string" && sameJson(text, old) ? old : text;
}

/** A number or a switch that was written as a text, and the other way round, as the bridge to Terraform takes them. */
function coerced(kind: Input["kind"], value: unknown): unknown {
  if (kind === "map") {
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, coerced("string", inner)]));
  }
  if (kind === "string") {
    return typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  }
  if (typeof value !== "string") return value;
  if (kind === "number") return /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  if (kind !== "boolean") return value;
  if (/^(1|t|T|true|True|TRUE)$/.test(value)) return true;
  return /^(0|f|F|false|False|FALSE)$/.test(value) ? false : value;
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
      if (!isObject(value) || !(signatureKey in value)) return "must be an asset or an archive";
      assertOpens(value as Asset);
      return undefined;
    case "block":
      return typeof value === "object" ? undefined : `must be an object or a list, is a ${typeof value}`;
    default:
      if (typeof value !== input.kind) return `must be a ${input.kind}, is a ${typeof value}`;
      return typeof value === "string" ? textProblem(input, value) : undefined;
  }
}

function textProblem(
  { maxLength = Number.POSITIVE_INFINITY, pattern }: Input,
  text: string,
): string | undefined {
  if (text.length > maxLength) return `"${text}" has ${text.length} characters, AWS allows ${maxLength}`;
  return pattern && !pattern.test(text) ? `"${text}" does not match ${pattern}` : undefined;
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

function attempt(failures: Failure[], property: string, action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    failures.push({ property, reason: (error as Error).message });
    return undefined;
  }
}
