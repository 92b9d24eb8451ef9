import type { StackValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { largest } from "../lib/text";
import { Unknowns } from "../lib/unknowns";
import { atATime } from "../training/atATime";
import { eachTraining, spentUsd } from "../training/ofStack";

interface Config {
  maxStackInstances: number;
}

export const stackInstanceLimit: StackValidationPolicy = {
  name: "stack-instance-limit",
  description: "All training of a stack together runs on no more instances at a time than the limit.",
  enforcementLevel: "advisory",
  severity: "medium",
  configSchema: {
    properties: {
      maxStackInstances: {
        type: "integer",
        default: 16,
        minimum: 1,
        description:
          "The most instances at a time, over all jobs of the stack that have not ended, as if they all ran at once.",
      },
    },
  },
  validateStack: (args, reportViolation) => {
    const { maxStackInstances } = withDefaults<Config>(stackInstanceLimit.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    const instances = new Map<string, number>();
    eachTraining(args.resources, unknowns, (resource, specs) => {
      if (spentUsd(resource) !== undefined) return;
      const most = specs.map(atATime).map(({ perJob, parallel = Infinity }) => perJob * parallel);
      instances.set(resource.name, (instances.get(resource.name) ?? 0) + Math.max(0, ...most));
    });
    const sum = [...instances.values()].reduce((all, count) => all + count, 0);
    if (sum > maxStackInstances) {
      const told = (count: number) => (count === Infinity ? "any number" : String(count));
      reportViolation(
        `the training of the stack runs on ${told(sum)} instances at a time (${largest(instances, told)}); ` +
          `the limit is ${maxStackInstances}. Lower the instances or the number of its jobs, or train in several stacks.`,
      );
    }
    unknowns.rethrow("the rule looks again at the end of the update.");
  },
};
