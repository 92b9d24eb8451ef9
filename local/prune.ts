import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import path from "node:path";
import { tryLock } from "./lock.ts";
import { isInUse } from "./processes.ts";
import type { Report } from "./report.ts";

/** Other checkouts, at other versions, share the cache: what they have not used for this long they may build again. */
const unusedDays = 28;

/** Notes that an installation is used. One of another user cannot be, and is not pruned by this one either. */
export function touch(dir: string): void {
  try {
    utimesSync(dir, new Date(), new Date());
  } catch {
    // Read-only.
  }
}

/** Lock of whoever builds or removes an installation. */
export const lockOf = (dir: string): string => path.join(path.dirname(dir), "locks", path.basename(dir));

/**
 * Removes what earlier versions of an installation left beside it, and half of what killed runs were building: unless
 * it was used in the last four weeks, or a process uses it now.
 *
 * @param dir the installation that stays
 * @param family the names of its versions
 */
export async function prune(dir: string, family: RegExp, report: Report): Promise<void> {
  const parent = path.dirname(dir);
  const before = Date.now() - unusedDays * 24 * 3600 * 1000;
  for (const name of readdirSync(parent)) {
    const old = path.join(parent, name);
    if (old === dir || !family.test(name)) continue;
    if ((statSync(old, { throwIfNoEntry: false })?.mtimeMs ?? before) >= before) continue;
    if (await isInUse(old)) continue;
    const lock = tryLock(lockOf(old));
    if (!lock) continue;
    try {
      if (!existsSync(old)) continue;
      // First out of its name, under which an installation is always whole.
      const aside = old.includes(".tmp-") ? old : `${old}.tmp-pruned`;
      if (aside !== old) renameSync(old, aside);
      rmSync(aside, { recursive: true, force: true });
      report(`Removed ${old}, which nothing has used for ${unusedDays} days`);
    } catch (error) {
      report(`${old} could not be removed: ${(error as Error).message}`);
    } finally {
      lock.release();
    }
  }
}
