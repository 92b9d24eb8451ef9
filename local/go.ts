// Part of `npm run check`: format and lint of the Go files, where there is a Go that can build them.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { quickly } from "./engine/goBuild.mjs";
import { main } from "./main.ts";
import { projectDir } from "./paths.ts";

main(async (report) => {
  const cwd = path.join(projectDir, "local", "engine");
  // As goBuild.mjs compiles, so that nothing is compiled twice.
  const env = { ...process.env, CGO_ENABLED: "0" };
  const run = (command: string, ...args: string[]) =>
    spawnSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const root = run("go", "env", "GOROOT");
  if (root.status !== 0) {
    report("No Go that can build local/engine: its Go files are not checked");
    return 0;
  }
  const { stdout: difference } = run(path.join(root.stdout.trim(), "bin", "gofmt"), "-d", ".");
  if (difference !== "") {
    report(`${difference}local/engine: run \`gofmt -w .\` there`);
    return 1;
  }
  const replaced = [
    ...readFileSync(path.join(cwd, "go.mod"), "utf8").matchAll(/(\S+) (?:v\S+ )?=> \.\//g),
  ].map(([, name]) => `${name}/...`);
  return run("go", "vet", "-trimpath", ...quickly, "./...", ...replaced).status ?? 1;
});
