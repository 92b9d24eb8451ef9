import type { CanonicalInputs } from "../args/args";
import type { Engine } from "../engine/engine";
import type { Trimmed } from "./fit";
import { printable } from "./printable";
import { spellings } from "./spellings";

export type Redactor = (text: string) => string;

/** Shorter texts are no secrets to speak of, and to blank them out would blank out half the log. */
const SHORTEST = 4;
const WORDS = /^(true|false|null|none)$/i;
const BLANK = "[secret]";
/** Stands for it until all are found: a secret may be a part of the word. */
const FOUND = "\u0000";

/**
 * Blanks out the secret inputs of a job, however they are spelt: the training toolkit prints hyperparameters in its log and in the reason
 * of a failure, as Python, JSON, a shell's words or base64, and all that is shown and kept in the state as plain text. Control
 * characters go too: they would move the cursor of whoever reads it, and hide a secret that they are within.
 */
export function redactor(inputs: Pick<CanonicalInputs, "secretInputs"> & Trimmed): Redactor {
  // A secret that the state had no room for cannot be looked for: nothing that may hold it is shown.
  if (inputs.secretInputs?.some(([name]) => inputs.omitted?.includes(name))) return () => BLANK;
  const texts = (inputs.secretInputs ?? [])
    .flatMap((path) => textsIn(valueAt(inputs, path)))
    .flatMap((text) => [text, ...text.split(/\r?\n/)])
    .flatMap((text) => [text, printable(text)])
    .map((text) => text.trim())
    .filter((text) => text.length >= SHORTEST && !WORDS.test(text));
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length).map(spellings);
  const blank = (text: string) =>
    longestFirst.reduce((rest, secret) => rest.replace(secret, FOUND), text).replaceAll(FOUND, BLANK);
  return (text) => {
    const plain = printable(text);
    return plain === text ? blank(text) : blank(printable(blank(text.replaceAll(FOUND, ""))));
  };
}

/** The same error, whose name and other properties still tell what kind it is. */
export function redacted(error: Error, redact: Redactor): Error {
  const message = redact(error.message);
  if (message !== error.message) {
    error.stack = redact(error.stack ?? "");
    error.message = message;
  }
  return error;
}

/** The engine, told nothing that is secret. */
export function redactingEngine(engine: Engine, redact: Redactor): Engine {
  return {
    status: (urn, message) => engine.status(urn, redact(message)),
    log: (urn, severity, message) => engine.log(urn, severity, redact(message)),
    flush: () => engine.flush(),
  };
}

function valueAt(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return value;
  return valueAt((value as Record<string, unknown>)[key], rest);
}

/** Every text and number in it, also in a text that is JSON: a script may print a part of it. */
function textsIn(value: unknown): string[] {
  if (typeof value === "number" || typeof value === "bigint") return [String(value)];
  if (typeof value === "string") return [value, ...textsIn(parsed(value))];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function parsed(text: string): unknown {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" ? value : undefined;
  } catch {
    return undefined;
  }
}
