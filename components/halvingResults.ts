import { createHash } from "node:crypto";
import type { Halving } from "./halvingPlan";
import { figureOf, type Primary } from "./sweepResults";
import type { Cost } from "./trainingJob/cost/cost";
import type { TrainingJobFacts } from "./trainingJob/state/facts";

/** What is looked at of a job of a rung. */
export const LOOKED_AT = [
  ...(["trainingJobName", "trainingJobArn", "status", "failureReason", "modelArtifact", "image"] as const),
  ...(["metrics", "trainingSeconds", "billableSeconds", "cost", "attempts", "timeline"] as const),
  ...(["logUrl", "consoleUrl"] as const),
];

/** What is told of an experiment besides: how far it went. */
export const OF_RUNGS = ["rung", "epochs", "behind"] as const;

/** How one experiment came out of one rung. */
export interface Run extends Pick<TrainingJobFacts, (typeof LOOKED_AT)[number]> {
  /** Which experiment it is, by its place among all of them. */
  variant: number;
}

/** How one experiment came out: its last job, with the seconds and the cost of all of them. */
export interface Outcome extends Run {
  /** The last rung that it was in, from 1. */
  rung: number;
  /** Epochs that it was trained for with success. */
  epochs: number;
  /** Rungs that it is behind the last one. */
  behind: number;
}

/**
 * Who goes on to the next rung, by their places in it: the best of those with a model and the metric.
 *
 * @param names what each experiment is called in the state
 */
export function chosen(runs: Run[], places: number, primary: Primary, names: string[]): Run[] {
  const sign = primary.goal === "maximize" ? -1 : 1;
  const rank = (run: Run) => sign * (figureOf(run, primary) as number);
  const best = runs
    .filter((run) => figureOf(run, primary) !== undefined)
    .sort((a, b) => rank(a) - rank(b) || (names[a.variant] < names[b.variant] ? -1 : 1));
  return seated(best.slice(0, places), names);
}

/**
 * Each at a place that depends on it and on the place, and hardly on who else is there: where another one comes in, few of the others move.
 * In the order of ranks or of names one more at the top would move all.
 */
function seated(runs: Run[], names: string[]): Run[] {
  const draw = (place: number, { variant }: Run) =>
    createHash("sha256").update(`${place} ${names[variant]}`).digest("hex");
  const pairs = runs.flatMap((run) => runs.map((_, place) => ({ run, place, draw: draw(place, run) })));
  const seats: Run[] = [];
  for (const { run, place } of pairs.sort((a, b) => (a.draw < b.draw ? -1 : 1))) {
    if (!seats[place] && !seats.includes(run)) seats[place] = run;
  }
  return seats;
}

/** How each experiment came out, by its place among all of them. */
export function outcomesOf(rungs: Run[][], { epochs }: Halving): Outcome[] {
  return rungs[0].map(({ variant }) => {
    const runs = rungs.flatMap((each) => each.filter((run) => run.variant === variant));
    const last = runs[runs.length - 1];
    const attempts = runs.flatMap((run) => run.attempts ?? []);
    const trained = last.modelArtifact ? runs.length : runs.length - 1;
    return {
      ...last,
      attempts,
      trainingSeconds: total(runs.map((run) => run.trainingSeconds)) ?? null,
      billableSeconds: total(runs.map((run) => run.billableSeconds)) ?? null,
      cost: costOf(runs),
      rung: runs.length,
      epochs: trained === 0 ? 0 : epochs[trained - 1],
      behind: epochs.length - runs.length,
    };
  });
}

/** All that the jobs of one experiment cost. A figure that one of them lacks is absent. */
function costOf(runs: Run[]): Cost {
  const sum = (key: "worstCase" | "actual" | "warmPool" | "warmPoolSeconds" | "onDemand") => {
    const value = total(runs.map(({ cost }) => cost?.[key]));
    return value === undefined ? {} : { [key]: value };
  };
  const { savedPercent: _ofOne, ...last } = runs[runs.length - 1].cost ?? {};
  const figures = { ...sum("worstCase"), ...sum("actual"), ...sum("onDemand") };
  const all = { ...last, ...figures, ...sum("warmPool"), ...sum("warmPoolSeconds") } as Cost;
  const billed = total(runs.map((run) => run.billableSeconds));
  const seconds = total(runs.map((run) => run.trainingSeconds));
  return billed === undefined || !seconds
    ? all
    : { ...all, savedPercent: rounded((1 - billed / seconds) * 100, 1) };
}

