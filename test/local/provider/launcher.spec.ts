import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { promisify } from "node:util";
import { credentials } from "@grpc/grpc-js";
import { version } from "@pulumi/aws/package.json";
import type { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

const launcher = path.resolve(__dirname, "../../../local/provider/bin/pulumi-resource-aws");

describe("pulumi-resource-aws", () => {
  let child: ChildProcess | undefined;
  afterEach(async () => {
    if (!child || child.exitCode !== null) return;
    const ended = once(child, "exit");
    child.kill();
    await ended;
  });

  it("prints its port and serves there, from any directory", async () => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    child = spawn(launcher, ["127.0.0.1:1"], { cwd: "/", env, stdio: ["ignore", "pipe", "inherit"] });
    const [output] = (await once(child.stdout as NodeJS.ReadableStream, "data")) as [Buffer];
    assert.match(output.toString(), /^\d+\n$/);
    const client = new ResourceProviderClient(
      `127.0.0.1:${output.toString().trim()}`,
      credentials.createInsecure(),
    );
    const getPluginInfo = promisify(client.getPluginInfo.bind(client)) as (
      request: Empty,
    ) => Promise<PluginInfo>;
    assert.equal((await getPluginInfo(new Empty())).getVersion(), version);
    client.close();
  });
});
