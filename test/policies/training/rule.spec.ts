import { strict as assert } from "node:assert";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rules } from "../../../policies/rules";
import { maxRunLimit } from "../../../policies/rules/maxRunLimit";
import { tuningType } from "../../../policies/training/adapter";
import { examine, remediate } from "../support/examine";
import { assertNotApplicable, assertRefuses } from "../support/expect";
import { change, forEvery, kindOf, kinds, unknown } from "../support/jobs";

/** The rules on training: those that have something to say of a job alone. */
const trainingRules = rules.filter(
  (rule): rule is ResourceValidationPolicy =>
    "validateResource" in rule &&
    ![
      "running-machines-limit",
      "endpoint-cost-limit",
      "serverless-endpoint-limit",
      "no-other-way-to-train",
    ].includes(rule.name),
);
const mendable = trainingRules.filter(({ remediateResource }) => remediateResource !== undefined);
const maxRun = "stoppingCondition.maxRuntimeInSeconds";

/** A tuning job with several definitions, made of the careful one with some of its properties changed. */
function tuning(...changes: Record<string, unknown>[]) {
  const { props, ...resource } = kindOf(tuningType).job();
  const { trainingJobDefinition, ...rest } = props;
  const trainingJobDefinitions = changes.map((each) => change(trainingJobDefinition, each));
  return { ...resource, props: { ...rest, trainingJobDefinitions } };
}

describe("a rule on training", () => {
  forEvery(kinds, ({ job, type }) => {
    it("leaves a resource alone that is not part of the update, and that the engine shows without inputs", () => {
      for (const rule of trainingRules) {
        assertNotApplicable(examine(rule, { ...job(), props: {} }), "not part of this update");
        assert.equal(remediate(rule, { ...job(), props: {} }), undefined);
      }
    });

    it("names itself, the resource and the value that it cannot read", () => {
      assertRefuses(
        examine(maxRunLimit, job({ stoppingCondition: "wrong" })),
        `${type} "mednist" could not be judged by max-run-limit: stoppingCondition cannot be read: "wrong" is not a map`,
      );
      assertRefuses(
        examine(maxRunLimit, job({ [maxRun]: Number.NaN })),
        `${maxRun} cannot be read: NaN is not a number`,
      );
      assertRefuses(
        examine(maxRunLimit, job({ [maxRun]: "2d" })),
        `${maxRun} cannot be read: "2d" is not a number`,
      );
    });
  });

  it("refuses a tuning job without a definition, which it cannot look at", () => {
    for (const props of [{ trainingJobDefinitions: [] }, { trainingJobDefinition: {} }, { name: "sweep" }]) {
      for (const rule of trainingRules) {
        assertRefuses(
          examine(rule, { type: tuningType, name: "sweep", props }),
          '"sweep" has no training job definition',
        );
      }
    }
  });

  it("looks at the other definitions of a tuning job where one cannot be read", () => {
    const { violations } = examine(
      maxRunLimit,
      tuning({ stoppingCondition: "wrong" }, { [maxRun]: 90_000 }, { [maxRun]: 91_000 }),
    );
    assert.equal(violations.length, 3);
    assert.match(violations.join("\n"), /\(trainingJobDefinitions\.1\) may run for 1d1h/);
    assert.match(violations.join("\n"), /\(trainingJobDefinitions\.2\) may run for 1d1h16m40s/);
  });
});

describe("a remedy", () => {
  it("leaves a tuning job with good definitions alone", () => {
    assert.ok(mendable.length >= 3);
    for (const rule of mendable) {
      assert.equal(remediate(rule, tuning({}, {})), undefined, rule.name);
    }
  });

  it("mends each definition of a tuning job, and leaves the rest", () => {
    const mended = remediate(maxRunLimit, tuning({ [maxRun]: 90_000 }, {}, { [maxRun]: 91_000 }));
    assert.deepEqual(mended, tuning({ [maxRun]: 86_400 }, {}, { [maxRun]: 86_400 }).props);
  });

  it("mends what it sees where another definition is not known yet, or cannot be read", () => {
    for (const hidden of [unknown.number, "2d"]) {
      const mended = remediate(maxRunLimit, tuning({ [maxRun]: hidden }, { [maxRun]: 91_000 }));
      assert.deepEqual(mended, tuning({ [maxRun]: hidden }, { [maxRun]: 86_400 }).props);
    }
  });

  it("says that it could not look where nothing is known yet", () => {
    assert.throws(() => remediate(maxRunLimit, tuning({ [maxRun]: unknown.number })), /not known yet/);
  });
});
