import assert from "node:assert/strict";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { modelCases } from "./cases/modelCases";

describe("the limits of CreateTrainingJob", () => {
  const cases = modelCases();

  it("are many", () => {
    assert.ok(cases.filter((each) => each.refused).length >= 400, "cases to refuse");
    assert.ok(cases.filter((each) => !each.refused).length >= 100, "cases to accept");
  });

  for (const { title, inputs, refused, warned, amongOthers } of cases) {
    it(`${refused ? "refuse" : warned ? "warn of" : "accept"} ${title}`, () => {
      const { failures, warnings } = checkInputs(inputs);
      const found = failures.map(({ property }) => property);
      if (warned)
        assert.deepEqual(
          warnings.map(({ property }) => property),
          [warned],
        );
      if (refused && amongOthers) {
        assert.ok(found.includes(refused), `expected ${refused}, found ${found}`);
      } else {
        assert.deepEqual(found, refused ? [refused] : []);
      }
    });
  }
});
