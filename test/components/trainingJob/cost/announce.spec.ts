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

  it("names all machines that the job may choose, and counts the dearest", () => {
    const instancePreferences = [{ instanceType: "ml.g5.xlarge" }, { instanceType: "ml.g5.12xlarge" }];
    assert.deepEqual(said(canonicalInputs({ resourceConfig: { instancePreferences } })), [
      `Costs at most $7.09: 1 x ml.g5.xlarge or 1 x ml.g5.12xlarge for 3600 s ${BASIS}`,
    ]);
  });

  it("claims no price of a training plan", () => {
    const trainingPlanArn = "arn:aws:sagemaker:us-east-1:111122223333:training-plan/p-1";
    const resourceConfig = { instanceType: "ml.g5.xlarge", trainingPlanArn };
    assert.deepEqual(said(canonicalInputs({ resourceConfig })), [
      "Worst-case cost unknown: the capacity is paid for by a training plan.",
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
