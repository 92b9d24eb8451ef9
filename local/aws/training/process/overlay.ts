import { existsSync, mkdirSync, readdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { SetupError } from "../../../setupError.ts";

/**
 * Makes a virtual environment on top of another in milliseconds: a `.pth` file names the base's packages, so
 * what a job's requirements.txt adds lands in the overlay only. Returns its python.
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
  symlinkSync("python", path.join(bin, "python3"));
  const torchrun = `#!/bin/sh\nexec '${python}' '${path.join(import.meta.dirname, "torchrun.py")}' "$@"\n`;
  writeFileSync(path.join(bin, "torchrun"), torchrun, { mode: 0o755 });
  return python;
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
