import assert from "node:assert/strict";
import type { Json } from "../../../../components/trainingJob/args/args";
import { received } from "../../../../components/trainingJob/identity/received";
import { encodeHyperparameter } from "../../../../components/trainingJob/request/hyperparameters";

describe("received", () => {
  const cases: [written: Json, argument: string][] = [
    [4, "4"],
    ["4", "4"],
    [0.001, "0.001"],
    ["0.001", "0.001"],
    [1e-5, "1e-05"],
    [{ $numberLong: "9007199254740993" }, "9007199254740993"],
    [true, "True"],
    [false, "False"],
    [null, "None"],
    ["", ""],
    ["ü\n", "ü\n"],
    ['{"a": 1}', '{"a": 1}'],
    [{ a: 1, b: "x" }, "a=1,b=x"],
    [{ a: { b: "x", c: [true, null] } }, "a={'b': 'x', 'c': [True, None]}"],
    [["a", 1, 0.5], "['a', 1, 0.5]"],
    [["it's"], "['it\\'s']"],
    [[{ $numberLong: "9007199254740993" }], "[9007199254740993]"],
    [{}, ""],
  ];
  for (const [written, argument] of cases) {
    it(`hands ${JSON.stringify(written)} on as ${JSON.stringify(argument)}`, () =>
      assert.equal(received(encodeHyperparameter(written, true)), argument));
  }

  it("takes what is no JSON as it is", () => assert.equal(received("s3://bucket/x"), "s3://bucket/x"));
});
