import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import * as grpc from "@grpc/grpc-js";
import { LanguageRuntimeClient } from "@pulumi/pulumi/proto/language_grpc_pb";
import language from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

const project = path.resolve(__dirname, "../../..");
const launcher = path.join(project, "local", "engine", "bin", "pulumi-language-nodejs");

type Unary<T> = (callback: (error: grpc.ServiceError | null, response: T) => void) => unknown;

function call<T>(method: Unary<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    method((error, response) => (error ? reject(error) : resolve(response)));
  });
}

describe("language host", () => {
  let host: ChildProcess;
  let client: LanguageRuntimeClient;
  let dir: string;

  before(async () => {
    host = spawn(launcher, ["--logtostderr", "127.0.0.1:1"], { stdio: ["ignore", "pipe", "inherit"] });
    const lines = createInterface({ input: host.stdout as NodeJS.ReadableStream });
    const [port] = (await once(lines, "line")) as [string];
    client = new LanguageRuntimeClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    dir = mkdtempSync(path.join(tmpdir(), "language-host-"));
    // A stand-in for the SDK, so that the test sees exactly what the host starts.
    for (const runner of ["run", "run-plugin", "run-policy-pack"]) fakeSdk(runner);
    writeFileSync(
      path.join(dir, "package.json"),
      '{ "name": "program", "dependencies": { "absent": "^1.0.0" } }',
    );
  });

  after(async () => {
    client.close();
    host.kill("SIGINT");
    await once(host, "exit");
    rmSync(dir, { recursive: true });
  });

  function fakeSdk(runner: string): void {
    const folder = path.join(dir, "node_modules", "@pulumi", "pulumi", "cmd", runner);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      path.join(folder, "index.js"),
      'require(process.env.SCRIPT ?? require("node:path").resolve("script.js"));',
    );
  }

  function script(text: string): void {
    writeFileSync(path.join(dir, "script.js"), text);
  }

  function info(): language.ProgramInfo {
    return new language.ProgramInfo().setProgramDirectory(dir).setRootDirectory(dir).setEntryPoint("main.js");
  }

  function runPlugin(kind: string): grpc.ClientReadableStream<language.RunPluginResponse> {
    const request = new language.RunPluginRequest().setKind(kind).setPwd(dir).setInfo(info());
    return client.runPlugin(request.setArgsList(["127.0.0.1:1"]).setEnvList(["GREETING=hello"]));
  }

  function run(): Promise<language.RunResponse> {
    const request = new language.RunRequest().setInfo(info()).setPwd(dir).setProject("p").setStack("s");
    request.getConfigMap().set("aws:region", "eu-west-1");
    return call((callback) => client.run(request, callback));
  }

  async function collect(stream: AsyncIterable<language.RunPluginResponse>) {
    const seen = { stdout: "", stderr: "", code: undefined as number | undefined };
    for await (const response of stream) {
      const kinds = language.RunPluginResponse.OutputCase;
      if (response.getOutputCase() === kinds.STDOUT) seen.stdout += Buffer.from(response.getStdout_asU8());
      if (response.getOutputCase() === kinds.STDERR) seen.stderr += Buffer.from(response.getStderr_asU8());
      if (response.getOutputCase() === kinds.EXITCODE) seen.code = response.getExitcode();
    }
    return seen;
  }

  it("shakes hands, and has the SDK's version", async () => {
    await call((callback) => client.handshake(new language.LanguageHandshakeRequest(), callback));
    const plugin = await call<PluginInfo>((callback) => client.getPluginInfo(new Empty(), callback));
    assert.equal(
      plugin.getVersion(),
      (require("@pulumi/pulumi/package.json") as { version: string }).version,
    );
  });

  it("tells about the Node it runs programs on: this project's", async () => {
    const about = await call<language.AboutResponse>((callback) =>
      client.about(new language.AboutRequest(), callback),
    );
    assert.match(about.getExecutable(), /node_modules\/node\/bin\/node$/);
    assert.match(about.getVersion(), /^24\./);
  });

  it("has nothing to download", async () => {
    const request = new language.GetRequiredPackagesRequest().setInfo(info());
    const packages = await call<language.GetRequiredPackagesResponse>((callback) =>
      client.getRequiredPackages(request, callback),
    );
    assert.deepEqual(packages.toObject(), { packagesList: [], specsList: [] });
  });

  it("lists the packages of a program", async () => {
    const request = new language.GetProgramDependenciesRequest().setInfo(info());
    const response = await call<language.GetProgramDependenciesResponse>((callback) =>
      client.getProgramDependencies(request, callback),
    );
    const listed = response.getDependenciesList().map((entry) => entry.toObject());
    assert.deepEqual(listed, [{ name: "absent", version: "^1.0.0" }]);
  });

  it("runs a program with its configuration", async () => {
    script(`process.exit(JSON.parse(process.env.PULUMI_CONFIG)["aws:region"] === "eu-west-1" ? 0 : 3)`);
    assert.deepEqual((await run()).toObject(), { error: "", bail: false });
  });

  it("says how a program failed", async () => {
    script("process.exit(7)");
    assert.equal((await run()).getError(), "Program exited with non-zero exit code: 7");
    script("process.kill(process.pid, 'SIGKILL')");
    assert.equal((await run()).getError(), "Program was ended by SIGKILL");
  });

  it("says nothing more when the program has told the user already", async () => {
    script("process.exit(32)");
    assert.deepEqual((await run()).toObject(), { error: "", bail: true });
  });

  it("passes on what a plugin prints and its exit code", async () => {
    script(
      `console.log(process.env.GREETING, process.argv.slice(2)); console.error("oops"); process.exitCode = 5`,
    );
    const policyPack = await collect(runPlugin("analyzer"));
    assert.deepEqual(policyPack, {
      stdout: `hello [ '127.0.0.1:1', '${dir}' ]\n`,
      stderr: "oops\n",
      code: 5,
    });
    const provider = await collect(runPlugin("resource"));
    assert.equal(provider.stdout, `hello [ '${dir}', '127.0.0.1:1' ]\n`);
  });

  it("ends a plugin that the engine no longer wants", async () => {
    script("console.log(process.pid); setInterval(() => {}, 1000)");
    const stream = runPlugin("resource");
    const [first] = (await once(stream, "data")) as [language.RunPluginResponse];
    const pid = Number(Buffer.from(first.getStdout_asU8()).toString());
    stream.on("error", () => undefined);
    stream.cancel();
    while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
  });

  it("fails the call, and stays up, when a plugin cannot be started", async () => {
    const request = new language.RunPluginRequest().setKind("analyzer");
    const elsewhere = new language.ProgramInfo().setProgramDirectory("/");
    await assert.rejects(
      collect(client.runPlugin(request.setInfo(elsewhere))),
      /SDK is not installed for \//,
    );
    await call((callback) => client.getPluginInfo(new Empty(), callback));
  });

  function isAlive(pid: number): boolean {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  }
});
