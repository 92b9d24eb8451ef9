import type { Json } from "./args";
import { isRecord } from "./unknown";

/**
 * An integer beyond 2^53, where JavaScript's numbers have gaps, by its digits. The form is that of MongoDB's Extended JSON, as any JSON
 * passes the engine and the state unchanged.
 */
export interface ExactInteger {
  $numberLong: string;
}

/** Parses JSON like JSON.parse, but keeps every digit of an integer. Throws a SyntaxError on what is no JSON. */
export function parseExactly(json: string): unknown {
  const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? "")
      ? { $numberLong: context?.source }
      : value;
  return JSON.parse(json, keepDigits as Parameters<typeof JSON.parse>[1]);
}

/** The digits of an exact integer; undefined for every other value. */
export function digitsOf(value: Json): string | undefined {
  if (!isRecord(value) || Object.keys(value).length !== 1) return undefined;
  const digits: unknown = value.$numberLong;
  return typeof digits === "string" && /^-?\d+$/.test(digits) ? digits : undefined;
}
