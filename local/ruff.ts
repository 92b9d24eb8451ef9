// Part of `npm run check`: lint and format of the Python files.
import { spawnSync } from "node:child_process";
import { main } from "./main.ts";
import { projectDir } from "./paths.ts";
import { ensureLintPython } from "./python/python.ts";

main(async (report) => {
  const python = await ensureLintPython(report);
  const ruff = (...args: string[]) =>
    spawnSync(python, ["-m", "ruff", ...args], { cwd: projectDir, stdio: "inherit" }).status ?? 1;
  return ruff("check", ".") || ruff("format", "--check", ".");
});
