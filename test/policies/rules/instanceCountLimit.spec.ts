import { instanceCountLimit } from "../../../policies/rules/instanceCountLimit";
import { tuningType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const count = "resourceConfig.instanceCount";

describe("instance-count-limit", () => {
  forEvery(kinds, ({ job, type }) => {
    it("passes as many instances as the limit", () => {
      assertPasses(examine(instanceCountLimit, job({ [count]: 4 })));
    });

    it("refuses one more", () => {
      assertRefuses(
        examine(instanceCountLimit, job({ [count]: 5 })),
        "runs on 5 instances",
        "the limit is 4",
        "Lower the instance count",
      );
    });

    it("holds to the configured limit", () => {
      assertPasses(examine(instanceCountLimit, job({ [count]: 2 }), { maxInstanceCount: 2 }));
      assertRefuses(
        examine(instanceCountLimit, job({ [count]: 2 }), { maxInstanceCount: 1 }),
        "the limit is 1",
      );
    });

    it("counts one where a job names no count", () => {
      assertPasses(examine(instanceCountLimit, job({ [count]: undefined }), { maxInstanceCount: 1 }));
    });

    it("adds the groups of a cluster", () => {
      const group = (instanceCount: number) => ({ instanceType: "ml.g5.xlarge", instanceCount });
      const cluster = (...counts: number[]) => job({ resourceConfig: { instanceGroups: counts.map(group) } });
      assertPasses(examine(instanceCountLimit, cluster(2, 2)));
      assertRefuses(examine(instanceCountLimit, cluster(2, 3)), "runs on 5 instances");
    });

    it("counts the machines of debugger and profiler rules", () => {
      const rules = (count: number) => ({
        debugRuleConfigurations: Array.from({ length: count }, () => ({ instanceType: "ml.m5.24xlarge" })),
        profilerRuleConfigurations: [{ ruleConfigurationName: "built-in" }],
      });
      assertPasses(examine(instanceCountLimit, job(rules(3))));
      assertRefuses(
        examine(instanceCountLimit, job(rules(20))),
        "runs on 21 instances (20 of them for debugger and profiler rules)",
        "or the number of rules with an instanceType",
      );
    });

    it("takes the largest of several preferences, not their sum", () => {
      const preferences = (second: number) =>
        job({ resourceConfig: { instancePreferences: [{ instanceCount: 3 }, { instanceCount: second }] } });
      assertPasses(examine(instanceCountLimit, preferences(4)));
      assertRefuses(examine(instanceCountLimit, preferences(5)), "runs on 5 instances");
    });

    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(instanceCountLimit, job({ [count]: unknown.number })), count);
    });

    if (type === tuningType) {
      it("refuses a tuning that does not bound its jobs at a time", () => {
        const parallel = "config.resourceLimits.maxParallelTrainingJobs";
        assertRefuses(
          examine(instanceCountLimit, job({ [parallel]: undefined })),
          "starts any number of jobs at a time",
          `Set ${parallel}`,
        );
      });

      it("counts the instances of all jobs that run at a time", () => {
        const parallel = "config.resourceLimits.maxParallelTrainingJobs";
        assertPasses(examine(instanceCountLimit, job({ [parallel]: 2, [count]: 2 })));
        assertRefuses(
          examine(instanceCountLimit, job({ [parallel]: 3, [count]: 2 })),
          "runs on 6 instances (3 jobs at a time, 2 each)",
          "Lower the instance count (resourceConfig.instanceCount) or maxParallelTrainingJobs",
        );
      });
    }
  });
});
