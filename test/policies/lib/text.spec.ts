import { strict as assert } from "node:assert";
import { duration, matches, oneOf } from "../../../policies/lib/text";

describe("words of the policies", () => {
  it("writes a duration in the units that it has", () => {
    assert.equal(duration(0), "0s");
    assert.equal(duration(59), "59s");
    assert.equal(duration(5400), "1h30m");
    assert.equal(duration(90_061), "1d1h1m1s");
  });

  it("lists alternatives", () => {
    assert.equal(oneOf([]), "nothing");
    assert.equal(oneOf(["a"]), "a");
    assert.equal(oneOf(["a", "b", "c"]), "a, b or c");
  });

  it("matches whole values, with * for any characters and everything else for itself", () => {
    assert.ok(matches("ml.g5.xlarge", ["ml.p3.*", "ml.g5.*"]));
    assert.ok(matches("a+b(c)", ["a+b(c)"]));
    assert.ok(!matches("ml.g5.xlarge", ["g5.*"]));
    assert.ok(!matches("mlxg5", ["ml.g5"]));
    assert.ok(!matches("anything", []));
  });
});
