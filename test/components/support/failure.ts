import assert from "node:assert/strict";

/** The error that a promise must be rejected with. */
export async function failureOf<E extends Error = Error>(work: Promise<unknown>): Promise<E> {
  try {
    await work;
  } catch (error) {
    return error as E;
  }
  return assert.fail("it should have failed");
}

/** Every part is somewhere in the text. */
export function assertSays(text: string, ...parts: (string | RegExp)[]): void {
  for (const part of parts) {
    const found = typeof part === "string" ? text.includes(part) : part.test(text);
    assert.ok(found, `${part} is missing in:\n${text}`);
  }
}
