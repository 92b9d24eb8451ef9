import { strict as assert } from "node:assert";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { InvokeRequest } from "@pulumi/pulumi/proto/provider_pb";
import loadWhenInvoked from "../../../local/engine/loadWhenInvoked.cjs";

const PROJECT = path.resolve(__dirname, "../../..");

type Invoke = (call: string, callback: (answer: string) => void) => void;

class Server {
  invoke?: Invoke;
  addService(_service: object, provider: { name: string; invoke: Invoke }) {
    this.invoke = provider.invoke.bind(provider);
  }
}

describe("loadWhenInvoked", () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "training-load-when-invoked-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const module = (name: string, text = "") => {
    const file = path.join(dir, `${name}.cjs`);
    writeFileSync(file, text);
    return file;
  };

  it("answers as the provider does, and loads afterwards, up to what fails; nothing before", async () => {
    const [first, second, later] = [module("first"), module("second"), module("later")];
    const isLoaded = () => [first, second, later].map((file) => file in require.cache);
    const Own = class extends Server {};
    loadWhenInvoked(Own, [first, second, module("broken", "throw new Error()"), later]);
    const server = new Own();
    server.addService({}, {
      name: "jobs",
      invoke(call, callback) {
        callback(`${this.name}: no ${call}`);
      },
    } as { name: string; invoke: Invoke });

    await setImmediate();
    assert.deepEqual(isLoaded(), [false, false, false]);

    const answers: string[] = [];
    server.invoke?.("start", (answer) => answers.push(answer));
    assert.deepEqual([answers, isLoaded()], [["jobs: no start"], [false, false, false]]);

    for (let turn = 0; turn < 6; turn++) await setImmediate();
    assert.deepEqual(isLoaded(), [true, true, false]);
  });

  describe("in the provider of the SDK", () => {
    let provider: ChildProcess;
    let client: ResourceProviderClient;
    afterEach(() => {
      client.close();
      provider.kill("SIGKILL");
    });

    const started = async () => {
      symlinkSync(path.join(PROJECT, "node_modules"), path.join(dir, "node_modules"));
      const launcher = path.join(PROJECT, "local/engine/bin/pulumi-resource-pulumi-nodejs");
      provider = spawn(launcher, ["127.0.0.1:1"], { cwd: dir, stdio: ["ignore", "pipe", "inherit"] });
      const [port] = await once(provider.stdout as NonNullable<ChildProcess["stdout"]>, "data");
      client = new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, credentials.createInsecure());
    };
    const invoke = () =>
      new Promise<string>((resolve) => {
        client.invoke(new InvokeRequest().setTok("pulumi-nodejs:dynamic/sagemaker:start"), (error) =>
          resolve(error?.details ?? "answered"),
        );
      });

    it("loads that of jobs, which says an error of its own accord", async () => {
      const loaded = path.join(dir, "loaded");
      mkdirSync(path.join(dir, "components", "trainingJob"), { recursive: true });
      writeFileSync(
        path.join(dir, "components", "trainingJob", "provider.js"),
        `require("node:fs").writeFileSync(${JSON.stringify(loaded)}, "");`,
      );
      await started();
      assert.equal(existsSync(loaded), false);
      assert.match(await invoke(), /^unknown function/);
      while (!existsSync(loaded) && provider.exitCode === null) await setImmediate();
      assert.ok(existsSync(loaded));
    });
  });
});
