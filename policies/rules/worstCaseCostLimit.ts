import { usd } from "../lib/money";
import { priceTable } from "../lib/prices";
import { duration } from "../lib/text";
import { trainingRule } from "../training/rule";
import { worstCase } from "../training/worstCase";

interface Config {
  maxCostUsd: number;
  pricesUsdPerHour: Record<string, number>;
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
      pricesUsdPerHour: {
        type: "object",
        additionalProperties: { type: "number", exclusiveMinimum: 0 },
        default: {},
        description: `On-demand prices per instance and hour in USD, by instance type. They go before the pack's own, which are those of ml.g5 in ${priceTable.region}.`,
      },
    },
  },
  check: ({ spec, config: { maxCostUsd, pricesUsdPerHour }, report }) => {
    const worst = worstCase(spec, pricesUsdPerHour);
    if ("unpriced" in worst) {
      report({
        found: `runs on ${worst.unpriced}, whose price is not known here`,
        limit: `nothing holds its cost to the limit of ${usd(maxCostUsd)}`,
        fix: "Use an instance type whose price is known, or add the price to pricesUsdPerHour of this rule",
      });
    } else if (worst.usd > maxCostUsd) {
      const instances = worst.fleet.map(({ type, count }) => `${count} x ${type}`).join(" and ");
      const jobs = worst.jobs > 1 ? ` in ${worst.jobs} jobs` : "";
      report({
        found: `may cost up to ${usd(worst.usd)} (${instances} for ${duration(worst.seconds)}${jobs}, on demand)`,
        limit: `the limit is ${usd(maxCostUsd)}`,
        fix: "Lower stoppingCondition.maxRuntimeInSeconds, the instance count or the size of the instances",
      });
    }
  },
});
