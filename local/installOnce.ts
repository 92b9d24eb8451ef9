import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import lockfile from "proper-lockfile";
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
  /** Milliseconds between looks at a lock that another run holds. Default 500. */
  pollMs?: number;
}

/** A holder touches its lock every 5 s; one that has not done so for 20 s is dead. */
const lockTimes = { update: 5_000, stale: 20_000 };

/**
 * Builds a folder once, however many runs ask for it at the same time.
 *
 * A run that is killed leaves a lock that goes stale and a temporary folder that the next run removes;
 * a folder under its final name is always whole, because it gets there by one rename.
 */
export async function installOnce(installation: Installation, report: Report): Promise<string> {
  const { dir } = installation;
  const isUsable = installation.isUsable ?? existsSync;
  if (isUsable(dir)) return dir;

  await mkdir(path.dirname(dir), { recursive: true });
  const release = await acquire(installation, report);
  try {
    if (isUsable(dir)) return dir; // the run that held the lock has built it
    await removeLeftovers(dir);
    const temporary = await mkdtemp(`${dir}.tmp-`);
    try {
      await installation.build(temporary);
      await moveInto(temporary, dir, isUsable);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    return dir;
  } finally {
    // A lock that was lost meanwhile (the machine slept) cannot be released, which is fine.
    await release().catch(() => undefined);
  }
}

async function acquire(installation: Installation, report: Report): Promise<() => Promise<void>> {
  const pollMs = installation.pollMs ?? 500;
  let told = false;
  for (;;) {
    try {
      return await lockfile.lock(installation.dir, {
        ...lockTimes,
        realpath: false, // the folder does not exist yet
        // Losing the lock does no harm: every build has a folder of its own, and the first rename wins.
        onCompromised: () => undefined,
      });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ELOCKED") throw error;
    }
    if (!told) report(`Waiting for another run that is installing ${installation.what} ...`);
    told = true;
    await sleep(pollMs);
  }
}

/** Removes what killed builds left, and a finished folder that no longer works. Only under the lock. */
async function removeLeftovers(dir: string): Promise<void> {
  const prefix = `${path.basename(dir)}.tmp-`;
  const siblings = await readdir(path.dirname(dir));
  const leftovers = siblings.filter((name) => name.startsWith(prefix));
  for (const name of leftovers) {
    await rm(path.join(path.dirname(dir), name), {
      recursive: true,
      force: true,
    });
  }
  await rm(dir, { recursive: true, force: true });
}

async function moveInto(temporary: string, dir: string, isUsable: (dir: string) => boolean): Promise<void> {
  try {
    await rename(temporary, dir);
  } catch (error) {
    if (!isUsable(dir)) throw error;
  }
}
