import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import grpc from "@grpc/grpc-js";
import type { ILanguageRuntimeServer } from "@pulumi/pulumi/proto/language_grpc_pb.js";
import language from "@pulumi/pulumi/proto/language_pb.js";
import plugin from "@pulumi/pulumi/proto/plugin_pb.js";
import empty from "google-protobuf/google/protobuf/empty_pb.js";
import { type Child, startChild } from "./children.ts";
import { installDependencies, listDependencies } from "./dependencies.ts";
import { type NodeCommand, pluginCommand, programCommand, type RuntimeOptions } from "./nodeCommand.ts";

/** Exit code by which `@pulumi/pulumi` says that the user has already been told what is wrong. */
const bailExitCode = 32;

/** The part of the engine's LanguageRuntime service that running programs and plugins takes. */
export function languageRuntime(engineAddress: string): Partial<ILanguageRuntimeServer> {
  return {
    handshake: (_call, reply) => reply(null, new language.LanguageHandshakeResponse()),
    getPluginInfo: (_call, reply) => reply(null, new plugin.PluginInfo().setVersion(sdkVersion())),
    about: (_call, reply) =>
      reply(
        null,
        new language.AboutResponse().setExecutable(process.execPath).setVersion(process.versions.node),
      ),
    // Plugins come from PATH or from the user's own plugin folder: there is nothing to download.
    getRequiredPlugins: (_call, reply) => reply(null, new language.GetRequiredPluginsResponse()),
    getRequiredPackages: (_call, reply) => reply(null, new language.GetRequiredPackagesResponse()),
    getProgramDependencies,
    installDependencies: (call) => void replyInstallDependencies(call),
    run: (call, reply) => void runProgram(call, engineAddress).then((done) => reply(null, done), reply),
    runPlugin: (call) => void runPlugin(call),
    // The engine cancels each call of its own as well, which is what ends a program or a plugin.
    cancel: (_call, reply) => reply(null, new empty.Empty()),
  };
}

function sdkVersion(): string {
  const file = createRequire(import.meta.url).resolve("@pulumi/pulumi/package.json");
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

async function runProgram(
  call: grpc.ServerUnaryCall<language.RunRequest, language.RunResponse>,
  engineAddress: string,
): Promise<language.RunResponse> {
  const request = call.request;
  const info = programInfo(request.getInfo());
  const command = programCommand(
    {
      ...info,
      rootDirectory: info.rootDirectory || request.getPwd(),
      pwd: request.getPwd(),
      args: request.getArgsList(),
      organization: request.getOrganization(),
      project: request.getProject(),
      stack: request.getStack(),
      monitor: request.getMonitorAddress(),
      engine: engineAddress,
      parallel: request.getParallel(),
      dryRun: request.getDryrun(),
      config: Object.fromEntries(request.getConfigMap().toArray()),
      configSecretKeys: request.getConfigsecretkeysList(),
    },
    process.env,
  );
  // What the program prints goes to the engine through this process's own streams.
  const child = startNode(command, {
    stdout: (chunk) => process.stdout.write(chunk),
    stderr: (chunk) => process.stderr.write(chunk),
  });
  call.once("cancelled", child.end);
  const { code, signal } = await child.ended;
  const response = new language.RunResponse();
  if (code === bailExitCode) return response.setBail(true);
  if (code === undefined) return response.setError(`Program was ended by ${signal}`);
  return code === 0 ? response : response.setError(`Program exited with non-zero exit code: ${code}`);
}

async function runPlugin(
  call: grpc.ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>,
): Promise<void> {
  const request = call.request;
  const info = programInfo(request.getInfo());
  const send = (response: language.RunPluginResponse) => void (call.cancelled || call.write(response));
  try {
    const command = pluginCommand(
      {
        programDirectory: info.programDirectory,
        options: info.options,
        pwd: request.getPwd(),
        args: request.getArgsList(),
        env: request.getEnvList(),
        kind: request.getKind(),
      },
      process.env,
    );
    const child = startNode(command, {
      stdout: (chunk) => send(new language.RunPluginResponse().setStdout(chunk)),
      stderr: (chunk) => send(new language.RunPluginResponse().setStderr(chunk)),
    });
    call.once("cancelled", child.end);
    const { code } = await child.ended;
    send(new language.RunPluginResponse().setExitcode(code ?? -1));
    call.end();
  } catch (error) {
    fail(call, error);
  }
}

async function replyInstallDependencies(
  call: grpc.ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>,
): Promise<void> {
  const dir = programInfo(call.request.getInfo()).programDirectory || call.request.getDirectory();
  try {
    await installDependencies(dir, {
      stdout: (chunk) => call.write(new language.InstallDependenciesResponse().setStdout(chunk)),
      stderr: (chunk) => call.write(new language.InstallDependenciesResponse().setStderr(chunk)),
    });
    call.end();
  } catch (error) {
    fail(call, error);
  }
}

const getProgramDependencies: ILanguageRuntimeServer["getProgramDependencies"] = (call, reply) => {
  const { programDirectory } = programInfo(call.request.getInfo());
  const response = new language.GetProgramDependenciesResponse();
  for (const { name, version } of listDependencies(programDirectory)) {
    response.addDependencies(new language.DependencyInfo().setName(name).setVersion(version));
  }
  reply(null, response);
};

function startNode(command: NodeCommand, output: Parameters<typeof startChild>[3]): Child {
  return startChild(process.execPath, command.args, { cwd: command.cwd, env: command.env }, output);
}

function fail(call: { emit(event: "error", error: unknown): boolean }, error: unknown): void {
  const details = error instanceof Error ? error.message : String(error);
  call.emit("error", { code: grpc.status.UNKNOWN, details });
}

function programInfo(info: language.ProgramInfo | undefined) {
  return {
    programDirectory: info?.getProgramDirectory() ?? "",
    rootDirectory: info?.getRootDirectory() ?? "",
    entryPoint: info?.getEntryPoint() ?? "",
    options: (info?.getOptions()?.toJavaScript() ?? {}) as RuntimeOptions,
  };
}
