import type { CanonicalInputs } from "../args/args";
import type { HourlyPrice, LivePrices } from "../args/prices";
import { hasUnknown } from "../args/unknown";
import type { AwsApi } from "../aws/api";
import type { Clock } from "../engine/clock";
import { costInputs } from "./cost";

/**
 * Reads on-demand prices from the AWS Price List API, each type once. A price that cannot be read is no error: the answer says why, and
 * the cost says so too. Needs the permission pricing:GetProducts.
 */
export class LivePriceReader {
  readonly #api: Pick<AwsApi, "products">;
  readonly #region: string;
  readonly #clock: Clock;
  readonly #read = new Map<string, Promise<HourlyPrice | Error>>();

  constructor(api: Pick<AwsApi, "products">, region: string, clock: Clock) {
    this.#api = api;
    this.#region = region;
    this.#clock = clock;
  }

  /** The prices of the machines that these inputs rent. */
  async pricesFor(inputs: CanonicalInputs): Promise<LivePrices> {
    const answer: LivePrices = {
      readOn: new Date(this.#clock.now()).toISOString().slice(0, 10),
      perType: {},
    };
    await Promise.all(
      rentedTypes(inputs, this.#region).map(async (type) => {
        const price = this.#read.get(type) ?? this.#price(type).catch((error: Error) => error);
        this.#read.set(type, price);
        const known = await price;
        if (known instanceof Error) answer.problem = String(known).replace(/^Error: /, "");
        else answer.perType[type] = known;
      }),
    );
    return answer;
  }

  async #price(instanceType: string): Promise<HourlyPrice> {
    const training = this.#api.products("AmazonSageMaker", {
      regionCode: this.#region,
      instanceName: instanceType,
      component: "Training",
    });
    const ec2 = this.#api.products("AmazonEC2", {
      regionCode: this.#region,
      instanceType: instanceType.replace(/^ml\./, ""),
      operatingSystem: "Linux",
      tenancy: "Shared",
      preInstalledSw: "NA",
      capacitystatus: "Used",
    });
    const [trained, rented] = await Promise.all([training, ec2.catch(() => [])]);
    const price = hourly(trained, new RegExp(`(^|-)Train:${instanceType.replaceAll(".", "\\.")}$`));
    if (price === undefined) throw new Error(`no price of ${instanceType} is listed for ${this.#region}`);
    const idle = hourly(rented, /(^|-)BoxUsage:/);
    return { training: price, ...(idle === undefined ? {} : { ec2: idle }) };
  }
}

/** Whether these prices are for all machines that the inputs rent. */
export function coversAll(prices: LivePrices | undefined, inputs: CanonicalInputs): boolean {
  return rentedTypes(inputs, "").every((type) => prices?.perType[type] !== undefined);
}

function rentedTypes(inputs: CanonicalInputs, region: string): string[] {
  if (hasUnknown(inputs.resourceConfig)) return [];
  const { instances, alternatives = [] } = costInputs(inputs, region);
  const priced = [...instances, ...alternatives].filter(({ prepaid }) => !prepaid);
  return [...new Set(priced.map((each) => each.instanceType))];
}

/** A product of the Price List API, as far as it is read here. */
interface Product {
  product?: { attributes?: { usagetype?: string } };
  terms?: { OnDemand?: Record<string, { priceDimensions?: Record<string, PriceDimension> }> };
}
interface PriceDimension {
  unit?: string;
  pricePerUnit?: { USD?: string };
}

/** USD per hour of the product with that usage type; the free tier is listed beside it, at nothing. */
function hourly(products: string[], usageType: RegExp): number | undefined {
  const prices = products
    .map((json) => JSON.parse(json) as Product)
    .filter(({ product }) => usageType.test(product?.attributes?.usagetype ?? ""))
    .flatMap(({ terms }) => Object.values(terms?.OnDemand ?? {}))
    .flatMap(({ priceDimensions }) => Object.values(priceDimensions ?? {}))
    .map(({ pricePerUnit }) => Number(pricePerUnit?.USD ?? 0))
    .filter((price) => price > 0);
  return prices.length > 0 ? Math.max(...prices) : undefined;
}
