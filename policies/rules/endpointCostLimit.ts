import type { ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { usd } from "../lib/money";
import { monthHours, priceSettings, priceTable } from "../lib/prices";
import { Unknowns } from "../lib/unknowns";
import { regionOf } from "../training/region";
import { controllerRegion, isAnotherWay } from "../ways/asksOf";
import { hourlyCost, type OwnHostingPrices } from "../ways/endpointCost";
import { type Endpoint, endpointsOf } from "../ways/endpoints";
import { skippingReferences } from "../ways/view";

interface Config extends OwnHostingPrices {
  maxUsdPerHour: number;
}

export const endpointCostLimit: ResourceValidationPolicy = {
  name: "endpoint-cost-limit",
  description: "What an endpoint costs in an hour in which nobody asks it stays within the limit.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      maxUsdPerHour: {
        type: "number",
        default: 2,
        minimum: 0,
        description:
          "The most that an endpoint may cost an hour in USD, over all its variants and with as many instances as managed scaling may start. 2 USD an hour are 1460 USD a month.",
      },
      pricesUsdPerHour: {
        type: "object",
        additionalProperties: { type: "number", exclusiveMinimum: 0 },
        default: {},
        description: `Prices of hosting per instance and hour in USD, by instance type, in every region. They go before the pack's own, which are those of ml.g5 and of a few general types in ${priceTable.region}, and hold there only.`,
      },
      storageUsdPerGbMonth: priceSettings.storageUsdPerGbMonth ?? {},
      provisionedUsdPerGbHour: {
        type: "object",
        additionalProperties: { type: "number", minimum: 0 },
        default: {},
        description:
          "Prices of the provisioned concurrency of serverless endpoints per GB and hour in USD, by region. The pack has none of its own.",
      },
    },
  },
  validateResource: (args, reportViolation) => {
    if (!isAnotherWay(args.type)) args.notApplicable("describes no endpoint");
    const config = withDefaults<Config>(endpointCostLimit.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    const look = (part: () => void) => unknowns.look(() => skippingReferences(part));
    const region = () => controllerRegion(args) ?? regionOf(args);
    for (const read of endpointsOf(args))
      look(() => judge(read(), { config, region, look, reportViolation }));
    unknowns.rethrow("the rule looks again during the update, before the endpoint is made.");
  },
};

interface Judging {
  config: Config;
  region: () => string | undefined;
  look: (part: () => void) => void;
  reportViolation: (violation: string) => void;
}

function judge({ label, variants }: Endpoint, { config, region, look, reportViolation }: Judging): void {
  const limit = `${usd(config.maxUsdPerHour)} an hour`;
  let sum = 0;
  let seen = 0;
  const parts: string[] = [];
  const changeable: string[] = [];
  for (const variant of variants) {
    look(() => {
      const cost = hourlyCost(variant, region, config);
      seen += 1;
      if ("unpriced" in cost) {
        reportViolation(
          `${label} runs on ${cost.unpriced}, whose price is not known here; nothing holds its cost to the limit of ${limit}. ` +
            "Use an instance type and region whose prices are known, or add them to pricesUsdPerHour, storageUsdPerGbMonth and provisionedUsdPerGbHour of this rule.",
        );
        return;
      }
      sum += cost.usd;
      if (cost.what === "") return;
      parts.push(cost.what);
      const count = variant.isServerless()
        ? "serverlessConfig.provisionedConcurrency"
        : "initialInstanceCount";
      changeable.push(variant.written(count));
    });
  }
  if (sum <= config.maxUsdPerHour) return;
  const least = seen < variants.length ? "at least " : "";
  reportViolation(
    `${label} costs ${least}${usd(sum)} an hour, ${Math.round(sum * monthHours)} USD a month, while nobody asks (${parts.join(" and ")}); ` +
      `the limit is ${limit}. Lower ${changeable.join(" or ")}, or choose a cheaper instance type or a serverless endpoint.`,
  );
}
