import assert from "node:assert/strict";
import { hasLocalNvme } from "../../../../../components/trainingJob/check/rules/instanceTypes";
import { apiShape } from "../../../../../components/trainingJob/model/apiModel";

describe("hasLocalNvme", () => {
  it("sorts every family that SageMaker trains on", () => {
    const families = new Map<string, boolean>();
    for (const type of apiShape("TrainingInstanceType").enum ?? []) {
      families.set(type.split(".")[1], hasLocalNvme(type));
    }
    const local = [...families].filter(([, found]) => found).map(([family]) => family);
    // A family that is new here must be looked up in "Amazon EC2 instance types" before the list is changed.
    assert.deepEqual(local.sort(), [
      "g4dn",
      "g5",
      "g6",
      "g6e",
      "g7",
      "g7e",
      "p3dn",
      "p4d",
      "p4de",
      "p5",
      "p5e",
      "p5en",
      "p6-b200",
      "p6-b300",
      "p6e-gb200",
      "r5d",
      "trn1",
      "trn1n",
      "trn2",
    ]);
    assert.equal(families.size, 42, "families in all");
  });
});
