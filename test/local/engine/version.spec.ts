import assert from "node:assert/strict";
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
    const engine = describeEngineModule(goMod, "sums", "linux-x64");
    assert.equal(engine.version, "3.259.0");
    assert.equal(engine.go, "1.25.11");
    assert.match(engine.key, /^pulumi-3\.259\.0-linux-x64-[0-9a-f]{12}$/);
  });

  it("keys the cache by the platform and by every pinned module", () => {
    const keys = [
      describeEngineModule(goMod, "sums", "linux-x64"),
      describeEngineModule(goMod, "other sums", "linux-x64"),
      describeEngineModule(`${goMod}\n`, "sums", "linux-x64"),
      describeEngineModule(goMod, "sums", "darwin-arm64"),
    ].map(({ key }) => key);
    assert.equal(new Set(keys).size, 4);
    assert.equal(describeEngineModule(goMod, "sums", "linux-x64").key, keys[0]);
  });

  it("says what is wrong with a go.mod that pins no CLI", () => {
    assert.throws(() => describeEngineModule("go 1.25.0\n", "", "linux-x64"), /names no github\.com/);
  });

  it("builds the CLI of the same version as the SDK in the lockfile", () => {
    const sdk = require("@pulumi/pulumi/package.json") as { version: string };
    assert.equal(readEngineModule().version, sdk.version);
  });
});
