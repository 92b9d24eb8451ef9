import assert from "node:assert/strict";
import {
  hasUnknown,
  holds,
  isEmpty,
  sameJson,
  unknownValue,
  withoutAbsent,
} from "../../../local/provider/values.ts";

describe("values", () => {
  it("finds unknown values at any depth", () => {
    assert.equal(hasUnknown({ a: [{ b: unknownValue }] }), true);
    assert.equal(hasUnknown({ a: [{ b: "known" }] }), false);
  });

  it("compares JSON by meaning", () => {
    assert.equal(sameJson('{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }'), true);
    assert.equal(sameJson('{"a":1}', '{"a":2}'), false);
    assert.equal(sameJson('{"a":1}', "not json"), false);
  });

  it("drops absent properties at any depth, and keeps dates", () => {
    const date = new Date(0);
    assert.deepEqual(withoutAbsent({ a: undefined, b: { c: null, d: date }, e: [{ f: undefined }] }), {
      b: { d: date },
      e: [{}],
    });
  });

  it("takes empty lists and maps for nothing said, but not 0 or false", () => {
    for (const value of [undefined, null, "", [], {}]) assert.equal(isEmpty(value), true);
    for (const value of [0, false, "x", [0], { a: 1 }]) assert.equal(isEmpty(value), false);
  });

  const cases: [name: string, actual: unknown, asked: unknown, expected: boolean][] = [
    ["defaults that AWS filled in", { a: 1, b: 2 }, { a: 1 }, true],
    ["another value", { a: 2 }, { a: 1 }, false],
    ["a missing property", {}, { a: 1 }, false],
    ["an empty property that AWS leaves out", { a: 1 }, { a: 1, b: "" }, true],
    ["an empty block", { prefix: "" }, {}, true],
    ["nothing at all", undefined, {}, true],
    ["a shorter list", [{ a: 1 }], [{ a: 1 }, { a: 2 }], false],
    ["a longer list", [{ a: 1 }, { a: 2 }], [{ a: 1 }], false],
    ["defaults inside a list", [{ a: 1, b: 2 }], [{ a: 1 }], true],
    ["false where true was asked for", { a: false }, { a: true }, false],
    ["a list that should be empty", [1], [], false],
  ];
  for (const [name, actual, asked, expected] of cases) {
    it(`${expected ? "accepts" : "refuses"} ${name}`, () => assert.equal(holds(actual, asked), expected));
  }
});
