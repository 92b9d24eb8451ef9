import type { PricingClient } from "@aws-sdk/client-pricing";

/** The Price List API answers in a few regions only, for all of AWS. */
export const PRICE_LIST_REGION = "us-east-1";
/** Prices are for information: a network without a way to the API must not hold a deployment up. */
const TIMEOUT_MS = 10_000;

/** All products of a service whose attributes have these values, each as JSON. */
export async function listProducts(
  { paginateGetProducts }: typeof import("@aws-sdk/client-pricing"),
  client: PricingClient,
  service: string,
  attributes: Record<string, string>,
): Promise<string[]> {
  const Filters = Object.entries(attributes).map(([Field, Value]) => ({
    Type: "TERM_MATCH" as const,
    Field,
    Value,
  }));
  const found: string[] = [];
  const abortSignal = AbortSignal.timeout(TIMEOUT_MS);
  const pages = paginateGetProducts({ client }, { ServiceCode: service, Filters }, { abortSignal });
  for await (const page of pages) found.push(...(page.PriceList ?? []).map(String));
  return found;
}
