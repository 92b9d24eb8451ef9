import { execFileSync } from "node:child_process";

/** Where a folder of code stands in git. */
export interface SourceCommit {
  /** Full id of the commit that is checked out. */
  commit: string;
  /** Whether that commit holds exactly these files: nothing in the folder is changed, new, or kept out of git. */
  clean: boolean;
}

/** Variables that point git at another repository, as in a hook of it. */
const FOREIGN = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];
const TIMEOUT_MS = 10_000;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * The commit of the folder's repository. `files`: paths that are used of it, relative to the folder. Undefined where there is no git, no
 * repository or no commit yet: for a record, never a reason to fail.
 */
export function sourceCommit(folder: string, files: string[]): SourceCommit | undefined {
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "core.fsmonitor=false", ...args, "--", "."], {
      cwd: folder,
      encoding: "utf8",
      env: environment(),
      stdio: ["ignore", "pipe", "ignore"],
      timeout: TIMEOUT_MS,
      maxBuffer: MAX_BYTES,
    });
  try {
    const status = git("status", "--porcelain=v2", "--branch", "--untracked-files=normal");
    const commit = /^# branch\.oid ([0-9a-f]{40,64})$/m.exec(status)?.[1];
    if (!commit) return undefined;
    const changed = status.split("\n").some((line) => line !== "" && !line.startsWith("#"));
    if (changed) return { commit, clean: false };
    const tracked = new Set(git("ls-files", "-z").split("\0"));
    return { commit, clean: files.every((file) => tracked.has(file)) };
  } catch {
    return undefined;
  }
}

/** The user's, without what leads git elsewhere; a look at a repository writes nothing into it. */
function environment(): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, GIT_OPTIONAL_LOCKS: "0" };
  for (const name of FOREIGN) delete env[name];
  return env;
}
