import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import semver from "semver";
import { findExecutable, isExecutable } from "../executables.ts";
import { nodeDir, projectDir } from "../paths.ts";

/** A plugin that the engine finds in the `plugins` folder of its home, and the program that it really is. */
export interface Plugin {
  kind: "language" | "resource";
  name: string;
  version: string;
  target: string;
}

/** Plugins which a CLI without a language host of its own needs to run Node programs. */
export function nodePlugins(): Plugin[] {
  const version = packageVersion("pulumi");
  const launcher = (name: string) => path.join(projectDir, "local", "engine", "bin", name);
  return [
    { kind: "language", name: "nodejs", version, target: launcher("pulumi-language-nodejs") },
    { kind: "resource", name: "pulumi-nodejs", version, target: launcher("pulumi-resource-pulumi-nodejs") },
  ];
}

/**
 * The AWS provider: the real plugin where the user has it, else the one of the local stack. Nothing when the real
 * one is on PATH, where the engine looks first.
 *
 * @param dirs the folders on PATH
 */
export function awsPlugin(env: NodeJS.ProcessEnv, dirs: string[]): Plugin[] {
  if (findExecutable("pulumi-resource-aws", dirs)) return [];
  const version = packageVersion("aws");
  const homes = [env.PULUMI_HOME, path.join(homedir(), ".pulumi")].filter((home) => home !== undefined);
  const real = homes
    .map((home) => findInstalledAws(path.join(home, "plugins"), version))
    .find((found) => found !== undefined);
  const own = path.join(projectDir, "local", "provider", "bin", "pulumi-resource-aws");
  return [{ kind: "resource", name: "aws", version, target: own, ...real }];
}

/** The newest real AWS plugin in a plugin folder that serves programs built on version `wanted` of the package. */
export function findInstalledAws(
  pluginsDir: string,
  wanted: string,
): { version: string; target: string } | undefined {
  if (!existsSync(pluginsDir)) return undefined;
  const found = readdirSync(pluginsDir)
    .map((name) => ({
      version: /^resource-aws-v(.+)$/.exec(name)?.[1] ?? "",
      target: path.join(pluginsDir, name, "pulumi-resource-aws"),
    }))
    .filter(({ version }) => semver.valid(version) && semver.satisfies(version, `^${wanted}`))
    .filter(({ target }) => isExecutable(target) && !isOurs(target))
    .sort((a, b) => semver.rcompare(a.version, b.version));
  return found[0];
}

/** Marks the launchers that {@link writePluginHome} writes, so that none is ever taken for a real plugin. */
const mark = "# Written by local/engine/pluginHome.ts";

function isOurs(file: string): boolean {
  // A real plugin is a binary of hundreds of megabytes: not worth reading.
  return statSync(file).size < 10_000 && readFileSync(file, "utf8").includes(mark);
}

/**
 * Writes a home for the engine whose `plugins` folder launches exactly these plugins. The engine uses plugins from
 * there without the warning that it prints, on every command, for each plugin found on PATH.
 */
export async function writePluginHome(home: string, plugins: Plugin[]): Promise<void> {
  const pluginsDir = path.join(home, "plugins");
  await mkdir(pluginsDir, { recursive: true });
  await removeOldLaunchers(pluginsDir, new Set(plugins.map(folderOf)));
  await Promise.all(
    plugins.map(async (plugin) => {
      const dir = path.join(pluginsDir, folderOf(plugin));
      const file = path.join(dir, `pulumi-${plugin.kind}-${plugin.name}`);
      const launcher = launcherOf(plugin);
      if (existsSync(file) && readFileSync(file, "utf8") === launcher) return;
      await mkdir(dir, { recursive: true });
      // Another run may be starting the plugin right now: it sees the old file or the new one, whole.
      const temporary = path.join(pluginsDir, `.${plugin.kind}-${plugin.name}-${randomUUID()}`);
      await writeFile(temporary, launcher, { mode: 0o755 });
      await rename(temporary, file);
    }),
  );
}

function folderOf(plugin: Plugin): string {
  return `${plugin.kind}-${plugin.name}-v${plugin.version}`;
}

/** The engine takes the newest of several versions: one that was written for an earlier package must go. */
async function removeOldLaunchers(pluginsDir: string, current: Set<string>): Promise<void> {
  for (const name of readdirSync(pluginsDir)) {
    const parts = /^([a-z]+-[a-z-]+)-v\d/.exec(name);
    if (!parts || current.has(name)) continue;
    const file = path.join(pluginsDir, name, `pulumi-${parts[1]}`);
    if (existsSync(file) && isOurs(file)) await rm(path.dirname(file), { recursive: true, force: true });
  }
}

/** Plugins that are Node programs start with `node` on PATH: it has to be this project's. */
export function launcherOf(plugin: Plugin): string {
  return `#!/bin/sh
${mark}
PATH=${quote(nodeDir)}:$PATH exec ${quote(plugin.target)} "$@"
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

function packageVersion(name: "aws" | "pulumi"): string {
  const file = path.join(projectDir, "node_modules", "@pulumi", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
