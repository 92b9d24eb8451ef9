/** Diff: what changed between two sets of checked inputs, and whether that needs a new resource. */

import { isDeepStrictEqual } from "node:util";
import { defaultsKey } from "./check.ts";
import type { PropertyChange } from "./findings.ts";
import { type Input, inputsOf, type ResourceType } from "./resource.ts";
import { isObject, sameJson, type Values } from "./values.ts";

export interface Difference {
  readonly changes: ReadonlyMap<string, PropertyChange>;
  readonly replaces: boolean;
  /** The old resource goes before the new one is made. */
  readonly deleteBeforeReplace: boolean;
}

/** Compares the inputs of the last deployment with the new ones. */
export function diffInputs(type: ResourceType, olds: Values, news: Values): Difference {
  const changes = new Map<string, PropertyChange>();
  for (const [property, input] of Object.entries(inputsOf(type))) {
    const [old, next] = [oldValue(olds, property), news[property]];
    const leftToAws = next === undefined && (input.computed || input.keptWhenLeftOut);
    if (leftToAws || same(input, old, next) || (!type.framework && isEmpty(old) && isEmpty(next))) continue;
    const kind = old === undefined ? "add" : next === undefined ? "delete" : "update";
    changes.set(property, { kind, replaces: needsReplacement(input, old, next) });
  }
  const replaces = [...changes.values()].some((change) => change.replaces);
  return { changes, replaces, deleteBeforeReplace: replaces && deletesFirst(type, news) };
}

/** What Terraform's SDK cannot tell from a value that is not set. */
function isEmpty(value: unknown): boolean {
  return value === undefined || value === "" || value === 0 || value === false;
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

/** Inputs of earlier versions have all tags in `tags`. */
function oldValue(olds: Values, property: string): unknown {
  return property === "tagsAll" ? (olds.tagsAll ?? olds.tags) : olds[property];
}

/**
 * The order of the real provider: a resource whose name the program gives is deleted before its replacement is created
 * (even when the name is what changes), one with an automatic name or none afterwards.
 */
function deletesFirst(type: ResourceType, news: Values): boolean {
  if (type.deleteBeforeReplace) return true;
  const { property, plain } = type.autoName ?? {};
  if (!property || plain || news[property] === undefined) return false;
  const defaults = news[defaultsKey];
  return Array.isArray(defaults) && !defaults.includes(property);
}
