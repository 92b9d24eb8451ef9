import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { chmod } from "node:fs/promises";
import path from "node:path";
import { findExecutable, pathDirs } from "../../../../local/executables.ts";
import { installOnce } from "../../../../local/installOnce.ts";
import { cacheDir } from "../../../../local/paths.ts";
import { lastLines, run } from "../../../../local/run.ts";

const name = "pulumi-language-yaml";
const report = (line: string) => process.stderr.write(`    ${line}\n`);

/**
 * The folder with a language host for programs in YAML: beside an installed Pulumi CLI, else built from its Go module, once
 * per machine. Most of what it is made of is in Go's cache where the CLI was built there.
 */
export async function ensureYamlHost(env: NodeJS.ProcessEnv): Promise<string> {
  const installed = findExecutable(name, pathDirs(env.PATH));
  if (installed) return path.dirname(installed);
  const read = (file: string) => readFileSync(path.join(__dirname, file));
  const hash = createHash("sha256").update(read("go.mod")).update(read("go.sum")).digest("hex").slice(0, 12);
  const dir = path.join(cacheDir, `pulumi-yaml-${process.platform}-${process.arch}-${hash}`);
  return installOnce({ dir, what: "the language host for Pulumi YAML", build }, report);
}

async function build(into: string): Promise<void> {
  report(
    "Building the language host for Pulumi YAML with Go (half a minute after the CLI, 2 minutes without) ...",
  );
  const binary = path.join(into, name);
  const flags = ["-mod=readonly", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w"];
  const built = await run(
    "go",
    ["build", ...flags, "-o", binary, `github.com/pulumi/pulumi-yaml/cmd/${name}`],
    {
      cwd: __dirname,
      env: { ...process.env, CGO_ENABLED: "0" },
    },
  );
  if (built.code !== 0) throw new Error(`go build ended with ${built.code}:\n${lastLines(built.output, 10)}`);
  await chmod(binary, 0o755);
}
