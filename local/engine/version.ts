import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import semver from "semver";

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

/** What decides which CLI is built: the module's own files, in this folder. */
export interface EngineModule {
  /** Version of the CLI, such as `3.259.0`. */
  version: string;
  /** Oldest Go that can build it, such as `1.25.11`. */
  go: string;
  /** Name of the cache folder; changes with every module pinned by go.mod and go.sum, and with the platform. */
  key: string;
}

const cliModule = "github.com/pulumi/pulumi/pkg/v3";

/** Reads go.mod and go.sum beside this file. */
export function readEngineModule(dir = import.meta.dirname): EngineModule {
  const read = (name: string) => readFileSync(path.join(dir, name), "utf8");
  return describeEngineModule(read("go.mod"), read("go.sum"), `${process.platform}-${process.arch}`);
}

export function describeEngineModule(goMod: string, goSum: string, platform: string): EngineModule {
  const version = goMod.match(new RegExp(`${cliModule.replaceAll(".", "\\.")} v(\\S+)`))?.[1];
  const go = goMod.match(/^go (\S+)$/m)?.[1];
  if (!version || !go) throw new Error(`go.mod of the engine names no ${version ? "Go" : cliModule} version`);
  const hash = createHash("sha256").update(goMod).update("\0").update(goSum).digest("hex").slice(0, 12);
  return { version, go, key: `pulumi-${version}-${platform}-${hash}` };
}
