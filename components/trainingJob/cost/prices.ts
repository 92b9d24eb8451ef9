import type { HourlyPrice, LivePrices } from "../args/prices";

/** Where and when the table below was read; other regions cost up to about half as much again. */
export const PRICE_TABLE = { region: "us-east-1", date: "2026-11" } as const;

const TABLE: Record<string, HourlyPrice> = {
  "ml.g5.xlarge": { training: 1.408, ec2: 1.006 },
  "ml.g5.2xlarge": { training: 1.515, ec2: 1.212 },
  "ml.g5.4xlarge": { training: 2.03, ec2: 1.624 },
  "ml.g5.8xlarge": { training: 3.06, ec2: 2.448 },
  "ml.g5.12xlarge": { training: 7.09, ec2: 5.672 },
  "ml.g5.16xlarge": { training: 5.12, ec2: 4.096 },
  "ml.g5.24xlarge": { training: 10.18, ec2: 8.144 },
  "ml.g5.48xlarge": { training: 20.36, ec2: 16.288 },
};

/** The table's price, or undefined for a type or region that is not in it: an unknown price is never guessed. */
export function tablePrice(instanceType: string, region: string): HourlyPrice | undefined {
  return region === PRICE_TABLE.region ? TABLE[instanceType] : undefined;
}

/** Prices of several types, all from one source, and which one that is. */
export interface Quote {
  basis: string;
  /** One price for each type, in order; absent when one of them is not known. */
  prices?: HourlyPrice[];
}

/** The live prices if there is one for every type, else the table's if there is one for every type. */
export function quote(instanceTypes: string[], region: string, live?: LivePrices): Quote {
  const fromLive = instanceTypes.map((type) => live?.perType[type]);
  if (live && isComplete(fromLive)) {
    return { basis: `on-demand prices of ${region}, read on ${live.readOn}`, prices: fromLive };
  }
  const unread = live ? `; the live prices are missing: ${live.problem ?? "not listed"}` : "";
  const fromTable = instanceTypes.map((type) => tablePrice(type, region));
  if (isComplete(fromTable)) {
    return {
      basis: `on-demand prices of ${PRICE_TABLE.region}, ${PRICE_TABLE.date}${unread}`,
      prices: fromTable,
    };
  }
  const unknown = instanceTypes[fromTable.indexOf(undefined)];
  const what = unknown ? `${unknown} in ${region}` : "this job's instances";
  return { basis: `no price known for ${what}${unread}` };
}

const isComplete = (prices: (HourlyPrice | undefined)[]): prices is HourlyPrice[] =>
  prices.length > 0 && prices.every((price) => price !== undefined);
