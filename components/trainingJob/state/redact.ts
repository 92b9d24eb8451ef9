import type { CanonicalInputs } from "../args/args";
import type { Engine } from "../engine/engine";
import type { Trimmed } from "./fit";

export type Redactor = (text: string) => string;

/** Shorter texts and numbers are no secrets to speak of, and to blank them out would blank out half the log. */
const SHORTEST = 6;
const BLANK = "[secret]";

/**
 * Blanks out the secret inputs of a job: the training toolkit prints hyperparameters in its log and in the reason of a failure, and both
 * are shown and kept in the state as plain text.
 */
export function redactor(inputs: CanonicalInputs & Trimmed): Redactor {
  // A secret that the state had no room for cannot be looked for: nothing that may hold it is shown.
  if (inputs.secretInputs?.some(([name]) => inputs.omitted?.includes(name))) return () => BLANK;
  const texts = (inputs.secretInputs ?? [])
    .flatMap((path) => textsIn(valueAt(inputs, path)))
    .flatMap((text) => [text, JSON.stringify(text).slice(1, -1), ...text.split(/\r?\n/)])
    .map((text) => text.trim())
    .filter((text) => text.length >= SHORTEST && Number.isNaN(Number(text)));
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((rest, secret) => rest.replaceAll(secret, BLANK), text);
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

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
