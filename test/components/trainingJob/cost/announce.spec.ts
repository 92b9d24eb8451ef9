import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { UNKNOWN } from "../../../../components/trainingJob/args/unknown";
import { announceCost } from "../../../../components/trainingJob/cost/announce";
import { FakeEngine } from "../../support/fakeEngine";
import { canonicalInputs, URN } from "../../support/inputs";

function said(inputs: CanonicalInputs, region = "us-east-1"): string[] {
  const engine = new FakeEngine();
  announceCost(inputs, region, engine);
  assert.ok(engine.entries.every(({ urn, severity }) => urn === URN && severity === "info"));
  assert.deepEqual(engine.rows, []);
  return engine.messages();
}

const BASIS = "(on-demand prices of us-east-1, 2026-11).";

describe("announceCost", () => {
  it("says what the training can cost at most, and what that rests on", () => {
    assert.deepEqual(said(canonicalInputs()), [`Costs at most $1.41: 1 x ml.g5.xlarge for 3600 s ${BASIS}`]);
  });

  it("counts the fallback", () => {
    const inputs = canonicalInputs({ spot: { maxWait: "2h", fallback: "on-demand" } });
    assert.deepEqual(said(inputs), [`Costs at most $2.82: 1 x ml.g5.xlarge for 3600 s, 2 attempts ${BASIS}`]);
  });

  it("counts the warm pool", () => {
    const inputs = canonicalInputs({ warmPool: { keepAlive: "30m" } });
    assert.deepEqual(said(inputs), [
      `Costs at most $2.11: 1 x ml.g5.xlarge for 3600 s, 1800 s kept alive ${BASIS}`,
    ]);
  });

  it("says so when the price is not known", () => {
    assert.deepEqual(said(canonicalInputs(), "eu-north-1"), [
      "Worst-case cost unknown: no price known for ml.g5.xlarge in eu-north-1.",
    ]);
  });

  for (const [what, change] of Object.entries({
    "the machines are": { resourceConfig: { instanceType: UNKNOWN } },
    "the run time is": { stoppingCondition: { maxRuntimeInSeconds: UNKNOWN } },
  })) {
    it(`says nothing while ${what} not known yet`, () => {
      assert.deepEqual(said({ ...canonicalInputs(), ...change } as CanonicalInputs), []);
    });
  }

  it("says nothing for a job that is adopted", () => {
    assert.deepEqual(said(canonicalInputs({ adopt: "made-by-hand" })), []);
  });
});
