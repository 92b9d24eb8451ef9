import { realpathSync } from "node:fs";
import path from "node:path";
import { findExecutable, pathDirs } from "../executables.ts";
import { cacheDir, nodeDir, stateDir } from "../paths.ts";
import type { Report } from "../report.ts";
import { tryRun } from "../run.ts";
import { awsPlugin } from "./awsPlugin.ts";
import { buildProblem, buildPulumi } from "./build.ts";
import { nodePlugins, writePluginHome } from "./pluginHome.ts";
import { isRecentPulumi, oldestPulumi, parseVersion } from "./version.ts";

export interface Engine {
  /** Folders to put in front of PATH, in this order: Node 24, and the CLI where it was built. */
  binDirs: string[];
  /** Variables that the CLI needs besides PATH: where its plugins are, and what makes it and Node start faster. */
  env: { PULUMI_HOME: string; NODE_COMPILE_CACHE: string; GOGC?: string };
  /** The CLI itself. */
  pulumi: string;
  /** Whether the CLI was found on PATH, with a Node language host of its own, or built by this project. */
  source: "path" | "built";
}

/** Finds a Pulumi CLI that can run this project, or builds one. Takes milliseconds when there is nothing to do. */
export async function ensureEngine(report: Report, env: NodeJS.ProcessEnv = process.env): Promise<Engine> {
  const dirs = foreignDirs(env.PATH);
  const home = path.join(stateDir, "pulumi-home");
  const engineEnv = {
    PULUMI_HOME: home,
    // Programs on @pulumi/aws load hundreds of modules: compiled code from the last run saves a second.
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE || path.join(cacheDir, "compiled"),
  };

  const aws = await awsPlugin(home, env, dirs, report);
  const { pulumi, reason } = await findInstalled(dirs, env);
  if (pulumi && !reason) {
    await writePluginHome(home, [aws.plugin]);
    return { binDirs: [nodeDir, ...aws.binDirs], env: engineEnv, pulumi, source: "path" };
  }
  if (reason) report(`Not using ${pulumi}: ${reason}`);
  const built = await buildPulumi(report);
  await writePluginHome(home, [...nodePlugins(built), aws.plugin]);
  return {
    binDirs: [nodeDir, built, ...aws.binDirs],
    // The CLI takes tens of megabytes, and is mostly done before it pays to collect its garbage. The real AWS provider, in Go too, takes hundreds.
    env: { ...engineEnv, ...(!aws.isReal && { GOGC: env.GOGC || "400" }) },
    pulumi: path.join(built, "pulumi"),
    source: "built",
  };
}

/** One line that says what is missing to have an engine; undefined when nothing is. */
export async function engineProblem(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  const { pulumi, reason } = await findInstalled(foreignDirs(env.PATH), env);
  if (pulumi && !reason) return undefined;
  return buildProblem(pulumi ? `${pulumi} does not do (${reason})` : "There is no Pulumi CLI on PATH", env);
}

/** A copy of `env` in which `pulumi` is this engine. */
export function withEngine(engine: Engine, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const dirs = pathDirs(env.PATH).filter((dir) => !engine.binDirs.includes(dir));
  return { ...env, ...engine.env, PATH: [...engine.binDirs, ...dirs].join(path.delimiter) };
}

/** PATH without what this project built, so that a shell set up by it finds the same as any other. */
export function foreignDirs(searchPath: string | undefined): string[] {
  return pathDirs(searchPath).filter((dir) => !dir.startsWith(cacheDir + path.sep));
}

interface Installed {
  /** The CLI on PATH; undefined where there is none. */
  pulumi?: string;
  /** Why it does not do; undefined when it does. */
  reason?: string;
}

async function findInstalled(dirs: string[], env: NodeJS.ProcessEnv): Promise<Installed> {
  const pulumi = findExecutable("pulumi", dirs);
  if (!pulumi) return {};
  const printed = await tryRun(pulumi, ["version"], {
    env: { ...env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  const version = parseVersion(printed ?? "");
  if (!version) return { pulumi, reason: "it does not tell its version" };
  if (!isRecentPulumi(version)) {
    return { pulumi, reason: `version ${version} is older than ${oldestPulumi}` };
  }
  const beside = [path.dirname(pulumi), path.dirname(realpathSync(pulumi))];
  const hasHost = findExecutable("pulumi-language-nodejs", [...beside, ...dirs]) !== undefined;
  return hasHost ? { pulumi } : { pulumi, reason: "it has no pulumi-language-nodejs beside it" };
}
