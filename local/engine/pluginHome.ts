import { randomUUID } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { nodeDir, projectDir } from "../paths.ts";

/** A plugin that the engine finds in the `plugins` folder of its home, and the program that it really is. */
export interface Plugin {
  kind: "language" | "resource";
  name: string;
  version: string;
  target: string;
  /** What the program is started with, before the engine's own arguments; nothing by default. */
  args?: string[];
}

/**
 * Plugins which a CLI without a language host of its own needs to run Node programs. They run on this project's Node.
 *
 * @param built the folder with the language host, which checkouts share
 */
export function nodePlugins(built: string): Plugin[] {
  const version = packageVersion("pulumi");
  const here = path.join(projectDir, "local", "engine");
  const providers = path.join(here, "bin", "pulumi-resource-pulumi-nodejs");
  const packs = [`--require=${path.join(here, "policyPack.cjs")}`, "--min-semi-space-size=16"];
  return [
    {
      kind: "language",
      name: "nodejs",
      version,
      target: path.join(built, "languageHost"),
      args: packs.map((each) => `--pack-node-arg=${each}`),
    },
    { kind: "resource", name: "pulumi-nodejs", version, target: providers },
  ];
}

/** Marks the launchers that {@link writePluginHome} writes, so that none is ever taken for a real plugin. */
const mark = "# Written by local/engine/pluginHome.ts";

/** The program that a launcher of this project starts, of whatever checkout; a file that is no launcher stands for itself. */
export function behindLauncher(file: string): string {
  const text = readScript(file);
  if (!text.includes(mark)) return file;
  return /exec '((?:[^']|'\\'')*)'/.exec(text)?.[1]?.replaceAll(`'\\''`, "'") ?? file;
}

/** A real plugin is a binary of hundreds of megabytes: not worth reading. */
export function readScript(file: string): string {
  return existsSync(file) && statSync(file).size < 10_000 ? readFileSync(file, "utf8") : "";
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
      if (file === plugin.target) return; // installed into this very home: it needs no launcher
      if (readScript(file) === launcher) return;
      await mkdir(dir, { recursive: true });
      // Another run may be starting the plugin right now: it sees the old file or the new one, whole.
      const temporary = path.join(pluginsDir, `.${plugin.kind}-${plugin.name}-${randomUUID()}`);
      await writeFile(temporary, launcher, { mode: 0o755 });
      await rename(temporary, file);
    }),
  );
}

/** Name of the folder that the engine looks for a plugin in. */
export function folderOf(plugin: Plugin): string {
  return `${plugin.kind}-${plugin.name}-v${plugin.version}`;
}

/** The engine takes the newest of several versions: one that was written for an earlier package must go. */
async function removeOldLaunchers(pluginsDir: string, current: Set<string>): Promise<void> {
  for (const name of readdirSync(pluginsDir)) {
    const parts = /^([a-z]+-[a-z-]+)-v\d/.exec(name);
    if (!parts || current.has(name)) continue;
    const file = path.join(pluginsDir, name, `pulumi-${parts[1]}`);
    if (readScript(file).includes(mark)) await rm(path.dirname(file), { recursive: true, force: true });
  }
}

/** Plugins that are Node programs, or run some, start `node` from PATH: it has to be this project's. */
export function launcherOf(plugin: Plugin): string {
  return `#!/bin/sh
${mark}
PATH=${quote(nodeDir)}:$PATH exec ${[plugin.target, ...(plugin.args ?? [])].map(quote).join(" ")} "$@"
`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** The installed version of a Pulumi package, which is the version of the plugin that the engine asks for. */
export function packageVersion(name: "aws" | "pulumi"): string {
  const file = path.join(projectDir, "node_modules", "@pulumi", name, "package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
