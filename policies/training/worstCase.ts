import { hasLocalStorage } from "../lib/localStorage";
import { monthHours, type OwnPrices, priceTable, storagePrices, trainingPrices } from "../lib/prices";
import { numberAt } from "../lib/properties";
import type { Instances, TrainingSpec } from "./spec";

/** The most that a training definition can cost; or what has no price that is known; or that nothing bounds it. */
export type WorstCase =
  | { usd: number; fleet: Instances[]; ruleInstances: Instances[]; seconds: number; jobs: number | undefined }
  | { unpriced: string }
  | { unbounded: true };

/**
 * Every second that the job may run, once more if it may run again on demand, and every second that it keeps its instances warm, at the
 * on-demand price of the dearest fleet with its storage and with the machines of its rules; for all jobs that a tuning job may start.
 */
export function worstCase(spec: TrainingSpec, own: OwnPrices): WorstCase {
  const { total, parallel } = spec.source.jobs();
  const attempts = spec.fallsBackToOnDemand ? 2 : 1;
  const perJob = spec.maxRunSeconds * attempts + spec.keepAliveSeconds;
  const together = Math.min(
    perJob * (total ?? Infinity),
    (spec.source.totalSeconds() ?? Infinity) * (parallel ?? Infinity),
  );
  if (together === Infinity) return { unbounded: true };

  if (spec.serverless) return { unpriced: "serverless capacity" };
  const { ruleInstances } = spec;
  const beside = hourly(ruleInstances, spec, own);
  if (typeof beside === "string") return { unpriced: beside };
  let dearest: { hourly: number; fleet: Instances[] } = { hourly: 0, fleet: [] };
  for (const fleet of spec.fleets) {
    const price = hourly(fleet, spec, own);
    if (typeof price === "string") return { unpriced: price };
    if (price >= dearest.hourly) dearest = { hourly: price, fleet };
  }
  return {
    usd: ((dearest.hourly + beside) * together) / 3600,
    fleet: dearest.fleet,
    ruleInstances,
    seconds: together,
    jobs: total,
  };
}

/** USD per hour of some instances with their volumes, or what of them has no price that is known. */
function hourly(fleet: readonly Instances[], spec: TrainingSpec, own: OwnPrices): number | string {
  let sum = 0;
  for (const { type, count, volumeGb } of fleet) {
    if (type === undefined) return "capacity without a named instance type";
    const price = instancePrice(type, spec, own);
    const { region } = spec.source;
    if (price === undefined) return `${type} in ${region() ?? "a region that is not named"}`;
    sum += price * count;
    if (volumeGb === 0 || hasLocalStorage(type)) continue;
    const storage = { ...storagePrices, ...own.storageUsdPerGbMonth }[region() ?? ""];
    if (storage === undefined) return `storage volumes in ${region() ?? "a region that is not named"}`;
    sum += (storage * volumeGb * count) / monthHours;
  }
  return sum;
}

/** A price is taken where it is known: the organisation's own, the one that the job itself read, or the table's, in its region. */
function instancePrice(type: string, { source }: TrainingSpec, own: OwnPrices): number | undefined {
  return (
    own.pricesUsdPerHour[type] ??
    livePrice(type, source.livePrices()) ??
    (source.region() === priceTable.region ? trainingPrices[type] : undefined)
  );
}

function livePrice(type: string, prices: Record<string, unknown>): number | undefined {
  return prices[type] === undefined ? undefined : numberAt({ price: prices[type] }, "price.training");
}

/** What to do about a price that is not known. */
export const unpricedFix =
  "Use an instance type and region whose prices are known, read them with livePrices, or add them to pricesUsdPerHour and storageUsdPerGbMonth of this rule";

/** What to do about jobs that may go on for ever. */
export function unboundedFix({ source }: TrainingSpec): string {
  return (
    source.unbounded?.total ??
    "Set config.resourceLimits.maxNumberOfTrainingJobs, or config.resourceLimits.maxRuntimeInSeconds"
  );
}
