import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { withLock } from "./lock.ts";
import { lockOf, prune, touch } from "./prune.ts";
import type { Report } from "./report.ts";

export interface Installation {
  /** The finished folder. It appears under this name only when it is whole. */
  dir: string;
  /** What it is, for the line shown while another run builds it: `the Pulumi CLI 3.259.0`. */
  what: string;
  /** Puts everything into an empty folder beside `dir`, which is then renamed to `dir`. */
  build: (into: string) => Promise<void>;
  /** Whether an existing `dir` still works; false has it built again. Default: it exists. */
  isUsable?: (dir: string) => boolean;
  /** Names of all its versions; those that nothing has used for weeks are removed after a build. */
  family?: RegExp;
  /** Milliseconds between looks at the lock of another run. Default 200. */
  pollMs?: number;
}

/**
 * Builds a folder once, however many runs ask for it at the same time.
 *
 * A run that is killed leaves a temporary folder, which the next run removes; a folder under its final name is
 * always whole, because it gets there by one rename.
 */
export async function installOnce(installation: Installation, report: Report): Promise<string> {
  const { dir, what, family, pollMs } = installation;
  const isUsable = installation.isUsable ?? existsSync;
  if (isUsable(dir)) {
    touch(dir);
    return dir;
  }

  const waiting = {
    pollMs,
    onWait: () => report(`Waiting for another run that is installing ${what} ...`),
  };
  const build = async () => {
    if (isUsable(dir)) return; // the run that held the lock has built it
    await removeLeftovers(dir);
    const temporary = await mkdtemp(`${dir}.tmp-`);
    try {
      await installation.build(temporary);
      await rename(temporary, dir);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
  };
  await withLock(lockOf(dir), build, waiting);
  if (family) await prune(dir, family, report);
  return dir;
}

/** Removes what killed builds left, and a finished folder that no longer works. Only under the lock. */
async function removeLeftovers(dir: string): Promise<void> {
  const prefix = `${path.basename(dir)}.tmp-`;
  const siblings = await readdir(path.dirname(dir));
  const leftovers = siblings.filter((name) => name.startsWith(prefix));
  for (const name of leftovers) {
    await rm(path.join(path.dirname(dir), name), { recursive: true, force: true });
  }
  await rm(dir, { recursive: true, force: true });
}
