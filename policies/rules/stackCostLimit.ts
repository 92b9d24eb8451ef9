import type { StackValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { usd } from "../lib/money";
import { type OwnPrices, priceSettings } from "../lib/prices";
import { largest } from "../lib/text";
import { Unknowns } from "../lib/unknowns";
import { eachTraining, spentUsd } from "../training/ofStack";
import type { TrainingSpec } from "../training/spec";
import { unboundedFix, unpricedFix, worstCase } from "../training/worstCase";

interface Config extends OwnPrices {
  maxStackCostUsd: number;
}

export const stackCostLimit: StackValidationPolicy = {
  name: "stack-cost-limit",
  description: "The most that all training of a stack can cost together stays within the limit.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      maxStackCostUsd: {
        type: "number",
        default: 500,
        minimum: 0,
        description:
          "The most that the training of one stack may cost, in USD: what its finished jobs did cost, and the worst case of all others.",
      },
      ...priceSettings,
    },
  },
  validateStack: (args, reportViolation) => {
    const config = withDefaults<Config>(stackCostLimit.configSchema, args.getConfig());
    const limit = usd(config.maxStackCostUsd);
    const unknowns = new Unknowns();
    const costs = new Map<string, number>();
    eachTraining(args.resources, unknowns, (resource, specs) => {
      const worst = spentUsd(resource) ?? dearest(specs, config);
      if (typeof worst === "number") {
        costs.set(resource.name, (costs.get(resource.name) ?? 0) + worst);
      } else {
        const words = (text: string) => specs[0]?.words(text) ?? text;
        reportViolation(
          `training "${resource.name}" ${worst.found}; nothing holds the cost of the stack to the limit of ${limit}. ${words(worst.fix)}.`,
          resource.urn,
        );
      }
    });
    const sum = [...costs.values()].reduce((all, cost) => all + cost, 0);
    if (sum > config.maxStackCostUsd) {
      reportViolation(
        `the training of the stack may cost up to ${usd(sum)} (${largest(costs, usd)}); the limit is ${limit}. ` +
          "Lower the run time, the instances or the number of its jobs, or train in several stacks.",
      );
    }
    unknowns.rethrow("the rule looks again at the end of the update.");
  },
};

/** The worst case of one job or one tuning job: its jobs run by one of its definitions or the other, so by the dearest at most. */
function dearest(specs: TrainingSpec[], config: Config): number | { found: string; fix: string } {
  let most = 0;
  for (const spec of specs) {
    const worst = worstCase(spec, config);
    if ("unpriced" in worst) {
      return { found: `runs on ${worst.unpriced}, whose price is not known here`, fix: unpricedFix };
    }
    if ("unbounded" in worst) {
      return { found: "bounds neither the number of its jobs nor their time", fix: unboundedFix(spec) };
    }
    most = Math.max(most, worst.usd);
  }
  return most;
}
