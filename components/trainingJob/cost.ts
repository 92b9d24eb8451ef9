import { type HourlyPrice, PRICE_TABLE, tablePrice } from "./prices";

/** Money, in USD. A figure that needs a price or a time that is not known is absent: nothing is guessed. */
export interface Cost {
  /** What the figures rest on: the price table with its region and date, or why there is none. */
  basis: string;
  /** USD per instance and hour, on demand. */
  pricePerHour?: number;
  /** The most that this resource can cost: (max run x attempts + keep alive) x instances x price. */
  worstCase?: number;
  /** Billable seconds of all attempts x instances x price. */
  actual?: number;
  /** The same training at the on-demand price: training seconds x instances x price. */
  onDemand?: number;
  /** The same hardware rented from EC2 and left on for a day. */
  ec2Idle?: number;
  /** (1 - billable / training seconds) x 100: what managed spot saved. */
  savedPercent?: number;
}

/** One kind of instance that a job rents. */
export interface Rented {
  instanceType: string;
  instanceCount: number;
}

export interface CostInputs {
  region: string;
  instances: Rented[];
  maxRuntimeInSeconds: number;
  keepAlivePeriodInSeconds?: number;
  /** How many jobs one deployment may start: 1, and one more with the on-demand fallback. */
  maxAttempts: number;
}

export interface RunSeconds {
  trainingSeconds?: number;
  billableSeconds?: number;
}

const HOUR = 3600;
const DAY_HOURS = 24;

/** What a job can cost at most and, once `run` is known, what it did cost. */
export function costOf(inputs: CostInputs, run: RunSeconds = {}, price = tablePrice): Cost {
  const priced = inputs.instances.map((rented) => ({
    ...rented,
    price: price(rented.instanceType, inputs.region),
  }));
  const { trainingSeconds: training, billableSeconds: billable } = run;
  const savedPercent =
    training && billable !== undefined ? { savedPercent: round((1 - billable / training) * 100, 1) } : {};
  const unknown = priced.find((rented) => !rented.price);
  if (unknown || priced.length === 0) {
    const what = unknown ? `${unknown.instanceType} in ${inputs.region}` : "this job's instances";
    return { basis: `no price known for ${what}`, ...savedPercent };
  }
  const hourly = (pick: (price: HourlyPrice) => number) =>
    priced.reduce((sum, rented) => sum + pick(rented.price as HourlyPrice) * rented.instanceCount, 0);
  const perSecond = hourly((each) => each.training) / HOUR;
  const longest = inputs.maxRuntimeInSeconds * inputs.maxAttempts + (inputs.keepAlivePeriodInSeconds ?? 0);
  return {
    basis: `on-demand prices of ${PRICE_TABLE.region}, ${PRICE_TABLE.date}`,
    pricePerHour: priced[0].price?.training,
    worstCase: dollars(longest * perSecond),
    ...(billable === undefined ? {} : { actual: dollars(billable * perSecond) }),
    ...(training === undefined ? {} : { onDemand: dollars(training * perSecond) }),
    ec2Idle: dollars(hourly((each) => each.ec2) * DAY_HOURS),
    ...savedPercent,
  };
}

/** Whole cents hide a two-minute run: four digits. */
const dollars = (amount: number): number => round(amount, 4);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export const formatUsd = (amount: number): string =>
  amount >= 0.1 || amount === 0 ? `$${amount.toFixed(2)}` : `$${amount.toPrecision(2)}`;
