/** A value that is reported in a form which nobody can judge, such as a policy document that is no JSON. */
export class Unreadable extends Error {
  constructor(what: string, reason: string) {
    super(`${what} cannot be read: ${reason}`);
    this.name = "Unreadable";
  }
}

/**
 * What a JSON text stands for. A provider may report it parsed already, and reports an empty text, null or nothing for what is not set:
 * then it is undefined. Throws Unreadable for any other text that is no JSON.
 */
export function parsedJson(value: unknown, what: string): unknown {
  if (typeof value !== "string") return value ?? undefined;
  if (value.trim() === "") return undefined;
  try {
    return JSON.parse(value) ?? undefined;
  } catch (error) {
    throw new Unreadable(what, (error as Error).message);
  }
}
