/**
 * A hyperparameter as the script receives it: script mode sends JSON, and the toolkit decodes it and hands every value on as one argument
 * (sagemaker-training, mapping.to_cmd_args). So `0.001` and `"0.001"` are one value, an object is not the text that looks like it, and a
 * number keeps every digit that it was sent with.
 */
export function received(encoded: string): string {
  let value: unknown;
  try {
    value = JSON.parse(encoded, keepDigits as Parameters<typeof JSON.parse>[1]);
  } catch {
    return encoded; // the toolkit takes what is no JSON as the text that it is
  }
  if (typeof value !== "object" || value === null || Array.isArray(value) || value instanceof Digits) {
    return text(value);
  }
  return Object.entries(value)
    .map(([key, inner]) => `${key}=${text(inner)}`)
    .join(",");
}

/** A number as it was written. */
class Digits {
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }
}

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === "number" ? new Digits(context?.source ?? String(value)) : value;

/** Python's `str`. */
const text = (value: unknown): string => (typeof value === "string" ? value : repr(value));

/** Python's `repr`, but for quotes: these are always single ones. */
function repr(value: unknown): string {
  if (value instanceof Digits) return value.digits;
  if (typeof value === "string") return `'${value.replace(/[\\']/g, "\\$&")}'`;
  if (typeof value === "boolean") return value ? "True" : "False";
  if (Array.isArray(value)) return `[${value.map(repr).join(", ")}]`;
  if (typeof value !== "object" || value === null) return "None";
  const entries = Object.entries(value).map(([key, inner]) => `${repr(key)}: ${repr(inner)}`);
  return `{${entries.join(", ")}}`;
}
