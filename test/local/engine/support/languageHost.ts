// The language host as the engine starts it, and a program whose SDK is a stand-in: tests see exactly what the host starts.
import { type ChildProcess, type StdioOptions, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import language from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { compile } from "../../../../local/engine/build.ts";
import { hostPackage } from "../../../../local/engine/goBuild.mjs";
import { readEngineModule } from "../../../../local/engine/version.ts";
import { findExecutable, pathDirs } from "../../../../local/executables.ts";
import { cacheDir, nodeDir } from "../../../../local/paths.ts";

/**
 * The host that the local stack has built; else, where an installed CLI has a host of its own, one that is built for the tests. Undefined where
 * there is no Go to build it.
 */
async function findHost(): Promise<string | undefined> {
  const { key, version } = readEngineModule();
  const built = path.join(cacheDir, key, "languageHost");
  if (existsSync(built)) return built;
  if (!findExecutable("go", pathDirs(process.env.PATH))) return undefined;
  const dir = mkdtempSync(path.join(tmpdir(), "language-host-"));
  process.once("exit", () => rmSync(dir, { recursive: true }));
  await compile([hostPackage], version, dir);
  return path.join(dir, "languageHost");
}

let found: Promise<string | undefined> | undefined;

/** For `before`: the file of the host. The tests are skipped where there is none, nor a Go to build it: the installed one is used there. */
export async function languageHost(context: Mocha.Context): Promise<string> {
  context.timeout(600_000); // Go may have to compile gRPC
  found ??= findHost();
  return (await found) ?? context.skip();
}

export interface Host {
  process: ChildProcess;
  client: LanguageRuntimeClient;
  /** What it, and the programs that it runs, print after the port. */
  lines: string[];
  /** As the engine does; returns the exit code. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>;
}

/** @param env beside PATH, on which is this project's Node */
export async function startHost(
  file: string,
  env: NodeJS.ProcessEnv = {},
  args: string[] = ["127.0.0.1:9"],
): Promise<Host> {
  return connect(spawn(file, args, { stdio, env: { PATH: searchPath(), ...env } }));
}

export const searchPath = () => [nodeDir, process.env.PATH].join(path.delimiter);
export const stdio: StdioOptions = ["ignore", "pipe", "inherit"];

/** @param child prints the port of a host */
export async function connect(child: ChildProcess): Promise<Host> {
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout as Readable });
  const [port] = (await once(reader, "line")) as [string];
  reader.on("line", (line) => lines.push(line));
  const client = new LanguageRuntimeClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  const stop = async (signal: NodeJS.Signals = "SIGINT") => {
    client.close();
    child.kill(signal);
    const [code] = (await once(child, "exit")) as [number | null];
    return code;
  };
  return { process: child, client, lines, stop };
}

type Unary<T> = (callback: (error: grpc.ServiceError | null, response: T) => void) => unknown;

export function call<T>(method: Unary<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    method((error, response) => (error ? reject(error) : resolve(response)));
  });
}

/** What a process of the program was started with. */
export interface Seen {
  runner: string;
  nodeArguments: string[];
  args: string[];
  cwd: string;
  env: Record<string, string | undefined>;
}

export class FakeProgram {
  readonly dir = realpathSync(mkdtempSync(path.join(tmpdir(), "program-")));

  constructor() {
    this.installSdk(this.dir);
    this.write("package.json", '{ "name": "program" }');
  }

  /** A stand-in for the SDK that runs `script.js` of the program. */
  installSdk(dir: string): void {
    for (const runner of ["run", "run-plugin", "run-policy-pack"]) {
      const file = path.join(dir, "node_modules", "@pulumi", "pulumi", "cmd", runner, "index.js");
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, `require(${JSON.stringify(path.join(this.dir, "script.js"))});`);
    }
  }

  write(name: string, text: string): void {
    mkdirSync(path.dirname(path.join(this.dir, name)), { recursive: true });
    writeFileSync(path.join(this.dir, name), text);
  }

  /** What the program, or plugin, does. */
  does(script: string): void {
    this.write("script.js", script);
  }

  /** Has it note what it was started with. */
  records(): void {
    this.does(`require("node:fs").writeFileSync(require("node:path").join(__dirname, "seen.json"), JSON.stringify({
      runner: require.main.filename, nodeArguments: process.execArgv, args: process.argv.slice(2), cwd: process.cwd(), env: process.env }));`);
  }

  get seen(): Seen {
    return JSON.parse(readFileSync(path.join(this.dir, "seen.json"), "utf8"));
  }

  runner(name: string): string {
    return path.join(this.dir, "node_modules", "@pulumi", "pulumi", "cmd", name, "index.js");
  }

  info(options = {}, dir = this.dir): language.ProgramInfo {
    const info = new language.ProgramInfo().setProgramDirectory(dir).setRootDirectory(dir);
    return info.setEntryPoint("main.js").setOptions(Struct.fromJavaScript(options));
  }

  remove(): void {
    rmSync(this.dir, { recursive: true });
  }
}

/** What a plugin has printed, and its exit code. */
export async function collect(stream: AsyncIterable<language.RunPluginResponse>) {
  const seen = { stdout: "", stderr: "", code: undefined as number | undefined };
  for await (const response of stream) {
    const kinds = language.RunPluginResponse.OutputCase;
    if (response.getOutputCase() === kinds.STDOUT) seen.stdout += Buffer.from(response.getStdout_asU8());
    if (response.getOutputCase() === kinds.STDERR) seen.stderr += Buffer.from(response.getStderr_asU8());
    if (response.getOutputCase() === kinds.EXITCODE) seen.code = response.getExitcode();
  }
  return seen;
}
