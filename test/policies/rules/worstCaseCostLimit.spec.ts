import { worstCaseCostLimit } from "../../../policies/rules/worstCaseCostLimit";
import { dynamicType, tuningType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, jobKinds, kindOf, kinds, unknown } from "../support/jobs";

const type = "resourceConfig.instanceType";
const count = "resourceConfig.instanceCount";
const maxRun = "stoppingCondition.maxRuntimeInSeconds";
const keepAlive = "resourceConfig.keepAlivePeriodInSeconds";

describe("worst-case-cost-limit", () => {
  // ml.g5.xlarge costs 1.408 USD an hour on demand in us-east-1: ten hours are 14.08 USD.
  const tenHours = { [maxRun]: 36_000 };

  forEvery(jobKinds, ({ job }) => {
    it("passes a job that can cost as much as the limit", () => {
      assertPasses(examine(worstCaseCostLimit, job(tenHours), { maxCostUsd: 14.08 }));
    });

    it("refuses a job that can cost a cent more, and shows the sum", () => {
      assertRefuses(
        examine(worstCaseCostLimit, job(tenHours), { maxCostUsd: 14.07 }),
        "may cost up to 14.08 USD (1 x ml.g5.xlarge for 10h, on demand)",
        "the limit is 14.07 USD",
        "Lower stoppingCondition.maxRuntimeInSeconds",
      );
    });

    it("has a limit of 100 USD by default", () => {
      assertPasses(examine(worstCaseCostLimit, job({ [type]: "ml.g5.48xlarge", [maxRun]: 4 * 3600 })));
      assertRefuses(
        examine(worstCaseCostLimit, job({ [type]: "ml.g5.48xlarge", [maxRun]: 5 * 3600 })),
        "101.80 USD",
        "the limit is 100.00 USD",
      );
    });

    it("counts every instance, and the time that they stay warm", () => {
      const two = job({ ...tenHours, [count]: 2, [keepAlive]: 3600 });
      assertRefuses(
        examine(worstCaseCostLimit, two, { maxCostUsd: 1 }),
        "30.98 USD (2 x ml.g5.xlarge for 11h",
      );
    });

    it("counts a second run for a job that falls back to on-demand", () => {
      const falling = job({ ...tenHours, spot: { fallback: "on-demand" } });
      assertRefuses(examine(worstCaseCostLimit, falling, { maxCostUsd: 28.15 }), "28.16 USD", "for 20h");
      assertPasses(examine(worstCaseCostLimit, falling, { maxCostUsd: 28.16 }));
    });

    it("adds the groups of a cluster", () => {
      const cluster = job({
        ...tenHours,
        resourceConfig: {
          instanceGroups: [
            { instanceType: "ml.g5.xlarge", instanceCount: 1 },
            { instanceType: "ml.g5.2xlarge", instanceCount: 2 },
          ],
        },
      });
      assertRefuses(
        examine(worstCaseCostLimit, cluster, { maxCostUsd: 1 }),
        "44.38 USD (1 x ml.g5.xlarge and 2 x ml.g5.2xlarge for 10h",
      );
    });

    it("takes the dearest of several preferences", () => {
      const preferences = [{ instanceType: "ml.g5.2xlarge" }, { instanceType: "ml.g5.xlarge" }];
      const choosing = job({ ...tenHours, resourceConfig: { instancePreferences: preferences } });
      assertRefuses(examine(worstCaseCostLimit, choosing, { maxCostUsd: 1 }), "15.15 USD (1 x ml.g5.2xlarge");
    });

    it("knows no price of a serverless job, whatever machine it names beside", () => {
      const job_ = job({ serverlessJobConfig: {} });
      assertRefuses(examine(worstCaseCostLimit, job_), "serverless capacity", "price is not known");
    });

    it("never guesses a price", () => {
      assertRefuses(
        examine(worstCaseCostLimit, job({ [type]: "ml.p3.2xlarge" })),
        "runs on ml.p3.2xlarge in us-east-1, whose price is not known here",
        "nothing holds its cost to the limit",
        "pricesUsdPerHour",
      );
      assertRefuses(
        examine(worstCaseCostLimit, job({ resourceConfig: undefined })),
        "without a named instance type",
      );
    });

    it("takes no price of another region than that of its table", () => {
      const abroad = (region: string | undefined, provider?: string) => ({
        ...job({ ...tenHours, region }),
        ...(provider && {
          provider: { type: "pulumi:providers:aws", name: "p", urn: "p", props: { region: provider } },
        }),
      });
      for (const resource of [abroad("sa-east-1"), abroad(undefined, "sa-east-1")]) {
        assertRefuses(
          examine(worstCaseCostLimit, resource, { maxCostUsd: 1000 }),
          "runs on ml.g5.xlarge in sa-east-1, whose price is not known here",
        );
      }
      assertPasses(examine(worstCaseCostLimit, abroad(undefined, "us-east-1")));
      const own = { pricesUsdPerHour: { "ml.g5.xlarge": 2 }, maxCostUsd: 20 };
      assertPasses(examine(worstCaseCostLimit, abroad("sa-east-1"), own));
      assertUnseen(examine(worstCaseCostLimit, abroad(unknown.text)), "region");
    });

    it("counts the storage of types without disks of their own", () => {
      // 1,000 GB at 0.14 USD a month of 730 hours: 1.92 USD in ten hours.
      const config = { pricesUsdPerHour: { "ml.p3.2xlarge": 1 }, maxCostUsd: 1 };
      for (const size of ["volumeSizeInGB", "volumeSizeInGb"]) {
        const p3 = { ...tenHours, [type]: "ml.p3.2xlarge", [`resourceConfig.${size}`]: 1000 };
        assertRefuses(examine(worstCaseCostLimit, job(p3), config), "11.92 USD");
        assertRefuses(
          examine(worstCaseCostLimit, job({ ...p3, region: "eu-west-1" }), config),
          "runs on storage volumes in eu-west-1, whose price is not known here",
        );
        const own = { ...config, storageUsdPerGbMonth: { "eu-west-1": 0.154 } };
        assertRefuses(examine(worstCaseCostLimit, job({ ...p3, region: "eu-west-1" }), own), "12.11 USD");
        const g5 = { ...tenHours, [`resourceConfig.${size}`]: 1000 };
        assertRefuses(examine(worstCaseCostLimit, job(g5), { maxCostUsd: 1 }), "14.08 USD");
      }
    });

    it("counts the machines of debugger and profiler rules", () => {
      const rules = {
        ...tenHours,
        debugRuleConfigurations: [{ instanceType: "ml.m5.xlarge" }, { ruleConfigurationName: "built-in" }],
        profilerRuleConfigurations: [{ instanceType: "ml.m5.xlarge" }],
      };
      assertRefuses(
        examine(worstCaseCostLimit, job(rules)),
        "runs on ml.m5.xlarge in us-east-1, whose price is not known here",
      );
      assertRefuses(
        examine(worstCaseCostLimit, job(rules), { pricesUsdPerHour: { "ml.m5.xlarge": 0.5 }, maxCostUsd: 1 }),
        "24.08 USD (1 x ml.g5.xlarge and 1 x ml.m5.xlarge and 1 x ml.m5.xlarge for 10h",
      );
    });

    it("takes the configured prices, before its own", () => {
      const prices = { pricesUsdPerHour: { "ml.p3.2xlarge": 3.825, "ml.g5.xlarge": 2 }, maxCostUsd: 20 };
      assertPasses(examine(worstCaseCostLimit, job(tenHours), prices));
      assertRefuses(
        examine(worstCaseCostLimit, job({ ...tenHours, [type]: "ml.p3.2xlarge" }), prices),
        "38.25 USD",
      );
    });
  });

  it("takes the prices that a job of this project read, in any region", () => {
    const { job } = kindOf(dynamicType);
    const priced = (perType: object) =>
      job({
        ...tenHours,
        [type]: "ml.g6.xlarge",
        region: "sa-east-1",
        livePrices: true,
        prices: { readOn: "2026-11-20", perType },
      });
    const read = priced({ "ml.g6.xlarge": { training: 2 } });
    assertPasses(examine(worstCaseCostLimit, read, { maxCostUsd: 20 }));
    assertRefuses(examine(worstCaseCostLimit, read, { maxCostUsd: 19.99 }), "20.00 USD");
    assertRefuses(examine(worstCaseCostLimit, priced({})), "whose price is not known here");
    const own = { pricesUsdPerHour: { "ml.g6.xlarge": 3 }, maxCostUsd: 29 };
    assertRefuses(examine(worstCaseCostLimit, read, own), "30.00 USD");
  });

  forEvery(kinds, ({ job }) => {
    it("says that it could not look at a value which is not known yet", () => {
      assertUnseen(examine(worstCaseCostLimit, job({ [maxRun]: unknown.number })), maxRun);
      assertUnseen(examine(worstCaseCostLimit, job({ [count]: unknown.number })), count);
    });
  });

  forEvery(
    kinds.filter((kind) => kind.type === tuningType),
    ({ job }) => {
      const limits = "config.resourceLimits";

      it("counts every job that the tuning may start", () => {
        const tuning = job({ ...tenHours, [`${limits}.maxNumberOfTrainingJobs`]: 20 });
        assertRefuses(
          examine(worstCaseCostLimit, tuning),
          "281.60 USD (1 x ml.g5.xlarge for 8d8h in 20 jobs",
        );
      });

      it("refuses a tuning that bounds neither the number of its jobs nor their time", () => {
        const grid = job({ ...tenHours, [`${limits}.maxNumberOfTrainingJobs`]: undefined });
        assertRefuses(
          examine(worstCaseCostLimit, grid),
          "bounds neither the number of its jobs nor their time",
          "nothing holds its cost to the limit of 100.00 USD",
          "Set config.resourceLimits.maxNumberOfTrainingJobs",
        );
        assertRefuses(
          examine(worstCaseCostLimit, job({ ...tenHours, [limits]: undefined })),
          "bounds neither the number",
        );
      });

      it("counts the time of the whole tuning where only that is set", () => {
        const thirtyDays = {
          ...tenHours,
          [`${limits}.maxNumberOfTrainingJobs`]: undefined,
          [`${limits}.maxParallelTrainingJobs`]: 2,
          [`${limits}.maxRuntimeInSeconds`]: 2_592_000,
        };
        assertRefuses(examine(worstCaseCostLimit, job(thirtyDays)), "2027.52 USD", "in any number of jobs");
      });

      it("counts the instances that the tuning's own resources share", () => {
        const shared = {
          ...tenHours,
          resourceConfig: undefined,
          hyperParameterTuningResourceConfig: {
            instanceCount: 16,
            instanceConfigs: [{ instanceType: "ml.g5.xlarge" }],
          },
        };
        assertRefuses(examine(worstCaseCostLimit, job(shared)), "16 x ml.g5.xlarge");
      });

      it("stops counting at the run time of the whole tuning", () => {
        const bounded = {
          ...tenHours,
          [`${limits}.maxNumberOfTrainingJobs`]: 20,
          [`${limits}.maxParallelTrainingJobs`]: 2,
          [`${limits}.maxRuntimeInSeconds`]: 36_000,
        };
        assertRefuses(examine(worstCaseCostLimit, job(bounded), { maxCostUsd: 28.15 }), "28.16 USD");
      });
    },
  );
});
