import assert from "node:assert/strict";
import { ownShapes } from "../../../../components/trainingJob/check/ownShapes";
import { apiShape, ROOT } from "../../../../components/trainingJob/model/apiModel";

/** Shapes of the API that are narrowed here, with every member that has them: each must have a documented limit of its own. */
const NARROWED = {
  // "at least one": API reference of PlacementSpecification; terraform-provider-aws and the SageMaker SDK for the others.
  TrainingInstanceCount: [
    "InstanceGroup.InstanceCount",
    "InstancePreference.InstanceCount",
    "PlacementSpecification.InstanceCount",
    "ResourceConfig.InstanceCount",
    "ResourceConfig.SelectedInstanceCount",
  ],
  // 28 days: API reference, StoppingCondition.
  MaxRuntimeInSeconds: ["StoppingCondition.MaxRuntimeInSeconds"],
  // One hour: developer guide, "SageMaker managed warm pools".
  KeepAlivePeriodInSeconds: ["ResourceConfig.KeepAlivePeriodInSeconds"],
};

describe("ownShapes", () => {
  it("narrows numbers only where every member of the shape is documented so", () => {
    const narrowed = Object.entries(ownShapes).filter(([name, own]) => {
      const api = apiShape(name);
      return api && own.type === "integer" && (own.min !== api.min || own.max !== api.max);
    });
    const found = Object.fromEntries(narrowed.map(([name]) => [name, membersWith(name)]));
    assert.deepEqual(found, NARROWED);
  });

  it("hides no shape of the API that it only means to extend", () => {
    const replaced = Object.entries(ownShapes).filter(
      ([name, own]) => apiShape(name)?.type !== undefined && apiShape(name).type !== own.type,
    );
    assert.deepEqual(replaced, []);
  });
});

/** All `Structure.Member` of the request whose values have that shape. */
function membersWith(name: string): string[] {
  const found = new Set<string>();
  const seen = new Set<string>();
  const visit = (shapeName: string): void => {
    if (seen.has(shapeName)) return;
    seen.add(shapeName);
    const { members = {}, member, value } = apiShape(shapeName);
    for (const [property, inner] of Object.entries(members)) {
      if (inner === name) found.add(`${shapeName}.${property}`);
      visit(inner);
    }
    for (const inner of [member, value]) if (inner) visit(inner);
  };
  visit(ROOT);
  return [...found].sort();
}
