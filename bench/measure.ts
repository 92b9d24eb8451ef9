/** Seconds since a moment of `performance.now()`. */
export const secondsSince = (started: number): number => (performance.now() - started) / 1000;

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** Prints one figure, with its limit where it has one, and tells whether it is within. */
export function report(what: string, value: string, limit?: { within: boolean; text: string }): boolean {
  const verdict = limit ? `   ${limit.text}: ${limit.within ? "ok" : "TOO MUCH"}` : "";
  console.log(`${what.padEnd(44)} ${value.padStart(9)}${verdict}`);
  return limit?.within ?? true;
}
