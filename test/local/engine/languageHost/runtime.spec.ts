import assert from "node:assert/strict";
import { once } from "node:events";
import language from "@pulumi/pulumi/proto/language_pb";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { nodeDir } from "../../../../local/paths.ts";
import { isAlive } from "../../../../local/processes.ts";
import { call, collect, FakeProgram, type Host, languageHost, startHost } from "../support/languageHost";

describe("language host", () => {
  let host: Host;
  let program: FakeProgram;
  before(async function () {
    host = await startHost(await languageHost(this));
    program = new FakeProgram();
  });
  after(async () => {
    await host?.stop();
    program?.remove();
  });

  function runPlugin(kind: string, info = program.info()) {
    const request = new language.RunPluginRequest().setKind(kind).setPwd(program.dir).setInfo(info);
    return host.client.runPlugin(request.setArgsList(["127.0.0.1:1"]).setEnvList(["GREETING=hello"]));
  }

  const runRequest = (info = program.info()) => new language.RunRequest().setInfo(info).setPwd(program.dir);
  const run = (request = runRequest()) =>
    call<language.RunResponse>((callback) => host.client.run(request, callback));

  it("shakes hands, and has the SDK's version", async () => {
    const { client } = host;
    await call((callback) => client.handshake(new language.LanguageHandshakeRequest(), callback));
    const plugin = await call<PluginInfo>((callback) => client.getPluginInfo(new Empty(), callback));
    const sdk = require("@pulumi/pulumi/package.json") as { version: string };
    assert.equal(plugin.getVersion(), sdk.version);
  });

  it("tells about the Node it runs programs on: the one on PATH", async () => {
    const about = await call<language.AboutResponse>((callback) =>
      host.client.about(new language.AboutRequest(), callback),
    );
    assert.equal(about.getExecutable(), `${nodeDir}/node`);
    assert.match(about.getVersion(), /^24\.\d+\.\d+$/);
  });

  it("has nothing to download", async () => {
    const request = new language.GetRequiredPackagesRequest().setInfo(program.info());
    const packages = await call<language.GetRequiredPackagesResponse>((callback) =>
      host.client.getRequiredPackages(request, callback),
    );
    assert.deepEqual(packages.toObject(), { packagesList: [], specsList: [] });
    const older = new language.GetRequiredPluginsRequest().setInfo(program.info());
    const plugins = await call<language.GetRequiredPluginsResponse>((callback) =>
      host.client.getRequiredPlugins(older, callback),
    );
    assert.deepEqual(plugins.toObject(), { pluginsList: [] });
  });

  it("runs a program with its configuration, and passes on what it prints", async () => {
    program.does(`console.log(JSON.parse(process.env.PULUMI_CONFIG)["aws:region"])`);
    const request = runRequest();
    request.getConfigMap().set("aws:region", "eu-west-1");
    assert.deepEqual((await run(request)).toObject(), { error: "", bail: false });
    while (!host.lines.includes("eu-west-1"))
      await once(host.process.stdout as NodeJS.ReadableStream, "data");
  });

  it("says how a program failed", async () => {
    program.does("process.exit(7)");
    assert.equal((await run()).getError(), "Program exited with non-zero exit code: 7");
    program.does("process.kill(process.pid, 'SIGKILL')");
    assert.equal((await run()).getError(), "Program was ended by SIGKILL");
  });

  it("says nothing more when the program has told the user already", async () => {
    program.does("process.exit(32)");
    assert.deepEqual((await run()).toObject(), { error: "", bail: true });
  });

  it("passes on what a plugin prints and its exit code", async () => {
    program.does(
      `console.log(process.env.GREETING, process.argv.slice(2)); console.error("oops"); process.exitCode = 5`,
    );
    assert.deepEqual(await collect(runPlugin("analyzer")), {
      stdout: `hello [ '127.0.0.1:1', '${program.dir}' ]\n`,
      stderr: "oops\n",
      code: 5,
    });
    const provider = await collect(runPlugin("resource"));
    assert.equal(provider.stdout, `hello [ '${program.dir}', '127.0.0.1:1' ]\n`);
    program.does("process.kill(process.pid, 'SIGKILL')");
    assert.equal((await collect(runPlugin("resource"))).code, -1);
  });

  it("passes on all of both streams of a plugin that prints much", async () => {
    program.does(`process.stdout.write("o".repeat(1e6)); process.stderr.write("e".repeat(1e6));`);
    const { stdout, stderr, code } = await collect(runPlugin("resource"));
    assert.deepEqual(
      [/^o+$/.test(stdout), stdout.length, /^e+$/.test(stderr), stderr.length, code],
      [true, 1e6, true, 1e6, 0],
    );
  });

  it("ends a plugin that the engine no longer wants", async () => {
    program.does("console.log(process.pid); setInterval(() => {}, 1000)");
    const stream = runPlugin("resource");
    const [first] = (await once(stream, "data")) as [language.RunPluginResponse];
    const pid = Number(Buffer.from(first.getStdout_asU8()).toString());
    stream.on("error", () => undefined);
    stream.cancel();
    await gone(pid);
  });

  it("ends a program that the engine no longer wants", async () => {
    program.does("console.log('pid', process.pid); setInterval(() => {}, 1000)");
    const running = host.client.run(runRequest(), () => undefined);
    const pid = () => host.lines.find((line) => line.startsWith("pid "));
    while (!pid()) await once(host.process.stdout as NodeJS.ReadableStream, "data");
    running.cancel();
    await gone(Number(pid()?.slice(4)));
  });

  it("fails the call, and stays up, when there is no SDK to run with", async () => {
    const elsewhere = new language.ProgramInfo().setProgramDirectory("/");
    const message = /The Pulumi SDK is not installed for \/: run `npm ci` there, then try again\./;
    await assert.rejects(collect(runPlugin("analyzer", elsewhere)), message);
    await assert.rejects(run(runRequest(elsewhere)), message);
    await call((callback) => host.client.cancel(new Empty(), callback));
  });
});

async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve));
}
