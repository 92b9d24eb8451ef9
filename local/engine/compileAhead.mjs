import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { cacheDirFrom } from "../cacheDir.mjs";
import { cliPackage, goBuild, hostPackage } from "./goBuild.mjs";

/**
 * Has Go, where there is one, compile the Pulumi CLI while npm, which keeps one core busy, installs the packages. Nothing comes of it but what
 * Go keeps in its own cache: the set-up that builds the CLI later on finds so much less to do.
 *
 * @returns ends it, and what it runs; undefined where there is nothing to compile, or no Go
 */
export function compileAhead() {
  if (isOnPath("pulumi") || built().length > 0 || !isOnPath("go")) return undefined;
  let work;
  const clear = () => {
    try {
      if (work) rmSync(work, { recursive: true, force: true });
    } catch {
      // A compiler that is on its way out still wrote: its folder for temporary files is swept by the system.
    }
  };
  let go;
  try {
    work = mkdtempSync(path.join(process.env.GOTMPDIR || tmpdir(), "training-go-")); // a compilation that is ended leaves its files
    const { args, env, cwd } = goBuild([cliPackage, hostPackage]);
    // In a group of its own, with its compilers.
    go = spawn("go", args, { cwd, env: { ...env, GOTMPDIR: work }, stdio: "ignore", detached: true });
  } catch {
    clear(); // what is in the way, whoever needs the CLI will say
    return undefined;
  }
  go.once("error", () => {}); // so with a Go that cannot be run
  const end = () => {
    process.off("exit", end);
    try {
      if (go.pid !== undefined) process.kill(-go.pid, "SIGKILL");
    } catch {
      // All of it has ended.
    }
    clear();
  };
  process.once("exit", end);
  return end;
}

function isOnPath(program) {
  const dirs = (process.env.PATH ?? "").split(path.delimiter);
  return dirs.some((dir) => dir !== "" && existsSync(path.join(dir, program)));
}

/** What an earlier set-up has built: most probably there is nothing to do then. */
function built() {
  try {
    return readdirSync(cacheDirFrom(process.env, homedir())).filter(
      (name) => /^pulumi-\d/.test(name) && !name.includes(".tmp-"),
    );
  } catch {
    return [];
  }
}
