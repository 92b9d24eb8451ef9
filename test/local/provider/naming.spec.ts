import assert from "node:assert/strict";
import { autoName, withPrefixedName } from "../../../local/provider/naming.ts";
import { defineResource } from "../../../local/provider/resource.ts";

const thing = defineResource({
  token: "aws:test/thing:Thing",
  inputs: {},
  outputs: [],
  create: async () => "",
  read: async () => undefined,
  delete: async () => undefined,
});

describe("autoName", () => {
  const rule = { property: "name", maxLength: 20 };

  it("appends a hyphen and seven hex digits", () => {
    assert.match(autoName("Exec", rule), /^Exec-[0-9a-f]{7}$/);
  });

  it("differs from call to call without a seed, and repeats with one", () => {
    assert.notEqual(autoName("a", rule), autoName("a", rule));
    const seed = new Uint8Array([1, 2, 3]);
    assert.equal(autoName("a", rule, seed), autoName("a", rule, seed));
    assert.notEqual(autoName("a", rule, seed), autoName("a", rule, new Uint8Array([4])));
  });

  it("lowers the case where AWS wants that", () => {
    assert.match(autoName("MyBucket", { ...rule, lowercase: true }), /^mybucket-[0-9a-f]{7}$/);
  });

  it("uses a plain name as it is", () => {
    assert.equal(autoName("dir/File.txt", { ...rule, plain: true }), "dir/File.txt");
  });

  it("allows exactly the longest name", () => {
    assert.equal(autoName("x".repeat(12), rule).length, 20);
    assert.throws(
      () => autoName("x".repeat(13), rule),
      /has 21 characters, an automatic name may have 20: shorten/,
    );
  });

  it("is made from a prefix when the resource is created, never twice the same", () => {
    const type = { ...thing, autoName: { ...rule, prefix: "namePrefix" } };
    const [one, two] = [1, 2].map(() => withPrefixedName(type, { namePrefix: "mine-" }).name);
    assert.match(String(one), /^mine-\d{18}[0-9a-f]{8}$/);
    assert.notEqual(one, two);
    assert.deepEqual(withPrefixedName(type, { name: "given" }), { name: "given" });
  });

  it("follows the stack's naming rules", () => {
    const proposed = { proposedName: "dev-Thing" };
    assert.equal(autoName("a", rule, undefined, { mode: "propose", ...proposed }), "dev-Thing");
    assert.equal(
      autoName("a", { ...rule, lowercase: true }, undefined, { mode: "propose", ...proposed }),
      "dev-thing",
    );
    assert.equal(autoName("a", rule, undefined, { mode: "enforce", ...proposed }), "dev-Thing");
    assert.throws(
      () => autoName("a", rule, undefined, { mode: "disable", proposedName: "" }),
      /automatic naming is disabled/,
    );
  });
});
