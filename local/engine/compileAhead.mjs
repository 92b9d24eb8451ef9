import { spawn } from "node:child_process";
import { accessSync, constants, mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import process from "node:process";
import { cacheDirFrom } from "../cacheDir.mjs";
import { cliPackage, goBuild, hostPackage } from "./goBuild.mjs";

/**
 * Has Go, where there is one, compile the Pulumi CLI while npm, which keeps one core busy, installs the packages. Nothing comes of it but what
 * Go keeps in its own cache: the set-up that builds the CLI later on finds so much less to do.
 *
 * @param work a folder of the set-up's own for temporary files, which a compilation that is ended leaves
 * @returns ends it, and what it runs; undefined where there is nothing to compile, or no Go
 */
export function compileAhead(work) {
  const clear = () => {
    try {
      rmSync(work, { recursive: true, force: true, maxRetries: 5 }); // a compiler that is on its way out may still write
    } catch {
      // In nobody's way.
    }
  };
  clear(); // what one that was killed has left
  if (isOnPath("pulumi") || built().length > 0 || !isOnPath("go")) return undefined;
  let go;
  try {
    mkdirSync(work, { recursive: true });
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
      const isRunning = go.pid !== undefined && go.exitCode === null && go.signalCode === null;
      if (isRunning) process.kill(-go.pid, "SIGKILL");
    } catch {
      // All of it has ended.
    }
    clear();
  };
  process.prependOnceListener("exit", end); // before the lock is given back
  return end;
}

/** In a folder that is the same from wherever it is looked for. */
function isOnPath(program) {
  const dirs = (process.env.PATH ?? "").split(path.delimiter).filter((dir) => path.isAbsolute(dir));
  return dirs.some((dir) => isExecutable(path.join(dir, program)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
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
