import type { ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { matches, oneOf } from "../lib/text";
import { Unknowns } from "../lib/unknowns";
import { isAnotherWay } from "../ways/asksOf";
import { type Machines, machinesOf } from "../ways/machines";
import { skippingReferences } from "../ways/view";

interface Config {
  allowedRunningTypes: string[];
  maxRunningInstances: number;
  requireServerless: boolean;
}

export const runningMachinesLimit: ResourceValidationPolicy = {
  name: "running-machines-limit",
  description:
    "Endpoints, notebooks, apps and clusters, which cost until somebody takes them down, run on few machines of the allowed types.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      allowedRunningTypes: {
        type: "array",
        items: { type: "string", minLength: 1 },
        minItems: 1,
        // Some tens of dollars a month each, the last one that of the model that this project trains.
        default: [
          "ml.t2.*",
          "ml.t3.*",
          "ml.m5.large",
          "ml.m5.xlarge",
          "ml.c5.large",
          "ml.c5.xlarge",
          "ml.g5.xlarge",
          "system",
        ],
        description: "Instance types that may be left running; `*` stands for any characters.",
      },
      maxRunningInstances: {
        type: "integer",
        default: 2,
        minimum: 0,
        description:
          "The most instances that one variant of an endpoint, or one group of a cluster, may have.",
      },
      requireServerless: {
        type: "boolean",
        default: false,
        description: "Whether endpoints must be serverless, which cost nothing while nobody asks them.",
      },
    },
  },
  validateResource: (args, reportViolation) => {
    if (!isAnotherWay(args.type)) {
      args.notApplicable("leaves no machines of SageMaker running");
    }
    const config = withDefaults<Config>(runningMachinesLimit.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    for (const look of machinesOf(args)) {
      unknowns.look(() =>
        skippingReferences(() => {
          const machines = look();
          if (machines !== undefined) judge(machines, config, reportViolation);
        }),
      );
    }
    unknowns.rethrow("the rule looks again during the update, before the machines are started.");
  },
};

function judge(machines: Machines, config: Config, report: (violation: string) => void): void {
  const { label, where, type, count, serverless, provisioned } = machines;
  const { allowedRunningTypes: allowed, maxRunningInstances: most } = config;
  if (provisioned > most) {
    const place = where.replace(/instanceType$/i, "serverlessConfig.provisionedConcurrency");
    report(
      `${label} keeps a provisioned concurrency of ${provisioned} (${place}), which costs while nobody asks; ` +
        `the limit is ${most}. Lower it, or leave it out.`,
    );
  }
  // What names a type beside it is no serverless endpoint.
  if (serverless && type === undefined) return;
  if (config.requireServerless && label.startsWith("endpoint")) {
    report(
      `${label} keeps ${count} x ${type ?? "an instance type that it does not name"} running (${where}); ` +
        "endpoints must be serverless. Set serverlessConfig in place of the instances.",
    );
    return;
  }
  if (type === undefined || !type.split(", ").every((each) => matches(each, allowed))) {
    report(
      `${label} leaves ${type ?? "no named instance type"} running (${where}); ` +
        `the allowed types are ${oneOf(allowed)}. Set ${where} to one of them.`,
    );
  }
  if (count > most) {
    report(`${label} leaves ${count} instances running (${where}); the limit is ${most}. Lower their count.`);
  }
}
