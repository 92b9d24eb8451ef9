import { existsSync } from "node:fs";
import { chmod } from "node:fs/promises";
import path from "node:path";
import semver from "semver";
import { installOnce } from "../installOnce.ts";
import { cacheDir } from "../paths.ts";
import { type Report, step } from "../report.ts";
import { lastLines, run, tryRun } from "../run.ts";
import { SetupError } from "../setupError.ts";
import { type EngineModule, parseVersion, readEngineModule } from "./version.ts";

/** One line that says why the CLI cannot be built; undefined when it can, or already is. */
export async function buildProblem(): Promise<string | undefined> {
  const engine = readEngineModule();
  if (existsSync(cacheFolder(engine))) return undefined;
  const printed = await tryRun("go", ["env", "GOVERSION", "GOTOOLCHAIN"], { cwd: import.meta.dirname });
  return goProblem(printed, engine.go);
}

/** Builds the Pulumi CLI from its Go module unless the cache has it; returns the folder with `pulumi`. */
export async function buildPulumi(report: Report): Promise<string> {
  const engine = readEngineModule();
  const what = `the Pulumi CLI ${engine.version}`;
  return installOnce(
    {
      dir: cacheFolder(engine),
      what,
      build: async (into) => {
        const problem = await buildProblem();
        if (problem) throw new SetupError(problem);
        await step(
          report,
          {
            what: `Building ${what} with Go`,
            expect: "4 to 5 minutes on 2 cores, once per machine",
          },
          () => goBuild(engine, into),
        );
      },
    },
    report,
  );
}

function cacheFolder(engine: EngineModule): string {
  return path.join(cacheDir, engine.key);
}

/**
 * One line that says what is missing, or undefined when this Go can build the CLI.
 *
 * @param printed what `go env GOVERSION GOTOOLCHAIN` printed; undefined when there is no Go
 * @param oldest the version that go.mod asks for
 */
export function goProblem(printed: string | undefined, oldest: string): string | undefined {
  const remedy = `install Go >= ${oldest} (https://go.dev/dl), or a Pulumi CLI >= 3.200 (https://www.pulumi.com/docs/install), and have it on PATH`;
  if (printed === undefined) return `There is no Pulumi CLI on PATH and no Go to build one: ${remedy}.`;
  const [goVersion = "", toolchain = ""] = printed.split("\n");
  const version = parseVersion(goVersion);
  if (version && semver.gte(version, oldest)) return undefined;
  // From 1.21 on, Go fetches the toolchain that go.mod asks for by itself, unless it is told not to.
  if (version && semver.gte(version, "1.21.0") && toolchain.trim() !== "local") return undefined;
  return `Go ${version ?? goVersion} is too old to build the Pulumi CLI: ${remedy}.`;
}

/** The link-time variable that makes `pulumi version`, and every check of versions, know what was built. */
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

async function goBuild(engine: EngineModule, into: string): Promise<void> {
  const binary = path.join(into, "pulumi");
  const args = [
    "build",
    "-mod=readonly",
    "-trimpath",
    "-buildvcs=false",
    "-ldflags",
    `-s -w -X ${versionVariable}=v${engine.version}`,
    "-o",
    binary,
    "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  ];
  // Without cgo the CLI needs no C compiler, and one that is found does not change what is built.
  const env = { ...process.env, CGO_ENABLED: "0" };
  const built = await run("go", args, { cwd: import.meta.dirname, env });
  if (built.code !== 0) {
    throw new SetupError(
      `Building the Pulumi CLI failed (go build ended with ${built.signal ?? built.code}):\n${lastLines(built.output, 10)}`,
    );
  }
  await chmod(binary, 0o755);
}
