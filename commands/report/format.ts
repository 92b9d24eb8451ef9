/** Seconds as people read them: `0.4 s`, `54 s`, `3 min 7 s`, `1 h 12 min`, `2 d 3 h`; nothing for none. */
export function shownSeconds(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || Number.isNaN(seconds)) return "";
  if (seconds < 9.95) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  if (whole < 3_600) return pair(whole, 60, "min", 1, "s");
  const minutes = Math.round(whole / 60);
  if (minutes < 1_440) return pair(minutes, 60, "h", 1, "min");
  return pair(Math.round(minutes / 60), 24, "d", 1, "h");
}

function pair(value: number, size: number, unit: string, small: number, rest: string): string {
  const left = value % size;
  return `${Math.floor(value / size)} ${unit}${left === 0 ? "" : ` ${left / small} ${rest}`}`;
}

/** An instant in UTC, to the second: `2026-11-26 12:03:11`. */
export const shownTime = (iso: string | null | undefined): string =>
  iso && !Number.isNaN(Date.parse(iso)) ? new Date(iso).toISOString().slice(0, 19).replace("T", " ") : "";

/** A share between 0 and 1 as whole percents, but never 100 % for less than all, nor 0 % for more than nothing. */
export function shownShare(part: number, whole: number): string {
  if (whole === 0) return "";
  const percent = Math.round((part / whole) * 100);
  const kept = part < whole && percent === 100 ? 99 : part > 0 && percent === 0 ? 1 : percent;
  return `${kept} %`;
}

export const plural = (count: number, one: string, more = `${one}s`): string =>
  `${count.toLocaleString("en-US")} ${count === 1 ? one : more}`;

/** The unit in which times up to this many seconds are best read off an axis. */
export function timeUnit(seconds: number): { name: string; size: number } {
  if (seconds < 180) return { name: "seconds", size: 1 };
  if (seconds < 10_800) return { name: "minutes", size: 60 };
  if (seconds < 259_200) return { name: "hours", size: 3_600 };
  return { name: "days", size: 86_400 };
}
