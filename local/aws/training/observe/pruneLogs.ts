import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";

/** Removes the oldest of the log folders, so that at most `keep` are left. */
export function pruneLogs(dir: string, keep: number): void {
  if (!existsSync(dir)) return;
  const folders = readdirSync(dir);
  if (folders.length <= keep) return;
  const byAge = folders
    .map((name) => ({ folder: path.join(dir, name), time: statSync(path.join(dir, name)).mtimeMs }))
    .sort((a, b) => b.time - a.time);
  for (const { folder } of byAge.slice(keep)) rmSync(folder, { recursive: true, force: true });
}
