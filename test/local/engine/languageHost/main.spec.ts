import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import language from "@pulumi/pulumi/proto/language_pb";
import { isAlive } from "../../../../local/processes.ts";
import {
  connect,
  FakeProgram,
  type Host,
  languageHost,
  searchPath,
  startHost,
  stdio,
} from "../support/languageHost";

describe("the end of the language host", () => {
  let file: string;
  let program: FakeProgram;
  before(async function () {
    file = await languageHost(this);
    program = new FakeProgram();
  });
  after(() => program?.remove());

  /** Starts a plugin; returns its number once it runs. */
  async function startPlugin({ client }: Host, script: string): Promise<number> {
    program.does(`${script}; console.log(process.pid); setInterval(() => {}, 1000)`);
    const stream = client.runPlugin(
      new language.RunPluginRequest().setKind("analyzer").setInfo(program.info()),
    );
    stream.on("error", () => undefined);
    const [first] = (await once(stream, "data")) as [language.RunPluginResponse];
    return Number(Buffer.from(first.getStdout_asU8()).toString());
  }

  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    it(`on ${signal} is an orderly one, and that of what it had started`, async () => {
      const host = await startHost(file);
      const plugin = await startPlugin(host, "");
      assert.equal(await host.stop(signal), 0);
      assert.equal(isAlive(plugin), false);
    });
  }

  it("is an orderly one also when it has only just started", async () => {
    // One after the other: the signal comes sooner after the port.
    for (let i = 0; i < 30; i++) {
      const host = spawn(file, [], { stdio: ["ignore", "pipe", "inherit"] });
      host.stdout.once("data", () => host.kill("SIGINT"));
      assert.deepEqual(await once(host, "exit"), [0, null]);
    }
  });

  it("is that of a plugin too which does not want to", async () => {
    const host = await startHost(file);
    const plugin = await startPlugin(host, 'process.on("SIGTERM", () => {})');
    assert.equal(await host.stop(), 0);
    assert.equal(isAlive(plugin), false);
  });

  it("comes with that of an engine that was killed", async () => {
    const engine = spawn("sh", ["-c", '"$0" 127.0.0.1:9 & wait', file], {
      stdio,
      env: { PATH: searchPath() },
    });
    const host = await connect(engine);
    const plugin = await startPlugin(host, "");
    engine.kill("SIGKILL");
    await once(engine, "close"); // the host has the other end of its output
    assert.equal(isAlive(plugin), false);
    host.client.close();
  });
});
