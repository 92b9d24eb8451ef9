import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { outOfScope } from "../../../policies/outOfScope";
import { analyze } from "../support/analyzer";
import native from "./aws-native.generated.json";
import { instanceType, judged } from "./examples";
import { packageTypes, signs } from "./packageTypes";

/** Each type through the policy SDK's own analyzer, which the engine calls over gRPC; test/engine/policyTypes.spec.ts registers all of them. */

/** Every type that may start training or leave machines running, with what says so. */
function candidates(): Record<string, string[]> {
  const types = packageTypes(path.dirname(require.resolve("@pulumi/aws/package.json")));
  const own = Object.entries(types).map(([type, inputs]) => [type, signs(type, inputs)] as const);
  return { ...Object.fromEntries(own.filter(([, found]) => found.length > 0)), ...native.types };
}

describe("every resource type of @pulumi/aws and @pulumi/aws-native that may train or leave machines running", function () {
  // It reads every declaration of @pulumi/aws.
  this.timeout(60_000);
  const left = outOfScope.flatMap(({ types }) => types);
  let found: Record<string, string[]>;

  before(() => {
    found = candidates();
  });

  it("is judged, named as what no rule can look at, or out of scope with a reason", () => {
    const unknown = Object.entries(found).filter(([type]) => !(type in judged) && !left.includes(type));
    assert.deepEqual(
      unknown.map(([type, signsOfIt]) => `${type} (${signsOfIt.join(", ")})`),
      [],
      "new types: give each an example that a rule refuses, or a reason in policies/outOfScope.ts",
    );
  });

  it("is one or the other, and still exists", () => {
    assert.deepEqual(
      left.filter((type) => type in judged),
      [],
    );
    assert.deepEqual(
      [...left, ...Object.keys(judged)].filter((type) => !(type in found)),
      [],
    );
    assert.equal(new Set(left).size, left.length);
  });

  for (const [type, [name, props]] of Object.entries(judged)) {
    it(`${type} is refused by ${name}`, async () => {
      const findings = await analyze(type, props);
      assert.ok(
        findings.some(({ policy }) => policy === name),
        JSON.stringify(findings),
      );
    });
  }

  it("is left alone by every rule where it is out of scope", async () => {
    for (const type of left) {
      const findings = await analyze(type, { instanceType, definition: "{}", desiredState: "x" });
      assert.deepEqual(findings, [], type);
    }
  });

  it("is listed in the documentation where it is out of scope, with the reason", () => {
    const page = readFileSync(path.resolve(__dirname, "../../../docs/policies.md"), "utf8");
    for (const { reason, types } of outOfScope) {
      assert.ok(page.includes(reason), reason);
      for (const type of types) assert.ok(page.includes(`\`${type}\``), type);
    }
  });
});
