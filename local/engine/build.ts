import { existsSync } from "node:fs";
import { link, readdir } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import semver from "semver";
import { advice } from "../advice.mjs";
import { cacheDirFrom } from "../cacheDir.mjs";
import { installOnce } from "../installOnce.ts";
import { cacheDir } from "../paths.ts";
import { type Report, step } from "../report.ts";
import { type Finished, lastLines, run } from "../run.ts";
import { SetupError } from "../setupError.ts";
import { cliPackage, goBuild, hostPackage } from "./goBuild.mjs";
import { oldestPulumi, parseVersion, readEngineModule } from "./version.ts";

/**
 * One line that says why the CLI cannot be built; undefined when it can, or already is.
 *
 * @param noPulumi why no installed one does, such as `There is no Pulumi CLI on PATH`
 */
export async function buildProblem(noPulumi: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const engine = readEngineModule();
  if (existsSync(path.join(cacheDirFrom(env, homedir()), engine.key))) return undefined;
  // Away from the module: in its folder, any `go` first fetches the version that go.mod asks for.
  const go = await runGo(["env", "GOVERSION", "GOTOOLCHAIN"], "/", env);
  const problem = goProblem(go, engine.go, noPulumi);
  if (problem !== undefined || go === undefined || isRecentGo(go, engine.go)) return problem;
  const fetched = await runGo(["version"], import.meta.dirname, env);
  return fetched && fetched.code === 0 ? undefined : fetchProblem(go, fetched?.output ?? "", engine.go);
}

/** What a `go` command printed and ended with; undefined where there is none. */
type Go = Pick<Finished, "code" | "stdout" | "output">;

function runGo(args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Go | undefined> {
  return run("go", args, { cwd, env }).catch(() => undefined);
}

/** Builds the Pulumi CLI and a language host for Node from their Go module unless the cache has them; returns the folder with both. */
export async function buildPulumi(report: Report): Promise<string> {
  const engine = readEngineModule();
  const what = `the Pulumi CLI ${engine.version}`;
  return installOnce(
    {
      dir: path.join(cacheDir, engine.key),
      family: /^pulumi-\d/,
      what,
      build: async (into) => {
        const problem = await buildProblem("There is no Pulumi CLI to use", process.env);
        if (problem) throw new SetupError(problem);
        const hasCli = await linkBuiltCli(cacheDir, engine.cli, into);
        const packages = hasCli ? [hostPackage] : [cliPackage, hostPackage];
        await step(
          report,
          {
            what: `Building ${hasCli ? "the Node language host" : what} with Go`,
            expect: hasCli
              ? "seconds; a minute where Go has kept nothing of it"
              : "2 to 4 minutes on 2 cores, once per machine",
          },
          () => compile(packages, engine.version, into),
        );
      },
    },
    report,
  );
}

/**
 * Puts a CLI that the cache has, built before the language host was changed, or before there was one, into a folder: to compile it takes
 * minutes.
 *
 * @param cli what the names of its folders begin with
 * @returns whether there is one
 */
export async function linkBuiltCli(cache: string, cli: string, into: string): Promise<boolean> {
  // Not those which are half built, or on their way out.
  const whole = (await readdir(cache)).filter((name) => name.startsWith(cli) && !name.includes(".tmp-"));
  for (const name of whole) {
    try {
      await link(path.join(cache, name, "pulumi"), path.join(into, "pulumi"));
      return true;
    } catch {
      // Removed meanwhile, or on a file system without links.
    }
  }
  return false;
}

/**
 * One line that says what is missing, or undefined when this Go can build the CLI, or fetch the Go that can.
 *
 * @param go what `go env GOVERSION GOTOOLCHAIN` printed; undefined when there is no Go
 * @param oldest the version that go.mod asks for
 */
export function goProblem(go: Go | undefined, oldest: string, noPulumi: string): string | undefined {
  if (go === undefined) return `${noPulumi}, and no Go to build one: ${remedy(oldest)}.`;
  if (go.code !== 0) {
    const reason = go.output.trim().split("\n").at(-1);
    return `${noPulumi}, and the Go to build one does not work (${reason}): mend it, or ${remedy(oldest)}.`;
  }
  if (isRecentGo(go, oldest)) return undefined;
  const [printed = "", toolchain = ""] = go.stdout.split("\n");
  const version = parseVersion(printed);
  // From 1.21 on, Go fetches the version that go.mod asks for by itself, unless it is told not to.
  if (version && semver.gte(version, "1.21.0") && toolchain.trim() !== "local") return undefined;
  return `${noPulumi}, and Go ${version ?? printed} is too old to build one: ${remedy(oldest)}.`;
}

/** For a Go that is to fetch a newer one, and cannot. */
export function fetchProblem(go: Go, output: string, oldest: string): string {
  const version = parseVersion(go.stdout);
  return `Go ${version} is too old to build the Pulumi CLI, and could not fetch Go ${oldest}: ${remedy(oldest)}.\n${lastLines(output, 2)}${advice(output)}`;
}

function isRecentGo(go: Go, oldest: string): boolean {
  const version = parseVersion(go.stdout.split("\n")[0] ?? "");
  return version !== undefined && semver.gte(version, oldest);
}

function remedy(oldest: string): string {
  return `install Go >= ${oldest} (https://go.dev/dl), or a Pulumi CLI >= ${oldestPulumi} with its Node language host (https://www.pulumi.com/docs/install), and have it on PATH`;
}

/** Compiles packages of this folder's module: each into a program with the last part of its name. */
export async function compile(packages: string[], version: string, into: string): Promise<void> {
  const { args, env, cwd } = goBuild(packages, version, into);
  const built = await run("go", args, { cwd, env });
  if (built.code !== 0) {
    throw new SetupError(
      `Building the Pulumi CLI or its language host failed (go build ended with ${built.signal ?? built.code}):\n${lastLines(built.output, 10)}${advice(built.output)}`,
    );
  }
}
