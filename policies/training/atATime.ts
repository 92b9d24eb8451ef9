import type { Instances, TrainingSpec } from "./spec";

/** How many instances a training definition has at a time. */
export interface AtATime {
  /** Of the largest fleet of one job, with the machines of its rules. */
  perJob: number;
  /** Those of them that its debugger and profiler rules start. */
  rules: number;
  /** Jobs at a time; undefined where nothing bounds them. */
  parallel: number | undefined;
}

export function atATime(spec: TrainingSpec): AtATime {
  const rules = sum(spec.ruleInstances);
  const perJob = Math.max(...spec.fleets.map(sum)) + rules;
  return { perJob, rules, parallel: spec.source.jobs().parallel };
}

const sum = (fleet: readonly Instances[]): number => fleet.reduce((all, { count }) => all + count, 0);
