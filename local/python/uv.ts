import { copyFile, mkdir, rm } from "node:fs/promises";
import path from "node:path";
import { advice } from "../advice.mjs";
import { installOnce } from "../installOnce.ts";
import { cacheDir } from "../paths.ts";
import { type Report, step } from "../report.ts";
import { lastLines, run } from "../run.ts";
import { SetupError } from "../setupError.ts";
import type { Interpreter } from "./interpreter.ts";

/** The installer of the Python environments, itself a package: one version for everybody. */
export const uvVersion = "0.13.9";

/** Installs uv with pip unless the cache has it; returns the path of the executable. */
export async function ensureUv(python: Interpreter, report: Report): Promise<string> {
  const what = `uv ${uvVersion}, the installer of the Python environments`;
  const dir = await installOnce(
    {
      dir: path.join(cacheDir, `uv-${uvVersion}-${process.platform}-${process.arch}`),
      what,
      family: /^uv-\d/,
      build: (into) => step(report, { what: `Installing ${what}` }, () => install(python, into)),
    },
    report,
  );
  return path.join(dir, "uv");
}

/** The package is one executable that needs no Python: only it is kept of the environment it comes in. */
async function install(python: Interpreter, into: string): Promise<void> {
  const venv = path.join(into, "venv");
  await mkdir(venv, { recursive: true });
  await call(python.executable, ["-m", "venv", venv]);
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"];
  await call(path.join(venv, "bin", "python"), [...pip, "--only-binary=:all:", `uv==${uvVersion}`]);
  await copyFile(path.join(venv, "bin", "uv"), path.join(into, "uv"));
  await rm(venv, { recursive: true, force: true });
}

async function call(command: string, args: string[]): Promise<void> {
  const done = await run(command, args);
  if (done.code !== 0) {
    throw new SetupError(
      `Installing uv ${uvVersion} failed (${command} ${args.slice(0, 3).join(" ")}):\n${lastLines(done.output, 8)}${advice(done.output)}`,
    );
  }
}
