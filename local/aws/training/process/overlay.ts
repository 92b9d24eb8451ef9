import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { SetupError } from "../../../setupError.ts";

/**
 * Makes a virtual environment on top of another in milliseconds: a `.pth` file names the base's packages, so
 * what a job installs lands in the overlay only. Returns its python.
 *
 * Every name that a command can have for this Python, pip and the scripts of the base's packages leads to the overlay: what it
 * lacked would be found further on in PATH, and install into the user's own Python.
 */
export function makeOverlay(dir: string, basePython: string): string {
  const base = path.dirname(path.dirname(path.resolve(basePython)));
  const basePackages = sitePackages(base);
  const packages = path.join(dir, path.relative(base, basePackages));
  const bin = path.join(dir, "bin");
  mkdirSync(packages, { recursive: true });
  mkdirSync(bin, { recursive: true });
  const interpreter = realpathSync(basePython);
  writeFileSync(
    path.join(dir, "pyvenv.cfg"),
    `home = ${path.dirname(interpreter)}\ninclude-system-site-packages = false\n`,
  );
  writeFileSync(path.join(packages, "base.pth"), `${basePackages}\n`);
  const python = path.join(bin, "python");
  symlinkSync(interpreter, python);
  const version = path.basename(path.dirname(basePackages)); // python3.11
  for (const name of ["python3", version]) symlinkSync("python", path.join(bin, name));
  const pips = ["pip", "pip3", version.replace("python", "pip")];
  const commands = new Map<string, string[]>();
  for (const file of scripts(path.join(base, "bin"))) commands.set(path.basename(file), [file]);
  for (const name of pips) commands.set(name, ["-m", "pip"]);
  commands.set("torchrun", [path.join(import.meta.dirname, "torchrun.py")]);
  for (const [name, args] of commands) {
    const words = [python, ...args].map(quoted).join(" ");
    writeFileSync(path.join(bin, name), `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
  }
  return python;
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** The Python scripts in a folder of commands: they begin with `#!` and a Python, or as uv writes relocatable ones. */
function scripts(bin: string): string[] {
  const files = readdirSync(bin).map((name) => path.join(bin, name));
  return files.filter((file) => /^#!(.*python|\/bin\/sh\n'''exec' )/.test(beginning(file)));
}

function beginning(file: string): string {
  const bytes = Buffer.alloc(256);
  const opened = openSync(file, "r");
  try {
    return bytes.toString("latin1", 0, readSync(opened, bytes));
  } finally {
    closeSync(opened);
  }
}

function sitePackages(environment: string): string {
  const lib = path.join(environment, "lib");
  const version = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith("python")) : undefined;
  const packages = path.join(lib, version ?? "", "site-packages");
  if (version === undefined || !existsSync(packages)) {
    throw new SetupError(`${environment} is not a Python virtual environment`);
  }
  return packages;
}
