import { strict as assert } from "node:assert";
import { ignoredParents, ignoredPlaces } from "../../../components/trainingJob/ignoredChanges";

describe("ignoreChanges", () => {
  it("ignores beside a shorthand the place that it stands for", () => {
    assert.deepEqual(ignoredPlaces(["maxRun", "tags"]), [
      "maxRun",
      "stoppingCondition.maxRuntimeInSeconds",
      "tags",
    ]);
    assert.equal(ignoredPlaces(undefined), undefined);
  });

  it("makes what such a place is in, unless the job has it, or has none", () => {
    const made = { stoppingCondition: {} };
    assert.deepEqual(ignoredParents(["maxRun"], {}), made);
    assert.deepEqual(ignoredParents(["warmPool"], {}), {});
    assert.deepEqual(ignoredParents(["maxRun"], { stoppingCondition: { maxRuntimeInSeconds: 1 } }), {});
    assert.deepEqual(ignoredParents(["maxRun"], { serverlessJobConfig: {} as never }), {});
  });
});
