// (i) `npm start` in a fresh checkout with empty caches, up to the artifact. The phases run side by side where they do not need each other,
// so they add up to more than the whole.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { type Figure, figure } from "../figures";
import { secondsSince } from "../measure";

const projectDir = path.resolve(__dirname, "../..");
/** The first lines of what Pulumi does. */
const PREVIEW = /^Previewing update \(/;
const UPDATE = /^Updating \(/;
/** The model's line is the last thing that `npm start` is for. */
const ARTIFACT = /^Model artifact +s3:\/\//;
const DONE =
  /^(?<what>.*?)(?:: done|: \d+ sent, \d+ removed,) in (?:(?<minutes>\d+) min ?)?(?:(?<seconds>[\d.]+) s)?$/;

/** There is no short form: all of it is the point. */
export async function freshMachine(): Promise<Figure[]> {
  const { cacheDir } = await import("../../local/paths.ts");
  const dir = mkdtempSync(path.join(tmpdir(), "training-bench-fresh-"));
  const checkout = path.join(dir, "checkout");
  const env = emptyCaches(dir, cacheDir);
  try {
    for (const file of execFileSync("git", ["ls-files"], { cwd: projectDir, encoding: "utf8" })
      .trim()
      .split("\n")) {
      if (existsSync(path.join(projectDir, file)))
        cpSync(path.join(projectDir, file), path.join(checkout, file));
    }
    return await start(checkout, env);
  } finally {
    spawnSync("npm", ["run", "local:stop"], { cwd: checkout, env, stdio: "ignore" });
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Where every tool that `npm start` uses keeps what it has downloaded or compiled; nothing else of this process's environment changes.
 *
 * @param cacheDir the project's cache on this machine, which is not to be found
 */
function emptyCaches(dir: string, cacheDir: string): NodeJS.ProcessEnv {
  const cache = (name: string) => {
    mkdirSync(path.join(dir, name), { recursive: true });
    return path.join(dir, name);
  };
  // Neither this project's Node nor the CLI that was built for it, as in a shell on the local stack.
  const own = [projectDir + path.sep, cacheDir + path.sep];
  const PATH = (process.env.PATH ?? "")
    .split(path.delimiter)
    .filter((each) => !own.some((root) => each.startsWith(root)));
  const outer = Object.entries(process.env).filter(
    ([name]) =>
      !/^npm_|^(NPM_CONFIG_CACHE|NODE_OPTIONS|NODE_COMPILE_CACHE|UV_CACHE_DIR|PYTHONPYCACHEPREFIX)$/.test(
        name,
      ),
  );
  return {
    ...Object.fromEntries(outer),
    PATH: PATH.join(path.delimiter),
    TRAINING_CACHE_DIR: cache("cache"),
    TRAINING_STATE_DIR: cache("state"),
    XDG_CACHE_HOME: cache("xdg"), // whatever else keeps something
    npm_config_cache: cache("npm"),
    PIP_CACHE_DIR: cache("pip"),
    GOMODCACHE: cache("gomod"),
    GOCACHE: cache("gobuild"),
    GOFLAGS: "-modcacherw", // or nobody could remove it
  };
}

/** A line of `npm start`, and after how many seconds it came. */
export interface Said {
  line: string;
  at: number;
}

async function start(checkout: string, env: NodeJS.ProcessEnv): Promise<Figure[]> {
  const started = performance.now();
  // In a group of its own: ^C reaches it through this process alone, which then takes away the local AWS and gigabytes of caches.
  const child = spawn("npm", ["start"], {
    cwd: checkout,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const stop = () => child.pid !== undefined && process.kill(-child.pid, "SIGINT");
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const said: Said[] = [];
  const read = async (stream: NodeJS.ReadableStream) => {
    for await (const line of createInterface({ input: stream })) {
      const at = secondsSince(started);
      console.error(`    ${at.toFixed(0).padStart(4)} s  ${line}`);
      said.push({ line, at });
    }
  };
  await Promise.all([read(child.stdout), read(child.stderr)]);
  const code = await ended;
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, stop);
  if (code !== 0) throw new Error(`npm start ended with ${code}`);
  return phases(said);
}

/** What each phase took; not a number for one that was not said. */
export function phases(said: Said[]): Figure[] {
  const [preview, update, artifact] = [PREVIEW, UPDATE, ARTIFACT].map(
    (pattern) => said.find(({ line }) => pattern.test(line))?.at ?? Number.NaN,
  );
  const installed = said.flatMap(({ line }) => {
    const { what, minutes = 0, seconds = 0 } = DONE.exec(line)?.groups ?? {};
    return what === undefined ? [] : [figure(what, Number(minutes) * 60 + Number(seconds), "s")];
  });
  return [
    figure("to the first artifact", artifact, "s", "freshSeconds"),
    ...installed,
    figure("preview, with the guardrails", update - preview, "s"),
    figure("update, to the artifact", artifact - update, "s"),
  ];
}
