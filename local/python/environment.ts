import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { advice } from "../advice.mjs";
import { cacheDirFrom } from "../cacheDir.mjs";
import { installOnce } from "../installOnce.ts";
import { cacheDir } from "../paths.ts";
import { touch } from "../prune.ts";
import { type Report, step } from "../report.ts";
import { type Finished, lastLines, run } from "../run.ts";
import { SetupError } from "../setupError.ts";
import {
  type Choice,
  chooseInterpreter,
  compilerProblem,
  findInterpreters,
  type Problem,
  type PythonRange,
} from "./interpreter.ts";
import { ensureUv } from "./uv.ts";

export interface Environment {
  /** First part of the cache folder's name. */
  name: string;
  /** What it is, as in `Installing <what>`. */
  what: string;
  /** What to expect of the first installation, such as `about 2 minutes, 5 GB`. */
  expect: string;
  /** Locked requirement files in this folder; every package in them is pinned and hashed. */
  locks: string[];
  /** Pins for what builds source packages; absent when every package comes built. */
  buildConstraints?: string;
  python: PythonRange;
  /** Modules that must load for the environment to count as whole. */
  imports: string[];
}

const here = import.meta.dirname;

/** Installs an environment unless the cache has it; returns the path of its Python. */
export async function ensureEnvironment(spec: Environment, report: Report): Promise<string> {
  const prefix = environmentPrefix(spec);
  const installed = findInstalled(prefix);
  if (installed) {
    touch(installed);
    return pythonOf(installed);
  }

  const { choice, noCompiler } = await prepare(spec, process.env);
  if ("problem" in choice) throw new SetupError(choice.problem);
  if (noCompiler) throw new SetupError(noCompiler);

  const uv = await ensureUv(choice.bootstrap, report);
  const dir = await installOnce(
    {
      dir: path.join(cacheDir, `${prefix}${choice.minor}`),
      what: spec.what,
      family: new RegExp(`^python-${spec.name}-`),
      isUsable: (candidate) => existsSync(pythonOf(candidate)),
      build: (into) =>
        step(report, { what: `Installing ${spec.what}`, expect: spec.expect }, () =>
          install(spec, { uv, choice, into }),
        ),
    },
    report,
  );
  return pythonOf(dir);
}

/**
 * What is missing to install environments that are not there yet: one line for each thing. The environments with the
 * narrowest range of Pythons come first: what they need will do for the others.
 */
export async function environmentProblems(specs: Environment[], env: NodeJS.ProcessEnv): Promise<string[]> {
  const cache = cacheDirFrom(env, homedir());
  const missing = specs.filter((spec) => !findInstalled(environmentPrefix(spec), cache));
  const problems = await Promise.all(missing.map((spec) => prepare(spec, env)));
  const pythons = problems.flatMap(({ choice }) => ("problem" in choice ? [choice.problem] : []));
  const compilers = problems.flatMap(({ noCompiler }) => noCompiler ?? []);
  return [...pythons.slice(0, 1), ...compilers.slice(0, 1)];
}

interface Preparation {
  choice: Choice | Problem;
  noCompiler: string | undefined;
}

async function prepare(spec: Environment, env: NodeJS.ProcessEnv): Promise<Preparation> {
  const compiles = spec.buildConstraints !== undefined;
  const choice = chooseInterpreter(await findInterpreters(env), { ...spec.python, compiles }, env);
  const cc = "problem" in choice ? undefined : choice.cc;
  return { choice, noCompiler: compiles ? await compilerProblem(cc, env) : undefined };
}

/** `python-training-linux-x64-0123456789ab-`; the Python's version follows. */
export function environmentPrefix(spec: Environment, read = readHere): string {
  const hash = createHash("sha256");
  for (const file of [...spec.locks, ...(spec.buildConstraints ? [spec.buildConstraints] : [])]) {
    hash.update(read(file)).update("\0");
  }
  const key = hash.digest("hex").slice(0, 12);
  return `python-${spec.name}-${process.platform}-${process.arch}-${key}-`;
}

