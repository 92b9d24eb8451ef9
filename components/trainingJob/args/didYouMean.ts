import { closest, distance } from "fastest-levenshtein";

/** `; did you mean X?` when one of the known names is close to what was written, else nothing. */
export function didYouMean(written: string, known: Iterable<string>): string {
  const names = [...known];
  if (names.length === 0) {
    return "";
  }
  const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9.]/g, "");
  const near = closest(plain(written), names.map(plain));
  const name = names[names.map(plain).indexOf(near)];
  const allowed = Math.max(2, Math.floor(written.length / 3));
  return distance(plain(written), near) <= allowed ? `; did you mean ${name}?` : "";
}
