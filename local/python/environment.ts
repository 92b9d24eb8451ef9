import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { installOnce } from "../installOnce.ts";
import { cacheDir } from "../paths.ts";
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
  if (installed) return pythonOf(installed);

  const choice = await prepare(spec);
  if ("problem" in choice) throw new SetupError(choice.problem);

  const uv = await ensureUv(choice.bootstrap, report);
  const dir = await installOnce(
    {
      dir: path.join(cacheDir, `${prefix}${choice.minor}`),
      what: spec.what,
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

/** One line that says what is missing to install the environment; undefined when nothing is, or it is there. */
export async function environmentProblem(spec: Environment): Promise<string | undefined> {
  if (findInstalled(environmentPrefix(spec))) return undefined;
  const choice = await prepare(spec);
  return "problem" in choice ? choice.problem : undefined;
}

async function prepare(spec: Environment): Promise<Choice | Problem> {
  const compiles = spec.buildConstraints !== undefined;
  const noCompiler = compiles ? compilerProblem(process.env) : undefined;
  if (noCompiler) return { problem: noCompiler };
  return chooseInterpreter(await findInterpreters(process.env), { ...spec.python, needsHeaders: compiles });
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
function findInstalled(prefix: string): string | undefined {
  if (!existsSync(cacheDir)) return undefined;
  return readdirSync(cacheDir)
    .filter((name) => name.startsWith(prefix) && /^\d+\.\d+$/.test(name.slice(prefix.length)))
    .map((name) => path.join(cacheDir, name))
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
  else if ((await runUv(uv, venv)).code !== 0) throw new SetupError(noFittingPython(spec.python, choice));
  await call(
    uv,
    [
      "pip",
      "install",
      "--python",
      pythonOf(into),
      "--no-deps", // the locks name every package
      "--require-hashes",
      // Jobs run with PYTHONDONTWRITEBYTECODE, as on AWS: without this each would compile torch again.
      "--compile-bytecode",
      ...files("--build-constraints", spec.buildConstraints ? [spec.buildConstraints] : []),
      ...files("--requirements", spec.locks),
    ],
    spec,
  );
  await call(pythonOf(into), ["-c", `import ${spec.imports.join(", ")}`], spec);
}

/** One line for a machine whose only Pythons are newer than the packages, where uv could not get another one. */
export function noFittingPython(python: PythonRange, choice: Choice): string {
  return `Python ${python.words} with venv is needed, ${python.reason}; only ${choice.bootstrap.version} was found, and no other could be fetched: install one, or name it in TRAINING_BASE_PYTHON.`;
}

async function call(command: string, args: string[], spec: Environment): Promise<void> {
  const done = await runUv(command, args);
  if (done.code !== 0) {
    const name = `${path.basename(command)} ${args.slice(0, 2).join(" ")}`;
    throw new SetupError(
      `Installing ${spec.what} failed (${name} ended with ${done.signal ?? done.code}):\n${lastLines(done.output, 12)}`,
    );
  }
}

function runUv(command: string, args: string[]): Promise<Finished> {
  const env = {
    UV_CACHE_DIR: path.join(cacheDir, "uv-cache"), // on the same disk, so that files are linked, not copied
    UV_HTTP_TIMEOUT: "180",
    ...process.env,
    UV_NO_CONFIG: "1",
    VIRTUAL_ENV: undefined,
  };
  return run(command, args, { env, cwd: here });
}
