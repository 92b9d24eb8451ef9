import assert from "node:assert/strict";
import { digestOf } from "../../../../components/trainingJob/identity/definition";
import {
  attemptName,
  attemptOfName,
  experimentName,
  experimentOf,
} from "../../../../components/trainingJob/identity/name";
import { canonicalInputs } from "../../support/inputs";

/** SageMaker's rule for the name of a job. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

describe("experimentName", () => {
  it("is the base and the first 8 digits of the digest", () => {
    const inputs = canonicalInputs();
    assert.equal(experimentName(inputs), `dense-${digestOf(inputs).slice(0, 8)}`);
  });

  for (const length of [1, 45, 46, 47, 48, 49, 63]) {
    it(`leaves room for attempts and the fallback with a base of ${length} characters`, () => {
      const name = experimentName(canonicalInputs({ baseJobName: "a".repeat(length) }));
      for (const each of [name, attemptName(name, 2), attemptName(name, 999, true)]) assert.match(each, NAME);
    });
  }

  it("is a valid name wherever the cut of a long base leaves a hyphen", () => {
    for (let length = 40; length < 50; length++) {
      const base = `${"a".repeat(length)}--${"b".repeat(61 - length)}`;
      assert.match(experimentName(canonicalInputs({ baseJobName: base })), NAME);
    }
  });

  it("holds no value of a hyperparameter or a variable", () => {
    const inputs = { hyperparameters: { token: "hunter2" }, environment: { PASSWORD: "hunter2" } };
    assert.ok(!experimentName(canonicalInputs(inputs)).includes("hunter2"));
  });
});

const ATTEMPTS = [
  [1, false, "dense-0123abcd"],
  [2, false, "dense-0123abcd-2"],
  [10, false, "dense-0123abcd-10"],
  [1, true, "dense-0123abcd-od"],
  [3, true, "dense-0123abcd-3-od"],
] as const;

describe("attemptName", () => {
  for (const [attempt, onDemand, name] of ATTEMPTS) {
    it(`is ${name}`, () => assert.equal(attemptName("dense-0123abcd", attempt, onDemand), name));
  }
});

describe("experimentOf", () => {
  for (const [, , name] of ATTEMPTS) {
    it(`reads ${name}`, () => assert.equal(experimentOf(name), "dense-0123abcd"));
  }

  it("reads names that look like attempts", () => {
    for (const name of ["a-12345678", "a-deadbeef-12345678", "12345678-12345678"]) {
      assert.equal(experimentOf(name), name);
      assert.equal(experimentOf(`${name}-12-od`), name);
    }
  });
});

describe("attemptOfName", () => {
  for (const [attempt, onDemand, name] of ATTEMPTS) {
    it(`reads ${name}`, () => assert.deepEqual(attemptOfName("dense-0123abcd", name), { attempt, onDemand }));
  }

  for (const suffix of ["-0", "-1", "-02", "-2-x", "-x", "x", "-od-2", "-odd", "--2", "2"]) {
    it(`reads no attempt in dense-0123abcd${suffix}`, () =>
      assert.equal(attemptOfName("dense-0123abcd", `dense-0123abcd${suffix}`), undefined));
  }

  it("reads no attempt in the name of another experiment", () =>
    assert.equal(attemptOfName("dense-0123abcd", "dense-ffffffff-2"), undefined));
});
