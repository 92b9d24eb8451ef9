/** JSON documents (policies, dashboards) as the real provider writes them: keys sorted, no spaces. */

import { isObject } from "./values.ts";

/**
 * The document with its keys sorted; text that is no JSON (not known yet, or broken) as it is.
 * @param versionFirst puts `Version` before the other keys of the document, as for inline policies of a role
 */
export function normalDocument(value: unknown, versionFirst = false): unknown {
  if (typeof value !== "string") return value;
  let document: unknown;
  try {
    document = JSON.parse(value);
  } catch {
    return value;
  }
  const sorted = sortKeys(document);
  if (!versionFirst || !isObject(sorted) || !("Version" in sorted)) return JSON.stringify(sorted);
  const { Version, ...rest } = sorted;
  return JSON.stringify({ Version, ...rest });
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const keys = Object.keys(value).sort();
  return Object.fromEntries(keys.map((key) => [key, sortKeys(value[key])]));
}
