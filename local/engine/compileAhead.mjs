import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import process from "node:process";
import { cacheDirFrom } from "../cacheDir.mjs";
import { cliPackage, goBuild, hostPackage } from "./goBuild.mjs";

/**
 * Has Go compile the Pulumi CLI while npm, which keeps one core busy, installs the packages. Nothing comes of it but what Go keeps in its own
 * cache: the set-up that builds the CLI later on finds so much less to do.
 *
 * @returns ends it, and what it runs
 */
export function compileAhead() {
  if (isThere()) return () => {};
  const work = mkdtempSync(path.join(tmpdir(), "training-go-")); // a compilation that is ended leaves its files
  const { args, env, cwd } = goBuild([cliPackage, hostPackage]);
  // In a group of its own, with its compilers.
  const go = spawn("go", args, { cwd, env: { ...env, GOTMPDIR: work }, stdio: "ignore", detached: true });
  go.once("error", () => {}); // there is no Go: whoever needs it will say so
  const end = () => {
    process.off("exit", end);
    if (go.pid !== undefined && go.exitCode === null && go.signalCode === null) {
      try {
        process.kill(-go.pid, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
    }
    rmSync(work, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once("exit", end);
  return end;
}

/** Whether a CLI is installed, or built: whichever it is, most probably none is to be built. */
function isThere() {
  const dirs = (process.env.PATH ?? "").split(path.delimiter);
  return dirs.some((dir) => existsSync(path.join(dir, "pulumi"))) || built().length > 0;
}

function built() {
  try {
    return readdirSync(cacheDirFrom(process.env, homedir())).filter((name) => /^pulumi-\d/.test(name));
  } catch {
    return [];
  }
}
