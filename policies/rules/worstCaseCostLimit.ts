import { usd } from "../lib/money";
import { type OwnPrices, priceSettings } from "../lib/prices";
import { duration } from "../lib/text";
import { trainingRule } from "../training/rule";
import { unboundedFix, unpricedFix, worstCase } from "../training/worstCase";
import { written } from "../training/written";

interface Config extends OwnPrices {
  maxCostUsd: number;
}

export const worstCaseCostLimit = trainingRule<Config>({
  name: "worst-case-cost-limit",
  description: "The most that a training job can cost stays within the limit.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      maxCostUsd: {
        type: "number",
        default: 100,
        minimum: 0,
        description: "The most that one job may cost, or all jobs of one tuning job together, in USD.",
      },
      ...priceSettings,
    },
  },
  check: ({ spec, config, report }) => {
    const worst = worstCase(spec, config);
    const limit = usd(config.maxCostUsd);
    if ("unpriced" in worst) {
      report({
        found: `runs on ${worst.unpriced}, whose price is not known here`,
        limit: `nothing holds its cost to the limit of ${limit}`,
        fix: unpricedFix,
      });
    } else if ("unbounded" in worst) {
      report({
        found: "bounds neither the number of its jobs nor their time",
        limit: `nothing holds its cost to the limit of ${limit}`,
        fix: unboundedFix(spec),
      });
    } else if (worst.usd > config.maxCostUsd) {
      const instances = [...worst.fleet, ...worst.ruleInstances]
        .map(({ type, count }) => `${count} x ${type}`)
        .join(" and ");
      const jobs = worst.jobs === undefined ? " in any number of jobs" : ` in ${worst.jobs} jobs`;
      report({
        found: `may cost up to ${usd(worst.usd)} (${instances} for ${duration(worst.seconds)}${worst.jobs === 1 ? "" : jobs}, on demand)`,
        limit: `the limit is ${limit}`,
        fix: `Lower ${written(spec.properties, "stoppingCondition.maxRuntimeInSeconds")}, the instance count or the size of the instances`,
      });
    }
  },
});
