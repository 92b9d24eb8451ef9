/**
 * Locks the Python environments anew: pins every package in the `.in` files, with what they need, to the newest
 * version that fits, for every Python and platform that is supported. Pass `--upgrade` to take newer versions;
 * without it, only what the `.in` files changed moves.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { projectDir } from "../paths.ts";
import { SetupError } from "../setupError.ts";
import { findInterpreters } from "./interpreter.ts";
import { ensureUv } from "./uv.ts";

const tests = path.join(projectDir, "test", "engine", "support");
const clients = path.join(projectDir, "test", "clients");

const locks = [
  { name: "training" },
  { name: "ministack" },
  { name: "data", args: ["--no-deps"] },
  { name: "lint" },
  { name: "parliament", dir: path.join(tests, "iam") },
  { name: "moto", dir: path.join(tests, "moto") },
  { name: "sdk2", dir: clients },
  { name: "sdk3", dir: clients },
];

const [python] = (await findInterpreters(process.env)).filter(({ venv }) => venv);
if (!python) throw new SetupError("Python 3.10 or newer with venv is needed");
const uv = await ensureUv(python, console.log);
for (const { name, dir = import.meta.dirname, args = [] } of locks) {
  const compile = ["pip", "compile", "--quiet", "--universal", "--python-version=3.10", "--generate-hashes"];
  const files = ["--no-header", `${name}.in`, "--output-file", `${name}.txt`];
  const done = spawnSync(uv, [...compile, ...args, ...files, ...process.argv.slice(2)], {
    cwd: dir,
    stdio: "inherit",
  });
  if (done.status !== 0) throw new SetupError(`Locking ${path.join(dir, `${name}.in`)} failed`);
}
