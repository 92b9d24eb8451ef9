import { closest, distance } from "fastest-levenshtein";

/** `, did you mean max-run-limit?` where a name is close enough to be meant; nothing where it is not. */
export function didYouMean(given: string, known: readonly string[]): string {
  const normal = (name: string) => name.toLowerCase().replace(/[-_\s]/g, "");
  const meant = known.length === 0 ? undefined : closest(normal(given), known.map(normal));
  const name = known.find((each) => normal(each) === meant);
  return name !== undefined && isClose(normal(given), normal(name)) ? `, did you mean ${name}?` : "";
}

/** Half of the letters wrong is no slip of the keyboard any more. */
function isClose(given: string, name: string): boolean {
  return distance(given, name) <= Math.max(1, Math.floor(Math.min(given.length, name.length) / 2));
}
