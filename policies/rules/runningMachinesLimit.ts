import type { ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { matches, oneOf } from "../lib/text";
import { Unknowns } from "../lib/unknowns";
import { isLeftOut } from "../training/rule";
import { isAnotherWay } from "../ways/asksOf";
import { type Endpoint, endpointsOf, type Growth, growthOf } from "../ways/endpoints";
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
  enforcementLevel: "mandatory",
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
          "The most instances that an endpoint over all its variants, or one group of a cluster, may have or grow to; and the most provisioned concurrency of a serverless endpoint.",
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
    if (isLeftOut(args.props)) args.notApplicable("not part of this update");
    const config = withDefaults<Config>(runningMachinesLimit.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    const look = (part: () => void) => unknowns.look(() => skippingReferences(part));
    for (const read of machinesOf(args)) {
      look(() => {
        const machines = read();
        if (machines !== undefined) judge(machines, config, reportViolation);
      });
    }
    const most = config.maxRunningInstances;
    for (const read of endpointsOf(args)) look(() => judgeCounts(read(), most, look, reportViolation));
    for (const read of growthOf(args)) look(() => judgeGrowth(read(), most, reportViolation));
    unknowns.rethrow("the rule looks again during the update, before the machines are started.");
  },
};

function judge(machines: Machines, config: Config, report: (violation: string) => void): void {
  const { label, where, type, count, serverless, ofEndpoint } = machines;
  const { allowedRunningTypes: allowed, maxRunningInstances: most } = config;
  // What names a type beside it is no serverless endpoint.
  if (serverless && type === undefined) return;
  if (config.requireServerless && ofEndpoint) {
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
  if (count > most && !ofEndpoint) {
    report(`${label} leaves ${count} instances running (${where}); the limit is ${most}. Lower their count.`);
  }
}

/** The instances of all variants together, and what all of them keep ready. */
function judgeCounts(
  { label, variants }: Endpoint,
  most: number,
  look: (part: () => void) => void,
  report: (violation: string) => void,
): void {
  const instances = { count: 0, where: [] as string[] };
  const ready = { count: 0, where: [] as string[] };
  for (const variant of variants) {
    look(() => {
      const serverless = variant.isServerless();
      const of = serverless ? ready : instances;
      of.count += serverless ? variant.provisioned() : variant.count();
      of.where.push(
        variant.written(serverless ? "serverlessConfig.provisionedConcurrency" : "initialInstanceCount"),
      );
    });
  }
  if (ready.count > most) {
    report(
      `${label} keeps a provisioned concurrency of ${ready.count} (${ready.where.join(", ")}), which costs while nobody asks; ` +
        `the limit is ${most}. Lower it, or leave it out.`,
    );
  }
  if (instances.count > most) {
    report(
      `${label} leaves ${instances.count} instances running (${instances.where.join(", ")}); ` +
        `the limit is ${most}. Lower their count.`,
    );
  }
}

function judgeGrowth(growth: Growth | undefined, limit: number, report: (violation: string) => void): void {
  if (growth === undefined || growth.most <= limit) return;
  const { label, what, where, most } = growth;
  report(
    `${label} may bring ${what} of an endpoint to ${most} (${where}); the limit is ${limit}. Lower ${where}.`,
  );
}
