import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { isExecutable } from "../executables.ts";
import { projectDir } from "../paths.ts";
import type { Report } from "../report.ts";
import { tryRun } from "../run.ts";
import { behindLauncher, folderOf, type Plugin, packageVersion, readScript } from "./pluginHome.ts";

/** The AWS provider of the local stack's engine. */
export interface AwsPlugin {
  /** To be launched from the plugin home. */
  plugin: Plugin;
  /** Whether it is the real one. */
  isReal: boolean;
  /** Folders to put in front of PATH: the engine would take another version that is on PATH before its own plugins. */
  binDirs: string[];
}

/**
 * The real plugin where the user has exactly the version of the package @pulumi/aws, which is what the engine asks for;
 * else the local stack's own. Says in one line when there is a real one of another version.
 *
 * @param home the home that the plugin is launched from
 * @param dirs the folders on PATH
 */
export async function awsPlugin(
  home: string,
  env: NodeJS.ProcessEnv,
  dirs: string[],
  report: Report,
): Promise<AwsPlugin> {
  const wanted = packageVersion("aws");
  const own = path.join(projectDir, "local", "provider", "bin", executable);
  const homes = new Set([home, env.PULUMI_HOME || home, path.join(homedir(), ".pulumi")]);
  const installed = [...homes].flatMap((dir) => findInstalledAws(path.join(dir, "plugins")));
  const onPath = await findOnPath(dirs);
  const all = onPath ? [onPath, ...installed] : installed;
  const found = all.filter((each, index) => all.findIndex(({ target }) => target === each.target) === index);
  const exact = found.find(({ version }) => version === wanted);
  if (!exact && found.length > 0) {
    const others = found.map(({ version, target }) => `${version} (${target})`).join(", ");
    report(
      `Not using the AWS provider ${others}: @pulumi/aws asks for exactly ${wanted}, ` +
        "and the local stack's own stands in for it",
    );
  }
  const plugin: Plugin = { kind: "resource", name: "aws", version: wanted, target: exact?.target ?? own };
  const launcherDir = path.join(home, "plugins", folderOf(plugin));
  return { plugin, isReal: exact !== undefined, binDirs: onPath && onPath !== exact ? [launcherDir] : [] };
}

const executable = "pulumi-resource-aws";

interface RealAws {
  version: string;
  target: string;
}

/** The real AWS plugins in a plugin folder; not one that is still being downloaded. */
export function findInstalledAws(pluginsDir: string): RealAws[] {
  if (!existsSync(pluginsDir)) return [];
  return readdirSync(pluginsDir).flatMap((name) => {
    const version = /^resource-aws-v(\d.*)$/.exec(name)?.[1];
    const dir = path.join(pluginsDir, name);
    const target = realPlugin(path.join(dir, executable));
    return version && target && !existsSync(`${dir}.partial`) ? [{ version, target }] : [];
  });
}

/** The name of a plugin on PATH says no version: the plugin itself does. */
async function findOnPath(dirs: string[]): Promise<RealAws | undefined> {
  const target = dirs.map((dir) => realPlugin(path.join(dir, executable))).find((real) => real !== undefined);
  if (!target) return undefined;
  const printed = await tryRun(target, ["--version"], { timeout: versionTimeoutMs, killSignal: "SIGKILL" });
  return { version: printed?.trim().replace(/^v/, "") || "of unknown version", target };
}

/** A plugin that knows no `--version` starts to serve instead, and never ends. */
const versionTimeoutMs = 20_000;

/** The real plugin that a file is or launches; undefined for one that is missing, or the stand-in of whatever checkout. */
function realPlugin(file: string): string | undefined {
  const target = behindLauncher(file);
  const isReal = isExecutable(target) && !readScript(target).includes("The AWS provider of the local stack");
  return isReal ? target : undefined;
}
