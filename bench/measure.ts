/** Seconds since a moment of `performance.now()`. */
export const secondsSince = (started: number): number => (performance.now() - started) / 1000;

export async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return secondsSince(started);
}

export function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/**
 * Measures several things in turns, so that a neighbour on the machine disturbs all of them alike. Returns what each round gave.
 *
 * `warmUp`: rounds before the first that counts: compiled code and file caches are there for every later one. Default: one.
 */
export async function inTurns<Name extends string, Value>(
  rounds: number,
  measure: Record<Name, (round: number) => Promise<Value>>,
  warmUp = 1,
): Promise<Record<Name, Value[]>> {
  const names = Object.keys(measure) as Name[];
  const seen = Object.fromEntries(names.map((name) => [name, [] as Value[]])) as Record<Name, Value[]>;
  for (let round = -warmUp; round < rounds; round++) {
    for (const name of names) {
      const value = await measure[name](round + warmUp);
      if (round >= 0) seen[name].push(value);
    }
  }
  return seen;
}
