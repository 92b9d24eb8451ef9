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
  /** Of a training plan: no price is claimed for it. */
  prepaid?: boolean;
}

export interface CostInputs {
  region: string;
  /** What is rented together. */
  instances: Rented[];
  /** Of which one is rented, in place of `instances`: the job tells which. */
  alternatives?: Rented[];
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
  /** What it ran on, where the inputs leave a choice. */
  selected?: Rented;
}

const HOUR = 3600;
const DAY_HOURS = 24;

/** What a job can cost at most and, once runs are known, what they did cost. */
export function costOf(inputs: CostInputs, ...runs: RunSeconds[]): Cost {
  const choices = inputs.alternatives?.map((each) => [each]) ?? [inputs.instances];
  const rates = choices.map((rented) => rateOf(rented, inputs));
  const only = rates.length === 1 ? rates[0] : undefined;
  const ofRun = ({ selected }: RunSeconds): Rate | undefined => {
    const asked = inputs.alternatives?.find((each) => each.instanceType === selected?.instanceType);
    return selected ? rateOf([{ ...asked, ...selected }], inputs) : only;
  };
  // One run that took time at an unknown price leaves the sum unknown.
  const money = (seconds: (run: RunSeconds) => number | undefined): number | undefined => {
    const costs = runs.map((run) => {
      const time = seconds(run);
      return time ? time * (ofRun(run)?.perSecond ?? Number.NaN) : time;
    });
    const sum = total(costs);
    return Number.isNaN(sum) ? undefined : sum;
  };
  const last = runs.at(-1);
  const shown = (last && ofRun(last)) ?? only;
  // What a plan has paid for adds nothing; what has no price leaves the worst case unknown.
  const priced = rates.filter((_, index) => !choices[index].some((each) => each.prepaid));
  const longest = inputs.maxRuntimeInSeconds * inputs.maxAttempts + (inputs.keepAlivePeriodInSeconds ?? 0);
  const unknown = priced.find(({ perSecond }) => perSecond === undefined);
  const worst =
    unknown || priced.length === 0 ? undefined : Math.max(...priced.map(({ perSecond = 0 }) => perSecond));
  const billed = money(({ billableSeconds: time, warmPoolSeconds: waited = 0 }) =>
    time === undefined ? undefined : time + waited,
  );
  return {
    basis: (shown ?? unknown ?? priced[0] ?? rates[0]).basis,
    ...known("pricePerHour", shown?.pricePerHour),
    ...known("worstCase", worst && longest * worst, dollars),
    ...known("actual", billed, dollars),
    ...known(
      "warmPool",
      money((run) => run.warmPoolSeconds),
      dollars,
    ),
    ...known(
      "onDemand",
      money((run) => run.trainingSeconds),
      dollars,
    ),
    ...known("ec2Idle", shown?.ec2PerDay, dollars),
    ...timesOf(runs),
  };
}

interface Rate {
  basis: string;
  /** USD for all instances; absent where there is no price. */
  perSecond?: number;
  /** USD for one instance, the first. */
  pricePerHour?: number;
  ec2PerDay?: number;
}

function rateOf(rented: Rented[], { region, livePrices }: CostInputs): Rate {
  if (rented.some(({ prepaid }) => prepaid)) return { basis: "the capacity is paid for by a training plan" };
  const types = rented.map(({ instanceType }) => instanceType);
  const { basis, prices } = quote(types, region, livePrices);
  if (!prices) return { basis };
  const sum = (each: (number | undefined)[]) =>
    each.reduce<number | undefined>(
      (all, price, index) =>
        all === undefined || price === undefined ? undefined : all + price * rented[index].instanceCount,
      0,
    );
  const ec2 = sum(prices.map((price) => price.ec2));
  return {
    basis,
    perSecond: (sum(prices.map((price) => price.training)) ?? 0) / HOUR,
    pricePerHour: prices[0].training,
    ...(ec2 === undefined ? {} : { ec2PerDay: ec2 * DAY_HOURS }),
  };
}

/** What needs no price. */
function timesOf(runs: RunSeconds[]): Pick<Cost, "warmPoolSeconds" | "savedPercent"> {
  const training = total(runs.map((run) => run.trainingSeconds));
  const billable = total(runs.map((run) => run.billableSeconds));
  const saved = training && billable !== undefined ? (1 - billable / training) * 100 : undefined;
  return {
    ...known("warmPoolSeconds", total(runs.map((run) => run.warmPoolSeconds))),
    ...known("savedPercent", saved, (percent) => round(percent, 1)),
  };
}

/** A property for a figure that is known, and none for one that is not. */
function known<K extends string>(
  name: K,
  value: number | undefined,
  as = (figure: number) => figure,
): { [P in K]?: number } {
  return (value === undefined ? {} : { [name]: as(value) }) as { [P in K]?: number };
}

/** What these attempts did cost, and what the resource can cost at most. */
export function costOfAttempts(inputs: CanonicalInputs, region: string, attempts: RunSeconds[]): Cost {
  return costOf(costInputs(inputs, region), ...attempts);
}

/** What these inputs rent, for how long at most, and how often. */
export function costInputs(inputs: CanonicalInputs, region: string): CostInputs {
  const { resourceConfig: resources = {}, stoppingCondition, spot, prices } = inputs;
  const { instanceGroups = [], instancePreferences = [], instanceType, instanceCount = 1 } = resources;
  const plan = resources.trainingPlanArn === undefined ? {} : { prepaid: true };
  const groups = instanceGroups.map((group) => ({
    instanceType: group.instanceType ?? "",
    instanceCount: group.instanceCount ?? 1,
    ...plan,
  }));
  const single = instanceType ? [{ instanceType, instanceCount, ...plan }] : [];
  const alternatives = instancePreferences.map((each) => ({
    instanceType: each.instanceType ?? "",
    instanceCount: each.instanceCount ?? instanceCount,
    ...(each.trainingPlanArns?.length ? { prepaid: true } : plan),
  }));
  return {
    region,
    instances: groups.length > 0 ? groups : single,
    ...(alternatives.length > 0 ? { alternatives } : {}),
    maxRuntimeInSeconds: Number(
      stoppingCondition?.maxRuntimeInSeconds ?? FILLED.stoppingCondition.maxRuntimeInSeconds,
    ),
    keepAlivePeriodInSeconds: Number(resources.keepAlivePeriodInSeconds ?? 0),
    maxAttempts: spot?.fallback === "on-demand" ? 2 : 1,
    ...(prices ? { livePrices: prices } : {}),
  };
}

function total(values: (number | undefined)[]): number | undefined {
  const all = values.filter((value) => value !== undefined);
  return all.length > 0 ? all.reduce((sum, value) => sum + value, 0) : undefined;
}

/** Whole cents hide a two-minute run: four digits. */
const dollars = (amount: number): number => round(amount, 4);
const round = (value: number, digits: number): number => Number(value.toFixed(digits));

export const formatUsd = (amount: number): string =>
  amount >= 0.1 || amount === 0 ? `$${amount.toFixed(2)}` : `$${amount.toPrecision(2)}`;
