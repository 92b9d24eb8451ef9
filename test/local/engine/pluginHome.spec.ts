import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { behindLauncher, type Plugin, writePluginHome } from "../../../local/engine/pluginHome.ts";

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

  it("launches the target with its arguments, on this project's Node", async () => {
    const target = file("bin", "target", '#!/bin/sh\necho "$@"; command -v node\n');
    await writePluginHome(home, [{ kind: "resource", name: "x", version: "1.2.3", target }]);
    const launcher = path.join(home, "plugins", "resource-x-v1.2.3", "pulumi-resource-x");
    const [args, node] = execFileSync(launcher, ["a", "b c"], { encoding: "utf8" }).split("\n");
    assert.equal(args, "a b c");
    assert.match(node ?? "", /node_modules\/node\/bin\/node$/);
  });

  it("starts a target with arguments of its own before the engine's, and knows what is behind it", async () => {
    const target = file("b in", "target", '#!/bin/sh\nprintf "%s\\n" "$@"\n');
    await writePluginHome(home, [
      { kind: "language", name: "x", version: "1.2.3", target, args: ["--one=it's", "two' three"] },
    ]);
    const launcher = path.join(home, "plugins", "language-x-v1.2.3", "pulumi-language-x");
    const printed = execFileSync(launcher, ["a b"], { encoding: "utf8" });
    assert.equal(printed, "--one=it's\ntwo' three\na b\n");
    assert.equal(behindLauncher(launcher), target);
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
});
