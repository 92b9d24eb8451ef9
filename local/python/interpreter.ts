import path from "node:path";
import semver from "semver";
import { findExecutable, pathDirs } from "../executables.ts";
import { tryRun } from "../run.ts";

/** A Python that is installed on this machine. */
export interface Interpreter {
  executable: string;
  /** Such as `3.11.7`. */
  version: string;
  /** Whether it can make virtual environments with pip in them. */
  venv: boolean;
  /** Whether C extensions can be compiled for it. */
  headers: boolean;
  /** The C compiler that it was built with, and calls for extensions, such as `gcc`; empty when unknown. */
  cc: string;
}

/** Which Pythons an environment's locked packages exist for. */
export interface PythonRange {
  /** Semantic version range, such as `>=3.10 <3.13`. */
  range: string;
  /** The range in words, such as `3.10, 3.11 or 3.12`. */
  words: string;
  /** Why no newer one does. */
  reason: string;
}

const probe = `
import importlib.util, json, os, platform, sys, sysconfig
print(json.dumps({
    "executable": sys.executable,
    "version": platform.python_version(),
    "venv": all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip")),
    "cc": (sysconfig.get_config_var("CC") or "").split(" ")[0],
    "headers": os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")),
}))
`;

/** Names to try, in this order. `TRAINING_BASE_PYTHON` names one that is not on PATH, or not first on it. */
export function interpreterNames(env: NodeJS.ProcessEnv): string[] {
  const named = env.TRAINING_BASE_PYTHON;
  return named ? [named] : ["python3", "python3.12", "python3.11", "python3.10"];
}

export async function findInterpreters(env: NodeJS.ProcessEnv): Promise<Interpreter[]> {
  const found = await Promise.all(
    interpreterNames(env).map(async (name) => parseProbe(await tryRun(name, ["-c", probe], { env }))),
  );
  return found.filter((interpreter) => interpreter !== undefined);
}

export function parseProbe(printed: string | undefined): Interpreter | undefined {
  if (!printed) return undefined;
  try {
    return JSON.parse(printed) as Interpreter;
  } catch {
    return undefined; // something called python3 that is not Python
  }
}

export interface Choice {
  /** Has pip install uv; any recent Python will do. */
  bootstrap: Interpreter;
  /** What uv is asked for: an installed Python, or a version for uv to find or fetch by itself. */
  python: string;
  /** Such as `3.11`. */
  minor: string;
  /** The C compiler that this Python calls; undefined when that is not known. */
  cc?: string;
}

export interface Problem {
  /** One line: what is missing, and what to install. */
  problem: string;
}

export interface Wanted extends PythonRange {
  /** Whether something is compiled for it. */
  compiles: boolean;
}

/** Picks the Python for an environment, or says in one line what is missing. */
export function chooseInterpreter(
  found: Interpreter[],
  wanted: Wanted,
  env: NodeJS.ProcessEnv,
): Choice | Problem {
  const recent = found.filter(({ version }) => semver.gte(version, "3.10.0", { loose: true }));
  const seen = found.map(({ version }) => version).join(", ");
  const named = env.TRAINING_BASE_PYTHON;
  if (named && found.length === 0) {
    return {
      problem: `TRAINING_BASE_PYTHON names ${named}, which does not run as a Python: name one of version ${wanted.words} with venv, or unset it.`,
    };
  }
  if (recent.length === 0) {
    return {
      problem: `Python ${wanted.words} with venv is needed, and ${seen ? `only ${seen} was` : "none was"} found: install it, or name one in TRAINING_BASE_PYTHON.`,
    };
  }
  const withVenv = recent.filter(({ venv }) => venv);
  const [bootstrap] = withVenv;
  if (!bootstrap) {
    return {
      problem: `Python ${recent[0]?.version} has no venv module with pip: install it (Debian and Ubuntu: apt install python3-venv).`,
    };
  }
  const fitting = withVenv.filter(({ version }) => semver.satisfies(version, wanted.range));
  const usable = fitting.find(({ headers }) => headers || !wanted.compiles);
  if (usable) {
    return {
      bootstrap: usable,
      python: usable.executable,
      minor: minorOf(usable.version),
      cc: usable.cc || undefined,
    };
  }
  if (fitting[0]) {
    return {
      problem: `Python ${fitting[0].version} has no headers (Python.h) to compile against: install them (Debian and Ubuntu: apt install python3-dev).`,
    };
  }
  return { bootstrap, python: fallbackMinor, minor: fallbackMinor };
}

/** The Python of AWS's PyTorch 2.4 images. */
const fallbackMinor = "3.11";

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}

/**
 * One line when the C compiler that a Python calls is not there; `CC` names another.
 *
 * @param cc undefined where the Python is not known: the usual ones will do
 */
export async function compilerProblem(
  cc: string | undefined,
  env: NodeJS.ProcessEnv,
): Promise<string | undefined> {
  const named = env.CC?.split(" ")[0] || cc;
  const names = named ? [named] : ["cc", "gcc", "clang"];
  for (const name of names) {
    const found = path.isAbsolute(name) ? name : findExecutable(name, pathDirs(env.PATH));
    // What macOS has in its place only offers to install it.
    if (found && (await tryRun(found, ["--version"], { env })) !== undefined) return undefined;
  }
  return `A C compiler is needed to build sagemaker-training, and ${named ? `${named} was not` : "none was"} found: install one (Debian and Ubuntu: apt install build-essential; macOS: xcode-select --install), or name another in CC.`;
}
