import type { DeployedVariant, Deployment, EndpointRecord } from "../records/record.ts";
import type { Fleet } from "../serve/fleet.ts";
import type { Instance } from "../serve/instance.ts";

/** Where a request goes. */
export interface Route {
  variant: string;
  isServerless: boolean;
  deployed: DeployedVariant;
  deployment: Deployment;
  /** Undefined where no instance of the variant is healthy. */
  instance: Instance | undefined;
}

/** What runs for one endpoint, and how requests are shared out among it. */
export class LiveEndpoint {
  readonly record: EndpointRecord;
  /** What answers; and what is about to take its place, with the share of the requests that it gets already. */
  blue: Fleet | undefined;
  green: Fleet | undefined;
  greenShare = 0;

  constructor(record: EndpointRecord) {
    this.record = record;
  }

  get fleets(): Fleet[] {
    return [this.blue, this.green].flatMap((fleet) => fleet ?? []);
  }

  /**
   * Chooses the fleet by its share, then the variant by its weight, or the one that is asked for.
   *
   * @param random from 0 to 1, for both choices
   * @returns undefined where nothing is deployed, "no variant" where the one that is asked for is not
   */
  route(target: string | undefined, random: () => number): Route | "no variant" | undefined {
    const fleet = this.green && random() < this.greenShare ? this.green : this.blue;
    if (!fleet) return undefined;
    const { variants } = fleet.deployment;
    const chosen =
      target === undefined
        ? weighted(variants, random())
        : variants.find(({ variant }) => variant.VariantName === target);
    if (!chosen) return "no variant";
    const variant = chosen.variant.VariantName ?? "";
    const isServerless = chosen.variant.ServerlessConfig !== undefined;
    const { deployment } = fleet;
    return { variant, isServerless, deployed: chosen, deployment, instance: fleet.choose(variant) };
  }
}

/** One of several by their weights. `random` is from 0 to 1. */
export function weighted<T extends { weight: number }>(all: readonly T[], random: number): T | undefined {
  let left = random * all.reduce((sum, { weight }) => sum + weight, 0);
  for (const each of all) {
    if (left < each.weight) return each;
    left -= each.weight;
  }
  return all.findLast(({ weight }) => weight > 0);
}
