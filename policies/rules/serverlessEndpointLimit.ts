import type { ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { Unknowns } from "../lib/unknowns";
import { isAnotherWay } from "../ways/asksOf";
import { type Endpoint, endpointsOf, type Variant } from "../ways/endpoints";
import { skippingReferences } from "../ways/view";

interface Config {
  maxMemoryMb: number;
  maxConcurrency: number;
}

export const serverlessEndpointLimit: ResourceValidationPolicy = {
  name: "serverless-endpoint-limit",
  description:
    "A serverless endpoint takes no more memory, and answers no more requests at a time, than the limit.",
  enforcementLevel: "advisory",
  severity: "medium",
  configSchema: {
    properties: {
      maxMemoryMb: {
        type: "integer",
        default: 4096,
        minimum: 1024,
        maximum: 6144,
        description: "The most memory of a variant in MB, by which each second of an answer is billed.",
      },
      maxConcurrency: {
        type: "integer",
        default: 20,
        minimum: 1,
        description:
          "The most requests that an endpoint may answer, and bill, at a time, over all its variants. SageMaker itself allows 200 a variant.",
      },
    },
  },
  validateResource: (args, reportViolation) => {
    if (!isAnotherWay(args.type)) args.notApplicable("describes no endpoint");
    const config = withDefaults<Config>(serverlessEndpointLimit.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    const look = (part: () => void) => unknowns.look(() => skippingReferences(part));
    for (const read of endpointsOf(args)) look(() => judge(read(), config, look, reportViolation));
    unknowns.rethrow("the rule looks again during the update, before the endpoint is made.");
  },
};

function judge(
  { label, variants }: Endpoint,
  config: Config,
  look: (part: () => void) => void,
  report: (violation: string) => void,
): void {
  let requests = 0;
  const asked: string[] = [];
  for (const variant of variants) {
    look(() => {
      if (!variant.isServerless()) return;
      look(() => judgeMemory(label, variant, config, report));
      look(() => {
        const most = variant.maxConcurrency();
        const where = variant.written("serverlessConfig.maxConcurrency");
        if (most === undefined) {
          report(
            `${label} names no number of requests at a time (${where}). Set it to ${config.maxConcurrency} or less.`,
          );
          return;
        }
        requests += most;
        asked.push(where);
      });
    });
  }
  if (requests > config.maxConcurrency) {
    report(
      `${label} answers up to ${requests} requests at a time, each of which is billed; the limit is ${config.maxConcurrency}. ` +
        `Lower ${asked.join(" or ")}.`,
    );
  }
}

function judgeMemory(
  label: string,
  variant: Variant,
  { maxMemoryMb }: Config,
  report: (violation: string) => void,
): void {
  const memory = variant.memoryMb();
  const where = variant.written("serverlessConfig.memorySizeInMb");
  if (memory === undefined) {
    report(`${label} names no memory (${where}). Set it to ${maxMemoryMb} MB or less.`);
  } else if (memory > maxMemoryMb) {
    report(
      `${label} takes ${memory} MB (${where}); the limit is ${maxMemoryMb} MB. Lower it to what the model needs.`,
    );
  }
}
