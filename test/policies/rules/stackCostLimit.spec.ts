import { strict as assert } from "node:assert";
import { stackCostLimit } from "../../../policies/rules/stackCostLimit";
import { dynamicType, tuningType } from "../../../policies/training/adapter";
import { examineStack, type StackResource, type Verdict } from "../support/examine";
import { assertPasses, assertRefuses } from "../support/expect";
import { type Changes, forEvery, kindOf, kinds, unknown } from "../support/jobs";

const examine = (resources: StackResource[], config: object = {}): Verdict =>
  examineStack(stackCostLimit, resources, {}, config as Record<string, unknown>);

/** 4 x ml.g5.12xlarge for 30,000 s cost at most 236.33 USD. */
const dear = {
  resourceConfig: { instanceType: "ml.g5.12xlarge", instanceCount: 4 },
  "stoppingCondition.maxRuntimeInSeconds": 30_000,
};

describe("stack-cost-limit", () => {
  it("has nothing to say of a stack that trains nothing", () => {
    assertPasses(examine([{ type: "aws:s3/bucket:Bucket", name: "data", props: {} }]));
  });

  forEvery(kinds, ({ job, type }) => {
    const jobs = (count: number, changes: Changes = dear): StackResource[] =>
      Array.from({ length: count }, (_, index) => ({
        ...job({ ...changes, "config.resourceLimits.maxNumberOfTrainingJobs": 1 }),
        name: `job${index}`,
      }));
    if (type !== tuningType) {
      for (const resource of jobs(1)) delete resource.props.config;
    }

    it("adds up the jobs of the stack, each of which keeps its own limit", () => {
      assertPasses(examine(jobs(2)));
      assertRefuses(
        examine(jobs(20)),
        "the training of the stack may cost up to 4726.67 USD",
        "(job0 236.33 USD, job1 236.33 USD, job2 236.33 USD, job3 236.33 USD, job4 236.33 USD and 15 more)",
        "the limit is 500.00 USD",
      );
    });

    it("holds to the configured limit", () => {
      assertPasses(examine(jobs(3), { maxStackCostUsd: 709 }));
      assertRefuses(examine(jobs(3), { maxStackCostUsd: 708.9 }), "the limit is 708.90 USD");
    });

    it("names each job whose price is not known, and still adds up the others", () => {
      const [first, ...others] = jobs(4);
      const abroad = { ...first, ...job({ ...dear, region: "sa-east-1" }), name: "abroad" };
      const { violations } = examine([abroad, ...others]);
      assert.equal(violations.length, 2);
      assert.match(
        violations[0] ?? "",
        /training "abroad" runs on ml\.g5\.12xlarge in sa-east-1, whose price/,
      );
      assert.match(violations[1] ?? "", /up to 709\.00 USD/);
    });

    it("goes on with the others where one cannot be read, or is not known yet", () => {
      const broken = { ...job({ stoppingCondition: "wrong" }), name: "broken" };
      const later = { ...job({ "stoppingCondition.maxRuntimeInSeconds": unknown.number }), name: "later" };
      const { violations, unseen } = examine([broken, later, ...jobs(3)]);
      assert.equal(violations.length, 2);
      assert.match(
        violations.join("\n"),
        /"broken" could not be judged by stack-cost-limit: stoppingCondition/,
      );
      assert.match(violations.join("\n"), /up to 709\.00 USD/);
      assert.match(unseen ?? "", /"later": .*maxRuntimeInSeconds is not known yet/);
    });
  });

  it("counts a finished job of this project with what it did cost", () => {
    const kind = kindOf(dynamicType);
    const job = (extra: object) => ({ ...kind.job(dear), props: { ...kind.job(dear).props, ...extra } });
    const done = (status: string) => job({ status, cost: { actual: 100 } }) as StackResource;
    assertPasses(examine([done("Completed")], { maxStackCostUsd: 100 }));
    assertPasses(examine([done("Failed")], { maxStackCostUsd: 100 }));
    assertRefuses(examine([done("Completed")], { maxStackCostUsd: 99 }), "100.00 USD");
    assertRefuses(examine([done("InProgress")], { maxStackCostUsd: 100 }), "236.33 USD");
    assertRefuses(
      examine([job({ status: "Completed" }) as StackResource], { maxStackCostUsd: 100 }),
      "236.33 USD",
    );
  });

  it("takes the dearest of several definitions of one tuning job, not their sum", () => {
    const kind = kindOf(tuningType);
    const { props, ...tuning } = kind.job(dear);
    const { trainingJobDefinition: definition, ...rest } = props;
    const several = { ...tuning, props: { ...rest, trainingJobDefinitions: [definition, definition] } };
    assertRefuses(examine([several], { maxStackCostUsd: 1 }), "up to 472.67 USD");
  });

  it("refuses a tuning job that nothing bounds", () => {
    const kind = kindOf(tuningType);
    const endless = kind.job({
      "config.resourceLimits.maxNumberOfTrainingJobs": undefined,
    }) as StackResource;
    assertRefuses(
      examine([endless]),
      "bounds neither the number of its jobs nor their time",
      "nothing holds the cost",
    );
  });
});
