import { type ChildProcess, type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A stand-in for npm that does what `npm ci` does as far as the set-up can see, and counts how often. With its checkout it ends too. */
const fakeNpm = `#!/bin/sh
echo run >> "$LOG"
test -n "$WAIT" && while [ ! -e "$WAIT" ]; do test -e "$LOG" || exit 1; sleep 0.02; done
test -n "$FAIL" && { echo "npm error code ENOTFOUND"; exit 1; }
rm -rf node_modules
mkdir -p node_modules/node/bin
touch node_modules/node/bin/node
`;

const own = [
  ...["setup.mjs", "advice.mjs", "cacheDir.mjs", "platform.mjs"],
  ...["compileAhead.mjs", "goBuild.mjs"].map((each) => `engine/${each}`),
];

function toolAt(name: string): string {
  const found = ["/usr/bin", "/bin"].map((dir) => path.join(dir, name)).find((file) => existsSync(file));
  if (!found) throw new Error(`This machine has no ${name}`);
  return found;
}

export const lock = {
  packages: {
    "": {},
    "node_modules/a": { version: "1.0.0" },
    "node_modules/b": { version: "2.0.0", optional: true },
  },
};

/** Options of Node that run a script before the program. */
export const before = (script: string) => ["--import", `data:text/javascript,${encodeURIComponent(script)}`];

/** A file system call that fails for files whose path ends so. */
export const failing = (call: string, code: string, end = "") =>
  before(`import fs from "node:fs"; import { syncBuiltinESMExports } from "node:module";
    const real = fs.${call};
    fs.${call} = (file, ...more) => {
      if (!String(file).endsWith("${end}")) return real(file, ...more);
      throw Object.assign(new Error("${code}: " + file), { code: "${code}" });
    };
    syncBuiltinESMExports();`);

/** What the stand-ins run. */
const tools = ["mkdir", "mv", "rm", "sleep", "touch"];

/** A checkout with nothing but the set-up, and a PATH of its own with a stand-in for npm: what the machine has is not found. */
export class SetupCheckout {
  readonly dir = mkdtempSync(path.join(tmpdir(), "setup-"));
  readonly env: NodeJS.ProcessEnv = {
    PATH: `${this.dir}/bin`,
    LOG: path.join(this.dir, "log"),
    TRAINING_CACHE_DIR: `${this.dir}/cache`,
  };

  readonly #started: ChildProcess[] = [];

  constructor() {
    mkdirSync(path.join(this.dir, "local", "engine"), { recursive: true });
    mkdirSync(path.join(this.dir, "bin"));
    for (const name of own) {
      copyFileSync(path.resolve(__dirname, "../../../local", name), path.join(this.dir, "local", name));
    }
    for (const tool of tools) symlinkSync(toolAt(tool), path.join(this.dir, "bin", tool));
    this.writeProgram("npm", fakeNpm);
    this.writeLock(lock);
  }

  remove(): void {
    for (const child of this.#started) child.kill("SIGKILL");
    rmSync(this.dir, { recursive: true, maxRetries: 5 });
  }

  writeProgram(name: string, text: string): void {
    writeFileSync(path.join(this.dir, "bin", name), text, { mode: 0o755 });
  }

  writeLock(content: unknown): void {
    writeFileSync(path.join(this.dir, "package-lock.json"), JSON.stringify(content));
  }

  /** @param options of Node */
  run(more: NodeJS.ProcessEnv = {}, options: string[] = []): SpawnSyncReturns<string> {
    return spawnSync(process.execPath, [...options, "local/setup.mjs"], {
      cwd: this.dir,
      env: { ...this.env, ...more },
      encoding: "utf8",
      timeout: 60_000,
    });
  }

  start(more: NodeJS.ProcessEnv, options: string[] = []): ChildProcess {
    const child = spawn(process.execPath, [...options, "local/setup.mjs"], {
      cwd: this.dir,
      env: { ...this.env, ...more },
    });
    this.#started.push(child);
    return child;
  }

  runsOfNpm(): number {
    const log = path.join(this.dir, "log");
    return existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0;
  }

  /** What it leaves beside the checkout's own files, the lock among it. */
  leftovers(): string[] {
    return readdirSync(path.join(this.dir, ".local"));
  }
}
