import { createRequire } from "node:module";
import path from "node:path";

/** A Node process to start. */
export interface NodeCommand {
  args: string[];
  cwd: string;
  env: NodeJS.ProcessEnv;
}

/** What `runtime.options` of a Pulumi.yaml may say about Node. */
export interface RuntimeOptions {
  /** false runs the program without ts-node. Default true. */
  typescript?: boolean;
  /** Arguments for Node itself, separated by spaces. */
  nodeargs?: string;
  /** Path of a tsconfig.json, relative to the program. */
  tsconfig?: string;
}

export interface ProgramRequest {
  programDirectory: string;
  /** Module to load, relative to the program directory; "." is the package's main module. */
  entryPoint: string;
  rootDirectory: string;
  pwd: string;
  args: string[];
  organization: string;
  project: string;
  stack: string;
  /** Address of the engine's resource monitor. */
  monitor: string;
  /** Address of the engine, for log messages. */
  engine: string;
  parallel: number;
  dryRun: boolean;
  config: Record<string, string>;
  configSecretKeys: string[];
  options: RuntimeOptions;
}

/** How to run a Pulumi program: `@pulumi/pulumi/cmd/run`, as installed for the program. */
export function programCommand(request: ProgramRequest, env: NodeJS.ProcessEnv): NodeCommand {
  const flags = [
    ["organization", request.organization],
    ["project", request.project],
    ["stack", request.stack],
    ["root-directory", request.rootDirectory],
    ["pwd", request.pwd],
    ["parallel", String(request.parallel)],
    ["monitor", request.monitor],
    ["engine", request.engine],
  ].flatMap(([name, value]) => (value ? [`--${name}`, value] : []));
  return {
    args: [
      ...nodeArguments(request.options),
      resolveFrom(request.programDirectory, "@pulumi/pulumi/cmd/run"),
      ...flags,
      ...(request.dryRun ? ["--dry-run"] : []),
      request.entryPoint || ".",
      ...request.args,
    ],
    cwd: request.programDirectory,
    env: {
      // Type checking takes seconds and belongs into a check of its own; the user's setting wins.
      PULUMI_NODEJS_TRANSPILE_ONLY: "true",
      ...env,
      ...compileCache(env, "program"),
      ...typeScriptEnv(request.options),
      PULUMI_CONFIG: JSON.stringify(request.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.configSecretKeys),
    },
  };
}

export interface PluginRequest {
  /** Folder with PulumiPlugin.yaml or PulumiPolicy.yaml. */
  programDirectory: string;
  pwd: string;
  args: string[];
  /** `NAME=value` entries of the complete environment. */
  env: string[];
  /** `analyzer` for a policy pack, `resource` for a provider, ... */
  kind: string;
  options: RuntimeOptions;
}

/** How to run a plugin written for Node: a policy pack, or a provider. */
export function pluginCommand(request: PluginRequest, env: NodeJS.ProcessEnv): NodeCommand {
  const isPolicyPack = request.kind === "analyzer";
  const dir = request.programDirectory;
  const runner = isPolicyPack ? "@pulumi/pulumi/cmd/run-policy-pack" : "@pulumi/pulumi/cmd/run-plugin";
  // A policy pack reads its version from package.json in the working directory.
  return {
    args: [
      ...nodeArguments(request.options),
      resolveFrom(dir, runner),
      ...(isPolicyPack ? [...request.args, dir] : [dir, ...request.args]),
    ],
    cwd: isPolicyPack ? dir : request.pwd || dir,
    env: {
      ...env,
      ...parseEnv(request.env),
      ...compileCache(env, request.kind),
      ...typeScriptEnv(request.options),
    },
  };
}

export function parseEnv(entries: string[]): Record<string, string> {
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const equals = entry.indexOf("=");
      return equals > 0 ? [[entry.slice(0, equals), entry.slice(equals + 1)]] : [];
    }),
  );
}

function nodeArguments(options: RuntimeOptions): string[] {
  return options.nodeargs?.split(/\s+/).filter(Boolean) ?? [];
}

function typeScriptEnv(options: RuntimeOptions): Record<string, string> {
  return {
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig } : {}),
  };
}

/**
 * Node keeps compiled code for one set of V8 flags, and the SDK sets them: kinds of processes that share a folder throw out each other's
 * code at every start.
 */
function compileCache({ NODE_COMPILE_CACHE: dir }: NodeJS.ProcessEnv, kind: string): Record<string, string> {
  return dir ? { NODE_COMPILE_CACHE: path.join(dir, kind) } : {};
}

function resolveFrom(dir: string, module: string): string {
  try {
    return createRequire(path.join(dir, "package.json")).resolve(module);
  } catch (cause) {
    throw new Error(`The Pulumi SDK is not installed for ${dir}: run \`npm ci\` there, then try again.`, {
      cause,
    });
  }
}

/** Where the engine is: the first argument of a language host that is neither a flag nor the value of one. */
export function engineAddress(args: string[]): string {
  const flagsWithValue = new Set(["--tracing", "-tracing"]);
  return args.find((arg, index) => !arg.startsWith("-") && !flagsWithValue.has(args[index - 1] ?? "")) ?? "";
}
