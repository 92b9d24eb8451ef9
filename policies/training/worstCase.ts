import { trainingPrices } from "../lib/prices";
import type { Instances, TrainingSpec } from "./spec";

/** The most that a training definition can cost, or the instance type whose price is missing. */
export type WorstCase =
  | { usd: number; fleet: Instances[]; seconds: number; jobs: number }
  | { unpriced: string };

/**
 * Every second that the job may run, once more if it may run again on demand, and every second that it keeps its
 * instances warm, at the on-demand price of the dearest fleet; for all jobs that a tuning job may start.
 */
export function worstCase(spec: TrainingSpec, ownPrices: Readonly<Record<string, number>>): WorstCase {
  const prices = { ...trainingPrices, ...ownPrices };
  const { total, parallel } = spec.source.jobs();
  const attempts = spec.fallsBackToOnDemand ? 2 : 1;
  const perJob = spec.maxRunSeconds * attempts + spec.keepAliveSeconds;
  const together = Math.min(perJob * total, (spec.source.totalSeconds() ?? Infinity) * parallel);

  let dearest: { hourly: number; fleet: Instances[] } = { hourly: 0, fleet: [] };
  for (const fleet of spec.fleets) {
    let hourly = 0;
    for (const { type, count } of fleet) {
      const price = type === undefined ? undefined : prices[type];
      if (price === undefined) {
        return { unpriced: type ?? "capacity without a named instance type" };
      }
      hourly += price * count;
    }
    if (hourly >= dearest.hourly) {
      dearest = { hourly, fleet };
    }
  }
  return {
    usd: (dearest.hourly * together) / 3600,
    fleet: dearest.fleet,
    seconds: together,
    jobs: total,
  };
}