/** What successive halving spent, and what the full grid would have. */
export interface Savings {
  /** Of each rung: epochs that a training has behind it, experiments that were in it, those that failed there, and what it took. */
  rungs: { epochs: number; experiments: number; failed: number; secondsSpent: number; costSpent?: number }[];
  /** Seconds that all jobs trained, over all attempts. */
  secondsSpent: number;
  /** An estimate: start-up once, and the measured seconds per epoch for all epochs of each experiment that did not fail. */
  secondsOfTheGrid: number;
  savedSeconds: number;
  savedPercent: number;
  /** USD, at what a second of each experiment did cost. Absent where a price is not known. */
  costSpent?: number;
  costOfTheGrid?: number;
  savedCost?: number;
}

export function savingsOf(rungs: Run[][], { epochs }: Halving): Savings {
  const whole = epochs[epochs.length - 1];
  const each = rungs[0].map(({ variant }) => {
    const runs = rungs.flatMap((rung) => rung.filter((run) => run.variant === variant));
    const spent = secondsOf(runs);
    const grid = runs.every((run) => run.modelArtifact)
      ? secondsOf([runs[0]]) - atWork([runs[0]]) + (atWork(runs) * whole) / epochs[runs.length - 1]
      : spent; // as long in a grid: it fails there too
    const cost = total(runs.map((run) => run.cost?.actual));
    return {
      spent,
      grid,
      cost,
      costOfTheGrid: cost === undefined ? cost : spent > 0 ? (cost * grid) / spent : 0,
    };
  });
  const [spent, grid] = [sumOf(each.map((one) => one.spent)), sumOf(each.map((one) => one.grid))];
  const [cost, ofTheGrid] = [total(each.map((one) => one.cost)), total(each.map((one) => one.costOfTheGrid))];
  const money = (value: number) => rounded(value, 4);
  return {
    rungs: rungs.map((runs, rung) => {
      const costSpent = total(runs.map((run) => run.cost?.actual));
      return {
        epochs: epochs[rung],
        experiments: runs.length,
        failed: runs.filter((run) => !run.modelArtifact).length,
        secondsSpent: secondsOf(runs),
        ...(costSpent === undefined ? {} : { costSpent: money(costSpent) }),
      };
    }),
    secondsSpent: spent,
    secondsOfTheGrid: Math.round(grid),
    savedSeconds: Math.round(grid - spent),
    savedPercent: grid > 0 ? rounded((1 - spent / grid) * 100, 1) : 0,
    ...(cost === undefined || ofTheGrid === undefined
      ? {}
      : { costSpent: money(cost), costOfTheGrid: money(ofTheGrid), savedCost: money(ofTheGrid - cost) }),
  };
}

/** Seconds that jobs trained, over all attempts. */
const secondsOf = (runs: Run[]): number =>
  sumOf(runs.flatMap(({ attempts }) => attempts ?? []).map((each) => each.trainingSeconds ?? 0));

/** Seconds in which their scripts ran, without downloads and uploads: all of their time where the timeline does not tell. */
const atWork = (runs: Run[]): number =>
  sumOf(
    runs.map(({ timeline, trainingSeconds }) => {
      const phases = (timeline ?? []).filter(({ status, endTime }) => status === "Training" && endTime);
      const told = sumOf(
        phases.map((each) => (Date.parse(each.endTime ?? "") - Date.parse(each.startTime)) / 1000),
      );
      const seconds = trainingSeconds ?? 0;
      return told > 0 ? Math.min(told, seconds) : seconds;
    }),
  );

const sumOf = (values: number[]): number => values.reduce((sum, each) => sum + each, 0);

/** Undefined where one of them is not known. */
function total(values: (number | null | undefined)[]): number | undefined {
  return values.every((each) => typeof each === "number") ? sumOf(values as number[]) : undefined;
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));
