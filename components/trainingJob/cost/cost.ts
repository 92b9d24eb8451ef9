import type { CanonicalInputs } from "../args/args";
import { FILLED } from "../args/defaults";
import type { LivePrices } from "../args/prices";
import { quote } from "./prices";

/** Money, in USD. A figure that needs a price or a time that is not known is absent: nothing is guessed. */
export interface Cost {
  /** What the figures rest on: the price table or the live prices, with region and date, or why there is none. */
  basis: string;
  /** USD per instance and hour, on demand. */
  pricePerHour?: number;
  /** The most that this resource can cost: (max run x attempts + keep alive) x instances x price. */
  worstCase?: number;
  /** (Billable seconds of all attempts + seconds that a warm pool waited) x instances x price. */
  actual?: number;
  /** The part of `actual` for a warm pool that waited for the next job. */
  warmPool?: number;
  /** Seconds that a warm pool waited, as last seen: after the job's end, `pulumi up --refresh` sees more of them. */
  warmPoolSeconds?: number;
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
  /** Prices that were read for this job, in place of the table's. */
  livePrices?: LivePrices;
}

export interface RunSeconds {
  trainingSeconds?: number;
  billableSeconds?: number;
  warmPoolSeconds?: number;
}

const HOUR = 3600;
const DAY_HOURS = 24;

/** What a job can cost at most and, once `run` is known, what it did cost. */
export function costOf(inputs: CostInputs, run: RunSeconds = {}): Cost {
  const { instances, region, livePrices } = inputs;
  const { trainingSeconds: training, billableSeconds: billable, warmPoolSeconds } = run;
  const timed = {
    ...(warmPoolSeconds === undefined ? {} : { warmPoolSeconds }),
    ...(training && billable !== undefined
      ? { savedPercent: round((1 - billable / training) * 100, 1) }
      : {}),
  };
  const types = instances.map((rented) => rented.instanceType);
  const { basis, prices } = quote(types, region, livePrices);
  if (!prices) return { basis, ...timed };

  const hourly = (perInstance: number[]) =>
    perInstance.reduce((sum, price, index) => sum + price * instances[index].instanceCount, 0);
  const perSecond = hourly(prices.map((price) => price.training)) / HOUR;
  const ec2 = prices.map((price) => price.ec2).filter((price) => price !== undefined);
  const longest = inputs.maxRuntimeInSeconds * inputs.maxAttempts + (inputs.keepAlivePeriodInSeconds ?? 0);
  return {
    basis,
    pricePerHour: prices[0].training,
    worstCase: dollars(longest * perSecond),
    ...(billable === undefined ? {} : { actual: dollars((billable + (warmPoolSeconds ?? 0)) * perSecond) }),
    ...(warmPoolSeconds === undefined ? {} : { warmPool: dollars(warmPoolSeconds * perSecond) }),
    ...(training === undefined ? {} : { onDemand: dollars(training * perSecond) }),
    ...(ec2.length < prices.length ? {} : { ec2Idle: dollars(hourly(ec2) * DAY_HOURS) }),
    ...timed,
  };
}

/** What these attempts did cost, and what the resource can cost at most. */
export function costOfAttempts(inputs: CanonicalInputs, region: string, attempts: RunSeconds[]): Cost {
  return costOf(costInputs(inputs, region), {
    trainingSeconds: total(attempts.map((each) => each.trainingSeconds)),
    billableSeconds: total(attempts.map((each) => each.billableSeconds)),
    warmPoolSeconds: total(attempts.map((each) => each.warmPoolSeconds)),
  });
}

/** What these inputs rent, for how long at most, and how often. */
export function costInputs(inputs: CanonicalInputs, region: string): CostInputs {
  const { resourceConfig, stoppingCondition, spot, prices } = inputs;
  const groups: Rented[] = (resourceConfig?.instanceGroups ?? []).map((group) => ({
    instanceType: group.instanceType ?? "",
    instanceCount: group.instanceCount ?? 1,
  }));
  const single: Rented[] = resourceConfig?.instanceType
    ? [{ instanceType: resourceConfig.instanceType, instanceCount: resourceConfig.instanceCount ?? 1 }]
    : [];
  return {
    region,
    instances: groups.length > 0 ? groups : single,
    maxRuntimeInSeconds: Number(
      stoppingCondition?.maxRuntimeInSeconds ?? FILLED.stoppingCondition.maxRuntimeInSeconds,
    ),
    keepAlivePeriodInSeconds: Number(resourceConfig?.keepAlivePeriodInSeconds ?? 0),
    maxAttempts: spot?.fallback === "on-demand" ? 2 : 1,
    ...(prices ? { livePrices: prices } : {}),
  };
}

function total(values: (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length > 0 ? known.reduce((sum, value) => sum + value, 0) : undefined;
}

/** Whole cents hide a two-minute run: four digits. */
const dollars = (amount: number): number => round(amount, 4);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export const formatUsd = (amount: number): string =>
  amount >= 0.1 || amount === 0 ? `$${amount.toFixed(2)}` : `$${amount.toPrecision(2)}`;
