import type { Json } from "../args/args";
import { digitsOf } from "../args/exactInteger";
import { isRecord } from "../args/unknown";

/**
 * A hyperparameter as the API takes it, which is text. Script mode JSON-encodes everything, texts too, so that the
 * script gets back what was written here; without script mode, texts go as they are (the built-in algorithms want
 * `200`, not `"200"`) and anything else as JSON.
 */
export function encodeHyperparameter(value: Json, scriptMode: boolean): string {
  return typeof value === "string" && !scriptMode ? value : pythonJson(value);
}

/** JSON to the letter as Python's `json.dumps` writes it, which is what the SageMaker Python SDK sends. */
export function pythonJson(value: Json): string {
  if (typeof value === "number") {
    return pythonNumber(value);
  }
  if (typeof value === "string") {
    return asciiOnly(JSON.stringify(value));
  }
  if (Array.isArray(value)) {
    return `[${value.map(pythonJson).join(", ")}]`;
  }
  if (isRecord(value)) {
    const digits = digitsOf(value as Json);
    if (digits !== undefined) return digits;
    const entries = Object.entries(value as Record<string, Json>);
    return `{${entries.map(([key, inner]) => `${pythonJson(key)}: ${pythonJson(inner)}`).join(", ")}}`;
  }
  return JSON.stringify(value);
}

/** Python writes very large and very small numbers with an exponent of at least two digits. */
function pythonNumber(value: number): string {
  const size = Math.abs(value);
  const plain = size >= 1e16 || (size < 1e-4 && size > 0) ? value.toExponential() : String(value);
  return plain.replace(/e([+-])(\d)$/, "e$10$2");
}

function asciiOnly(text: string): string {
  return text.replace(/[\u007f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