/** An environment of these locks for any Python: the one there is spares looking for interpreters. */
function findInstalled(prefix: string, cache = cacheDir): string | undefined {
  if (!existsSync(cache)) return undefined;
  return readdirSync(cache)
    .filter((name) => name.startsWith(prefix) && /^\d+\.\d+$/.test(name.slice(prefix.length)))
    .map((name) => path.join(cache, name))
    .find((dir) => existsSync(pythonOf(dir))); // false as well when the Python it was made from is gone
}

function pythonOf(dir: string): string {
  return path.join(dir, "bin", "python");
}

function readHere(file: string): string {
  return readFileSync(path.join(here, file), "utf8");
}

async function install(
  spec: Environment,
  { uv, choice, into }: { uv: string; choice: Choice; into: string },
): Promise<void> {
  const files = (flag: string, names: string[]) => names.flatMap((name) => [flag, path.join(here, name)]);
  // Relocatable, since it is built under another name than the one it is used under.
  const venv = ["venv", "--quiet", "--relocatable", "--allow-existing", "--python", choice.python, into];
  if (path.isAbsolute(choice.python)) await call(uv, venv, spec);
  else {
    // One that uv knows from elsewhere; else one that goes into the cache, to be removed with it.
    let made = await runUv(uv, [...venv, "--no-python-downloads"]);
    if (made.code !== 0)
      made = await runUv(uv, venv, { UV_PYTHON_INSTALL_DIR: path.join(cacheDir, "uv-pythons") });
    if (made.code !== 0) throw new SetupError(noFittingPython(spec.python, choice, made.output));
  }
  await call(
    uv,
    [
      "pip",
      "install",
      "--python",
      pythonOf(into),
      "--no-deps", // the locks name every package
      "--require-hashes",
      ...files("--build-constraints", spec.buildConstraints ? [spec.buildConstraints] : []),
      ...files("--requirements", spec.locks),
    ],
    spec,
  );
  await compile(into);
  await call(pythonOf(into), ["-c", `import ${spec.imports.join(", ")}`], spec);
}

/**
 * Jobs run with PYTHONDONTWRITEBYTECODE, as on AWS: without this each would compile torch again. The packages' own tests, a quarter of all
 * code, are left out: the little of it that a job loads is compiled when the environment's modules are imported.
 */
async function compile(dir: string): Promise<void> {
  const tests = "/site-packages/(.+/tests?|torch/testing/_internal)/";
  // It ends with 1 for the few files that are templates, or for another Python; what has to load is imported next.
  await runUv(pythonOf(dir), ["-m", "compileall", "-qq", "-j", "0", "-x", tests, path.join(dir, "lib")]);
}

/** For a machine whose only Pythons are newer than the packages, where uv could not get another one. */
export function noFittingPython(python: PythonRange, choice: Choice, output: string): string {
  return (
    `Python ${python.words} with venv is needed, ${python.reason}; only ${choice.bootstrap.version} was found, and uv could fetch no other: ` +
    `install one, or name it in TRAINING_BASE_PYTHON.\n${lastLines(output, 6)}${advice(output)}`
  );
}

async function call(command: string, args: string[], spec: Environment): Promise<void> {
  const done = await runUv(command, args);
  if (done.code !== 0) {
    const name = `${path.basename(command)} ${args.slice(0, 2).join(" ")}`;
    throw new SetupError(
      `Installing ${spec.what} failed (${name} ended with ${done.signal ?? done.code}):\n${lastLines(done.output, 12)}${advice(done.output)}`,
    );
  }
}

function runUv(command: string, args: string[], more: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const env = {
    ...more,
    UV_CACHE_DIR: path.join(cacheDir, "uv-cache"), // on the same disk, so that files are linked, not copied
    UV_HTTP_TIMEOUT: "180",
    ...process.env,
    UV_NO_CONFIG: "1",
    PYTHONDONTWRITEBYTECODE: undefined,
    VIRTUAL_ENV: undefined,
  };
  return run(command, args, { env, cwd: here });
}
