import assert from "node:assert/strict";
import { autoName } from "../../../local/provider/naming.ts";

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
    assert.throws(() => autoName("x".repeat(13), rule), /has 21 characters, AWS allows 20: shorten/);
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
