import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import semver from "semver";
import { goBuild } from "./goBuild.mjs";

/** The oldest Pulumi CLI that this project is known to work with. */
export const oldestPulumi = "3.200.0";

/** The version in what `pulumi version` or `go version` prints: `v3.259.0`, `go version go1.26.8 linux/amd64`. */
export function parseVersion(printed: string): string | undefined {
  const found = /(?:^|\s)(?:v|go)?(\d+\.\d+(?:\.\d+)?(?:-[0-9A-Za-z.-]+)?)/m.exec(printed)?.[1];
  if (!found) return undefined;
  // Go calls its first release of a line `go1.25`, and its pre-releases `go1.25rc1`.
  return semver.valid(semver.coerce(found, { includePrerelease: true })) ?? undefined;
}

export function isRecentPulumi(version: string): boolean {
  return semver.gte(version, oldestPulumi);
}

/** What decides which CLI and which language host are built: the module's own files, in this folder, and how they are compiled. */
export interface EngineModule {
  /** Version of the CLI, such as `3.259.0`. */
  version: string;
  /** Oldest Go that can build it, such as `1.25.11`. */
  go: string;
  /** What the names of all cache folders with this CLI begin with: changes with all that it is compiled from, and how, and the platform. */
  cli: string;
  /** Name of the cache folder; changes with the source of the language host too. */
  key: string;
}

const cliModule = "github.com/pulumi/pulumi/pkg/v3";

/** Reads the module beside this file. */
export function readEngineModule(dir = import.meta.dirname): EngineModule {
  const read = (...names: string[]) => readFileSync(path.join(dir, ...names), "utf8");
  const sources = (folder: string) =>
    readdirSync(path.join(dir, folder), { encoding: "utf8", recursive: true })
      .filter((name) => name.endsWith(".go") || path.basename(name) === "go.mod")
      .sort()
      .map((name) => `${name}\0${read(folder, name)}`);
  const { args, env } = goBuild([], "", "into");
  const cli = [read("go.sum"), ...sources("replaced"), ...args, `cgo ${env.CGO_ENABLED}`];
  const platform = `${process.platform}-${process.arch}`;
  return describeEngineModule(read("go.mod"), cli, sources("languageHost"), platform);
}

/**
 * @param cli what the CLI is made of besides go.mod: go.sum, modules in place of others, arguments of Go
 * @param host the files of the language host
 */
export function describeEngineModule(
  goMod: string,
  cli: string[],
  host: string[],
  platform: string,
): EngineModule {
  const version = goMod.match(new RegExp(`${cliModule.replaceAll(".", "\\.")} v(\\S+)`))?.[1];
  const go = goMod.match(/^go (\S+)$/m)?.[1];
  if (!version || !go) throw new Error(`go.mod of the engine names no ${version ? "Go" : cliModule} version`);
  const name = `pulumi-${version}-${platform}-${hash([goMod, ...cli])}`;
  return { version, go, cli: name, key: `${name}-${hash(host)}` };
}

function hash(texts: string[]): string {
  return createHash("sha256").update(texts.join("\0")).digest("hex").slice(0, 12);
}
