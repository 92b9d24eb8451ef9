import assert from "node:assert/strict";
import { encodeHyperparameter, pythonJson } from "../../../../components/trainingJob/request/hyperparameters";

describe("encodeHyperparameter", () => {
  it("quotes texts in script mode, so that the script gets the text back", () => {
    assert.equal(encodeHyperparameter("adam", true), '"adam"');
    assert.equal(encodeHyperparameter("0.10", true), '"0.10"');
    assert.equal(encodeHyperparameter("", true), '""');
  });

  it("writes an exact integer by its digits, without quotes", () => {
    const seed = { $numberLong: "9007199254740993" };
    assert.equal(encodeHyperparameter(seed, true), "9007199254740993");
    assert.equal(encodeHyperparameter(seed, false), "9007199254740993");
    assert.equal(encodeHyperparameter([1, seed], true), "[1, 9007199254740993]");
    assert.equal(encodeHyperparameter({ $numberLong: "x" }, true), '{"$numberLong": "x"}');
  });

  it("leaves texts alone otherwise, as the built-in algorithms want them", () => {
    assert.equal(encodeHyperparameter("200", false), "200");
    assert.equal(encodeHyperparameter('{"a": 1}', false), '{"a": 1}');
  });

  it("writes everything else as JSON in both", () => {
    for (const mode of [true, false]) {
      assert.equal(encodeHyperparameter(32, mode), "32");
      assert.equal(encodeHyperparameter(false, mode), "false");
      assert.equal(encodeHyperparameter(null, mode), "null");
      assert.equal(encodeHyperparameter({ a: [1, "x"] }, mode), '{"a": [1, "x"]}');
    }
  });
});

describe("pythonJson", () => {
  // Left: JavaScript. Right: what json.dumps of Python 3.11 prints.
  const pairs: [Parameters<typeof pythonJson>[0], string][] = [
    [0, "0"],
    [-7, "-7"],
    [0.1, "0.1"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [-2.5e-12, "-2.5e-12"],
    [1.25e-100, "1.25e-100"],
    [1e15, "1000000000000000"],
    [1.5e20, "1.5e+20"],
    [1e300, "1e+300"],
    ["é漢🙂", '"\\u00e9\\u6f22\\ud83d\\ude42"'],
    ["\u007f\u0080\u2028", '"\\u007f\\u0080\\u2028"'],
    ['a"b\\c\n\t\u0001', '"a\\"b\\\\c\\n\\t\\u0001"'],
    [[], "[]"],
    [{}, "{}"],
    [[1, [2, null]], "[1, [2, null]]"],
    [{ é: true, b: {} }, '{"\\u00e9": true, "b": {}}'],
  ];
  for (const [value, text] of pairs) {
    it(`writes ${text}`, () => {
      assert.equal(pythonJson(value), text);
      assert.deepEqual(JSON.parse(pythonJson(value)), value);
    });
  }
});
