import { randomUUID } from "node:crypto";
import type { Caller } from "../../front/caller.ts";
import type { Deployment } from "../records/record.ts";
import type { HostingStores } from "../records/stores.ts";
import { instancesOf } from "./configRules.ts";
import { arnOf, notFound } from "./words.ts";

/** What an endpoint configuration and its models say now. Throws SageMaker's answer where one of them is not there. */
export function deploymentOf(
  { configs, models }: HostingStores,
  configName: string,
  caller: Caller,
  now: number,
): Deployment {
  const config = configs.find(configName, caller.region);
  if (!config) throw notFound("endpoint-config", arnOf("endpoint-config", configName, caller));
  const variants = config.request.ProductionVariants.map((variant) => {
    const name = variant.ModelName ?? "";
    const model = models.find(name, caller.region);
    if (!model) throw notFound("model", arnOf("model", name, caller));
    const weight = variant.InitialVariantWeight ?? 1;
    return { variant, model: model.request, weight, count: instancesOf(variant) };
  });
  const id = `${now}-${randomUUID().slice(0, 8)}`;
  return { id, configName, variants, dataCapture: config.request.DataCaptureConfig };
}

/** Takes over what the variants of the same name have now, but for the properties that are excluded. */
export function retain(deployment: Deployment, current: Deployment, excluded: string[]): void {
  for (const variant of deployment.variants) {
    const name = variant.variant.VariantName;
    const before = current.variants.find((each) => each.variant.VariantName === name);
    if (!before) continue;
    if (!excluded.includes("DesiredWeight")) variant.weight = before.weight;
    if (!excluded.includes("DesiredInstanceCount")) variant.count = before.count;
  }
  if (!excluded.includes("DataCaptureConfig")) deployment.dataCapture = current.dataCapture;
}
