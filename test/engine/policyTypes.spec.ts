import { strict as assert } from "node:assert";
import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { outOfScope } from "../../policies/outOfScope";
import { judged } from "../policies/types/examples";
import { PolicyEngine } from "./support/policyEngine";

const project = path.resolve(__dirname, "../..");

/** A provider that takes every type with any inputs: the local one refuses what it does not serve. Made of Pulumi's own server. */
const ECHO = `#!/bin/sh
exec "${process.execPath}" -e 'require("${project}/node_modules/@pulumi/pulumi/provider").main({ version: "1.0.0" }, process.argv.slice(1))' -- "$@"
`;

/** Registers each type under its own name. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const types = require("./types.json");
for (const [type, props] of Object.entries(types)) new pulumi.CustomResource(type, type.replaceAll(/[:/]/g, "-"), props);
`;

const nameOf = (type: string) => type.replaceAll(/[:/]/g, "-");

describe("every type that may train or leave machines running, registered on the real engine", function () {
  this.timeout(300_000);
  let engine: PolicyEngine;
  let plugins: string;

  before(async () => {
    plugins = await mkdtemp(path.join(tmpdir(), "echo-"));
    for (const name of ["aws", "aws-native"]) {
      const file = path.join(plugins, `pulumi-resource-${name}`);
      await writeFile(file, ECHO);
      await chmod(file, 0o755);
    }
    const left = outOfScope
      .flatMap(({ types }) => types)
      .map((type) => [type, { instanceType: "ml.p4d.24xlarge" }]);
    const types = {
      ...Object.fromEntries(left),
      ...Object.fromEntries(Object.entries(judged).map(([type, [, props]]) => [type, props])),
    };
    engine = await PolicyEngine.start({
      binDirs: [plugins],
      files: {
        "Pulumi.yaml": "name: training\nruntime: nodejs\nmain: index.js\n",
        "package.json": "{}",
        "index.js": PROGRAM,
        "types.json": JSON.stringify(types),
      },
    });
  });
  after(async () => {
    await engine.dispose();
    await rm(plugins, { recursive: true, force: true });
  });

  it("is refused by its rule, or out of scope and left alone", async () => {
    const { findings, output } = await engine.preview(undefined, {
      config: { "no-other-way-to-train": "mandatory" },
    });
    const missed = Object.entries(judged).filter(
      ([type, [rule]]) =>
        !findings.some(({ policy, resource }) => policy === rule && resource === nameOf(type)),
    );
    assert.deepEqual(
      missed.map(([type, [rule]]) => `${type}: ${rule}`),
      [],
      output,
    );
    const left = outOfScope.flatMap(({ types }) => types).map(nameOf);
    assert.deepEqual(
      findings.filter(({ resource }) => left.includes(resource)),
      [],
    );
    const registered = [...Object.keys(judged).map(nameOf), ...left];
    assert.deepEqual(
      registered.filter((name) => !output.includes(` ${name} create`)),
      [],
    );
  });
});
