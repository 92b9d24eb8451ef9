import { matches, oneOf } from "../lib/text";
import { trainingRule } from "../training/rule";
import type { Instances } from "../training/spec";
import { written } from "../training/written";

interface Config {
  allowedInstanceTypes: string[];
  allowedRuleInstanceTypes: string[];
}

export const allowedInstanceTypes = trainingRule<Config>({
  name: "allowed-instance-types",
  description: "Training runs on the allowed instance types only.",
  enforcementLevel: "mandatory",
  severity: "high",
  configSchema: {
    properties: {
      allowedInstanceTypes: {
        type: "array",
        items: { type: "string", minLength: 1 },
        minItems: 1,
        default: ["ml.g5.*"],
        description: "Instance types that training may run on; `*` stands for any characters.",
      },
      allowedRuleInstanceTypes: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: ["ml.t3.*", "ml.m5.large", "ml.m5.xlarge", "ml.m5.2xlarge"],
        description:
          "Instance types that debugger and profiler rules may run on, beside the training, and processing jobs too.",
      },
    },
  },
  check: ({ spec, config, report, look }) => {
    const require = (kind: string, { where, type }: Instances, allowed: string[]) => {
      if (type !== undefined && matches(type, allowed)) {
        return;
      }
      report({
        found: `${kind} on ${type ?? (spec.serverless ? "serverless capacity" : "no named instance type")} (${where})`,
        limit: `the allowed types are ${oneOf(allowed)}`,
        fix: `Set ${written(spec.properties, where)} to one of them`,
      });
    };
    const beside = spec.source.processing ? config.allowedRuleInstanceTypes : [];
    look(() => {
      for (const instances of spec.fleets.flat()) {
        // A serverless job runs where SageMaker chooses, whatever it names beside.
        const { type } = instances;
        const own = { ...instances, type: spec.serverless ? undefined : type };
        require("runs", own, [...config.allowedInstanceTypes, ...beside]);
      }
    });
    look(() => {
      for (const instances of spec.ruleInstances) {
        require("runs a rule", instances, config.allowedRuleInstanceTypes);
      }
    });
  },
});
