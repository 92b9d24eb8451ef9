import type { Json } from "../args/args";
import { isRecord } from "../args/unknown";
import { pythonJson } from "../request/hyperparameters";

/**
 * A hyperparameter as the script receives it: script mode sends JSON, and the toolkit decodes it and hands every value on as one text.
 * So `0.001` and `"0.001"` are one value, and a number keeps every digit that it was sent with.
 */
export function received(encoded: string): string {
  let value: unknown;
  try {
    value = JSON.parse(encoded);
  } catch {
    return encoded; // the toolkit takes what is no JSON as the text that it is
  }
  if (typeof value === "string") return value;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (value === null) return "None";
  // Only where nothing is lost on the way: a number may have more digits than JavaScript keeps.
  return pythonJson(value as Json) === encoded ? pythonJson(inOrder(value) as Json) : encoded;
}

/** The same value with the keys of its maps in order, which says nothing to the script. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, inOrder(value[key])]),
  );
}
