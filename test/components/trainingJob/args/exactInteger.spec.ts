import assert from "node:assert/strict";
import { digitsOf, parseExactly } from "../../../../components/trainingJob/args/exactInteger";

describe("parseExactly", () => {
  it("keeps the digits of integers that JavaScript would round, wherever they are", () => {
    assert.deepEqual(parseExactly('{"seed": 9007199254740993, "in": [{"a": -1234567890123456789}]}'), {
      seed: { $numberLong: "9007199254740993" },
      in: [{ a: { $numberLong: "-1234567890123456789" } }],
    });
  });

  it("parses everything else as JSON.parse does", () => {
    for (const json of [
      "1",
      "-0.5",
      "1e-7",
      "1e300",
      "1.0",
      "9007199254740991",
      '"9007199254740993"',
      "[null, true]",
      "{}",
    ]) {
      assert.deepEqual(parseExactly(json), JSON.parse(json), json);
    }
    assert.throws(() => parseExactly("{"), SyntaxError);
  });
});

describe("digitsOf", () => {
  it("reads exact integers, and nothing that only looks like one", () => {
    assert.equal(digitsOf({ $numberLong: "-12" }), "-12");
    for (const value of [
      12,
      "12",
      null,
      [],
      {},
      { $numberLong: 12 },
      { $numberLong: "1.5" },
      { $numberLong: "1", a: 1 },
    ]) {
      assert.equal(digitsOf(value as never), undefined);
    }
  });
});
