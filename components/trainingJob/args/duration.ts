/**
 * A span of time: whole seconds as a number, or text such as "45s", "90m", "2h", "1d" and sums of them ("1h30m").
 * Text without a unit ("3600") is seconds, as stack configuration values are text.
 */
export type Duration = number | string;

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };
const PART = /(\d+(?:\.\d+)?)\s*([smhd])/gi;
const WHOLE = /^\s*(?:\d+(?:\.\d+)?\s*[smhd]\s*)+$/i;

/** What a duration may look like, for error messages. */
export const DURATION_FORMS = 'whole seconds (3600) or text such as "90m", "2h", "1h30m", "1d"';

/** The seconds in a duration, or undefined when it is none. Negative, fractional and endless spans are none. */
export function durationSeconds(value: unknown): number | undefined {
  const seconds = typeof value === "string" ? textSeconds(value) : value;
  return typeof seconds === "number" && Number.isSafeInteger(seconds) && seconds >= 0 ? seconds : undefined;
}

function textSeconds(text: string): number | undefined {
  if (/^\s*\d+\s*$/.test(text)) {
    return Number(text);
  }
  if (!WHOLE.test(text)) {
    return undefined;
  }
  let total = 0;
  for (const [, amount, unit] of text.matchAll(PART)) {
    total += Number(amount) * SECONDS[unit.toLowerCase()];
  }
  return Math.round(total * 1000) / 1000;
}
