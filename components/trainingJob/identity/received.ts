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
  return value === null ? "None" : encoded;
}
