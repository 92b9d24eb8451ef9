import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  describeEngineModule,
  isRecentPulumi,
  parseVersion,
  readEngineModule,
} from "../../../local/engine/version.ts";

const goMod = `module training/engine

go 1.25.11

tool github.com/pulumi/pulumi/pkg/v3/cmd/pulumi

require (
	github.com/pulumi/pulumi/pkg/v3 v3.259.0 // indirect
	github.com/pulumi/pulumi/sdk/v3 v3.258.1 // indirect
)
`;

describe("engine versions", () => {
  const printed: Record<string, string | undefined> = {
    "v3.259.0\n": "3.259.0",
    "3.201.4": "3.201.4",
    "v3.260.0-alpha.1+dirty": "3.260.0-alpha.1",
    "go version go1.26.8 linux/amd64": "1.26.8",
    "go1.25": "1.25.0",
    "zsh: command not found: pulumi": undefined,
    "": undefined,
  };
  for (const [text, version] of Object.entries(printed)) {
    it(`reads ${version ?? "no version"} from ${JSON.stringify(text)}`, () => {
      assert.equal(parseVersion(text), version);
    });
  }

  it("takes a CLI from 3.200.0 on", () => {
    assert.equal(isRecentPulumi("3.200.0"), true);
    assert.equal(isRecentPulumi("4.0.0"), true);
    assert.equal(isRecentPulumi("3.199.9"), false);
  });

  it("reads the CLI's version, not the SDK's, and the oldest Go from go.mod", () => {
    const engine = describeEngineModule(goMod, ["sums"], [], "linux-x64");
    assert.equal(engine.version, "3.259.0");
    assert.equal(engine.go, "1.25.11");
    assert.match(engine.cli, /^pulumi-3\.259\.0-linux-x64-[0-9a-f]{12}$/);
  });

  it("keys the cache by the platform, by every pinned module, and by the source of the language host", () => {
    const host = ["main.go\0package main"];
    const engines = [
      describeEngineModule(goMod, ["sums"], host, "linux-x64"),
      describeEngineModule(goMod, ["other sums"], host, "linux-x64"),
      describeEngineModule(`${goMod}\n`, ["sums"], host, "linux-x64"),
      describeEngineModule(goMod, ["sums"], host, "darwin-arm64"),
      describeEngineModule(goMod, ["sums"], ["main.go\0package main // new"], "linux-x64"),
    ];
    assert.equal(new Set(engines.map(({ key }) => key)).size, 5);
    assert.deepEqual(describeEngineModule(goMod, ["sums"], host, "linux-x64"), engines[0]);
    // Only the last is made of the same CLI as the first.
    assert.equal(new Set(engines.map(({ cli }) => cli)).size, 4);
    assert.equal(engines[4]?.cli, engines[0]?.cli);
    for (const { key, cli } of engines) assert.ok(key.startsWith(`${cli}-`), key);
  });

  it("reads the Go files of the language host, and of what stands in for a module, whatever else lies there", () => {
    const dir = mkdtempSync(path.join(tmpdir(), "engine-module-"));
    const write = (name: string, text: string) => writeFileSync(path.join(dir, name), text);
    mkdirSync(path.join(dir, "languageHost"));
    mkdirSync(path.join(dir, "replaced", "model"), { recursive: true });
    write("go.mod", goMod);
    write("go.sum", "sums");
    write("languageHost/main.go", "package main");
    const { key, cli } = readEngineModule(dir);
    write("languageHost/main.go~", "package main");
    assert.equal(readEngineModule(dir).key, key);
    write("languageHost/more.go", "package main");
    assert.notEqual(readEngineModule(dir).key, key);
    assert.equal(readEngineModule(dir).cli, cli);
    write("replaced/model/model.go", "package model");
    assert.notEqual(readEngineModule(dir).cli, cli);
    rmSync(dir, { recursive: true });
  });

  it("says what is wrong with a go.mod that pins no CLI", () => {
    assert.throws(() => describeEngineModule("go 1.25.0\n", [], [], "linux-x64"), /names no github\.com/);
  });

  it("builds the CLI of the same version as the SDK in the lockfile", () => {
    const sdk = require("@pulumi/pulumi/package.json") as { version: string };
    assert.equal(readEngineModule().version, sdk.version);
  });
});
