/** Values as they cross the wire between the Pulumi engine and a provider: plain JSON, plus three kinds of marked strings and objects. */

import { isDeepStrictEqual } from "node:util";

/** Properties of a resource, or arguments of a function, by name. */
export type Values = Record<string, unknown>;

/** What the engine sends, at preview, for a value that is not known before other resources exist. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine has one sentinel per element type (sdk/go/common/resource/plugin/rpc.go); the Node SDK only sends the first. */
const unknownSentinels: ReadonlySet<unknown> = new Set([
  unknownValue,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

/** The key that marks an object as an asset, an archive, ... rather than as a plain map. */
export const signatureKey = "4dabf18193072939515e22adb298388d";

/** Whether the value itself is not known yet. */
export function isUnknown(value: unknown): boolean {
  return unknownSentinels.has(value);
}

/** Whether the value, or anything inside it, is not known yet. */
export function hasUnknown(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasUnknown);
  if (isObject(value)) return Object.values(value).some(hasUnknown);
  return isUnknown(value);
}

/** Whether the value is a map of properties (and not a list, null, a date, ...). */
export function isObject(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** Whether the value says nothing: absent, "", an empty list or an empty map. AWS leaves such values out of its answers. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** The value without properties that are undefined or null, at every depth: these cannot be sent to the engine. */
export function withoutAbsent<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutAbsent) as T;
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, v]) => v !== undefined && v !== null);
  return Object.fromEntries(entries.map(([k, v]) => [k, withoutAbsent(v)])) as T;
}

/** Whether two JSON texts say the same, whatever their spacing and the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  try {
    return isDeepStrictEqual(JSON.parse(String(a)), JSON.parse(String(b)));
  } catch {
    return false;
  }
}

/**
 * Whether what AWS reports holds all that was asked for. AWS fills in defaults, so properties that were not asked for
 * are no disagreement; lists must be of the same length.
 */
export function holds(actual: unknown, asked: unknown): boolean {
  if (isEmpty(asked)) return isEmpty(actual) || isObject(asked);
  if (Array.isArray(asked)) {
    return (
      Array.isArray(actual) && actual.length === asked.length && asked.every((v, i) => holds(actual[i], v))
    );
  }
  if (isObject(asked)) {
    return Object.entries(asked).every(([k, v]) => isEmpty(v) || (isObject(actual) && holds(actual[k], v)));
  }
  return actual === asked;
}
