import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { projectDir } from "../paths.ts";

/** The Pythons that a local AWS runs its jobs and ministack with. */
export interface Pythons {
  trainingPython: string;
  ministackPython: string;
}

/**
 * Identifies all that a local AWS is made of: its code in this checkout, the npm packages and the Python environments.
 * So one that was started before an update is noticed after it.
 */
export function codeVersion({ trainingPython, ministackPython }: Pythons): string {
  const own = readdirSync(import.meta.dirname, { recursive: true, withFileTypes: true });
  const shared = readdirSync(path.dirname(import.meta.dirname), { withFileTypes: true });
  const files = [...own, ...shared]
    .filter((entry) => entry.isFile() && /\.(ts|py|json)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  const hash = createHash("sha256").update(`${trainingPython}\0${ministackPython}\0`);
  for (const file of [...files, path.join(projectDir, "package-lock.json")]) {
    hash.update(path.relative(projectDir, file)).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}
