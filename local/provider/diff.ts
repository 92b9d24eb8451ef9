/** Diff: what changed between two sets of checked inputs, and whether that needs a new resource. */

import { isDeepStrictEqual } from "node:util";
import { defaultsKey } from "./check.ts";
import { type Input, inputsOf, type ResourceType } from "./resource.ts";
import { isObject, sameJson, type Values } from "./values.ts";

export type ChangeKind = "add" | "delete" | "update";

export interface PropertyChange {
  readonly kind: ChangeKind;
  readonly replaces: boolean;
}

export interface Difference {
  readonly changes: ReadonlyMap<string, PropertyChange>;
  readonly replaces: boolean;
  /** The old resource holds the name that the new one wants. */
  readonly deleteBeforeReplace: boolean;
}

/** Compares the inputs of the last deployment with the new ones. */
export function diffInputs(type: ResourceType, olds: Values, news: Values): Difference {
  const changes = new Map<string, PropertyChange>();
  for (const [property, input] of Object.entries(inputsOf(type))) {
    const [old, next] = [olds[property], news[property]];
    if (same(input, old, next) || (input.computed && next === undefined)) continue;
    const kind = old === undefined ? "add" : next === undefined ? "delete" : "update";
    changes.set(property, { kind, replaces: needsReplacement(input, old, next) });
  }
  const replaces = [...changes.values()].some((change) => change.replaces);
  return { changes, replaces, deleteBeforeReplace: replaces && keepsGivenName(type, olds, news) };
}

/** Whether two values of an input mean the same. */
export function same(input: Input, a: unknown, b: unknown): boolean {
  if (isDeepStrictEqual(a, b)) return true;
  if (input.kind === "json") return typeof a === "string" && typeof b === "string" && sameJson(a, b);
  if (input.kind === "map") return isDeepStrictEqual(a ?? {}, b ?? {});
  if (input.kind === "asset") return isObject(a) && isObject(b) && !!a.hash && a.hash === b.hash;
  return false;
}

function needsReplacement(input: Input, old: unknown, next: unknown): boolean {
  return typeof input.replaces === "function" ? input.replaces(old, next) : input.replaces === true;
}

/** A name that the program gives, and that stays the same, cannot be held by two resources at once. */
function keepsGivenName(type: ResourceType, olds: Values, news: Values): boolean {
  const name = type.autoName?.property;
  if (!name || olds[name] !== news[name]) return false;
  const defaults = news[defaultsKey];
  return !(Array.isArray(defaults) && defaults.includes(name));
}
