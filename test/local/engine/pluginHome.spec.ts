import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  awsPlugin,
  findInstalledAws,
  type Plugin,
  writePluginHome,
} from "../../../local/engine/pluginHome.ts";

describe("plugin home", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), "plugin home'-"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const file = (dir: string, name: string, text: string) => {
    mkdirSync(path.join(home, dir), { recursive: true });
    writeFileSync(path.join(home, dir, name), text);
    chmodSync(path.join(home, dir, name), 0o755);
    return path.join(home, dir, name);
  };
  const plugins = () => readdirSync(path.join(home, "plugins")).sort();
  const realAws = (version: string) =>
    file(`plugins/resource-aws-v${version}`, "pulumi-resource-aws", "binary");

  it("launches the target with its arguments, on this project's Node", async () => {
    const target = file("bin", "target", '#!/bin/sh\necho "$@"; command -v node\n');
    await writePluginHome(home, [{ kind: "resource", name: "x", version: "1.2.3", target }]);
    const launcher = path.join(home, "plugins", "resource-x-v1.2.3", "pulumi-resource-x");
    const [args, node] = execFileSync(launcher, ["a", "b c"], { encoding: "utf8" }).split("\n");
    assert.equal(args, "a b c");
    assert.match(node ?? "", /node_modules\/node\/bin\/node$/);
  });

  it("leaves nothing but whole launchers, and drops the one of an earlier version", async () => {
    const plugin = (version: string): Plugin => ({
      kind: "resource",
      name: "aws",
      version,
      target: "/bin/true",
    });
    await writePluginHome(home, [plugin("7.48.0")]);
    file("plugins/resource-random-v4.0.0", "pulumi-resource-random", "binary");
    await Promise.all([1, 2, 3].map(() => writePluginHome(home, [plugin("7.49.0")])));
    assert.deepEqual(plugins(), ["resource-aws-v7.49.0", "resource-random-v4.0.0"]);
  });

  it("finds the newest real AWS plugin that serves the package", () => {
    realAws("6.99.0");
    realAws("7.47.0");
    realAws("7.48.1");
    const newest = realAws("7.50.0");
    realAws("8.0.0");
    assert.deepEqual(findInstalledAws(path.join(home, "plugins"), "7.48.0"), {
      version: "7.50.0",
      target: newest,
    });
  });

  it("finds none in an empty folder, one still being downloaded, or one that may not be executed", () => {
    assert.equal(findInstalledAws(path.join(home, "plugins"), "7.48.0"), undefined);
    mkdirSync(path.join(home, "plugins", "resource-aws-v7.48.0"), { recursive: true });
    chmodSync(realAws("7.49.0"), 0o644);
    assert.equal(findInstalledAws(path.join(home, "plugins"), "7.48.0"), undefined);
  });

  it("never takes its own launcher for the real plugin", async () => {
    await writePluginHome(home, [{ kind: "resource", name: "aws", version: "7.48.0", target: "/bin/true" }]);
    assert.equal(findInstalledAws(path.join(home, "plugins"), "7.48.0"), undefined);
  });

  it("launches the local stack's provider only where the real one is missing", () => {
    const [own] = awsPlugin({ PULUMI_HOME: home }, []);
    assert.match(own?.target ?? "", /local\/provider\/bin\/pulumi-resource-aws$/);
    const real = realAws("7.99.0");
    assert.deepEqual(awsPlugin({ PULUMI_HOME: home }, []), [
      { kind: "resource", name: "aws", version: "7.99.0", target: real },
    ]);
    assert.deepEqual(awsPlugin({ PULUMI_HOME: home }, [path.dirname(real)]), []);
    assert.equal(existsSync(real), true);
  });
});
