import assert from "node:assert/strict";
import { contentTypeOf, readPrediction, wrongWith } from "../../../components/rollout/smoke";

const one = { label: "cat", probabilities: { cat: 0.75, dog: 0.25 } };
const classification = { request: "x.png", answer: "classification" } as const;

describe("the answer to a smoke request", () => {
  it("is a label with probabilities that sum to 1, by itself or in a list", () => {
    assert.deepEqual(readPrediction(JSON.stringify([one])), { label: "cat", probability: 0.75 });
    assert.deepEqual(readPrediction(JSON.stringify(one)), { label: "cat", probability: 0.75 });
    assert.equal(wrongWith(JSON.stringify([one]), classification), undefined);
    assert.equal(wrongWith(JSON.stringify([one]), { ...classification, label: "cat" }), undefined);
  });

  for (const [what, body, wrong] of [
    ["no JSON", "oops", /no JSON: oops/],
    ["another shape", '{"a":1}', /no label with probabilities \(smokeAnswer any accepts it\)/],
    ["no answer at all", "[]", /no label with probabilities/],
    [
      "a sum that is not 1",
      JSON.stringify({ ...one, probabilities: { cat: 0.7, dog: 0.2 } }),
      /sum to 0\.8999*\d*/,
    ],
    [
      "a label without a probability",
      JSON.stringify({ ...one, label: "cow" }),
      /label cow has no probability/,
    ],
    ["another label", JSON.stringify(one), /it says cat, not dog/],
  ] as const) {
    it(`is wrong: ${what}`, () => {
      const asked = what === "another label" ? { ...classification, label: "dog" } : classification;
      assert.match(wrongWith(body, asked) ?? "", wrong);
    });
  }

  it("may be anything where that is asked for, unless it must have a label", () => {
    assert.equal(wrongWith("oops", { request: "x", answer: "any" }), undefined);
    assert.match(wrongWith("oops", { request: "x", answer: "any", label: "cat" }) ?? "", /no JSON/);
  });
});

it("the ending of a file tells its content type", () => {
  assert.equal(contentTypeOf("s3://b/A.PNG"), "image/png");
  assert.equal(contentTypeOf("a.jpg"), "image/jpeg");
  assert.equal(contentTypeOf("a.dcm"), "application/octet-stream");
});
