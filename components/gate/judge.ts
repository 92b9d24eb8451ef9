import type { Model } from "../model";
import { own } from "../own";

/** What a model must reach to be handed on. */
export interface GateRule {
  metric: string;
  /** Whether more of it is better, or less. */
  goal: "maximize" | "minimize";
  /** The worst figure that is good enough: the least with `maximize`, the most with `minimize`. */
  limit?: number;
  /** The stack that serves a model, as a StackReference names it: what is handed on is better than that model. */
  betterThan?: string;
  /** By how much it is better, at least. Default: by anything. */
  by?: number;
}

/** What of a model in service matters here. */
export type InService = Pick<Model, "trainingJobName" | "metrics">;

/** How a model came out of the gate. */
export interface Verdict {
  passed: boolean;
  metric: string;
  /** What the model reached; undefined where it has no such metric. */
  value?: number;
  /** What was asked of it, the hardest where that is several things; undefined where that is nothing. */
  threshold?: number;
  /** The job of the model. */
  trainingJobName?: string;
  /** Why it did not pass, with both figures. */
  reason?: string;
}

/** One thing that is asked of a model. */
interface Bound {
  figure: number;
  /** Whether the very figure is not enough. */
  beyond: boolean;
  /** `at least 0.9`. */
  asked: string;
}

/**
 * Judges a model. The model that is in service itself need not be better than itself. SageMaker keeps a metric in 32 bits, so that 0.9
 * comes back as 0.8999999761581421: figures are compared as it keeps them.
 *
 * @param candidate undefined where no experiment has left one
 * @param inService undefined where nothing is
 */
export function judge(candidate: Model | undefined, rule: GateRule, inService?: InService): Verdict {
  const { metric } = rule;
  if (!candidate) return { passed: false, metric, reason: "No experiment has a model to hand on." };
  const { trainingJobName } = candidate;
  const value = figureOf(candidate, metric);
  const other = inService && inService.trainingJobName !== trainingJobName ? inService : undefined;
  const bounds = boundsOf(rule, other);
  const figures = bounds.map(({ figure }) => figure);
  const hardest = rule.goal === "maximize" ? Math.max(...figures) : Math.min(...figures);
  const threshold = figures.length > 0 ? hardest : undefined;
  const verdict = { metric, value, threshold, trainingJobName };
  const faults = faultsOf(candidate, rule, bounds, other);
  if (faults.length === 0) return { passed: true, ...verdict };
  return {
    passed: false,
    ...verdict,
    reason: `${trainingJobName} is not handed on: ${faults.join(", and ")}.`,
  };
}

function boundsOf(rule: GateRule, inService: InService | undefined): Bound[] {
  const { goal, limit, by, metric } = rule;
  const [least, more] = goal === "maximize" ? ["at least", "more"] : ["at most", "less"];
  const bounds: Bound[] = [];
  if (limit !== undefined) bounds.push({ figure: limit, beyond: false, asked: `${least} ${shown(limit)}` });
  const served = inService && figureOf(inService, metric);
  if (served === undefined) return bounds;
  const whose = `the ${shown(served)} of ${inService?.trainingJobName}, which is in service`;
  if (!by) return [...bounds, { figure: served, beyond: true, asked: `${more} than ${whose}` }];
  // 0.7, which comes back as 0.699999988079071, is to be undercut by 0.3 with 0.4.
  const plain = rounded(served);
  const figure = goal === "maximize" ? plain + by : plain - by;
  const asked = `${least} ${shown(figure)}, better by ${shown(by)} than ${whose}`;
  return [...bounds, { figure, beyond: false, asked }];
}

function faultsOf(candidate: Model, rule: GateRule, bounds: Bound[], inService?: InService): string[] {
  const { metric } = rule;
  const value = figureOf(candidate, metric);
  if (value === undefined)
    return [`it has no figure for ${metric} (it has ${namesOf(candidate)}), which training:gate asks for`];
  const faults = bounds
    .filter((bound) => !reaches(value, bound, rule))
    .map(({ asked }) => `its ${metric} is ${shown(value)}, and training:gate asks for ${asked}`);
  if (inService && figureOf(inService, metric) === undefined) {
    const { trainingJobName } = inService;
    faults.push(
      `${trainingJobName}, which is in service, has no figure for ${metric} to compare with (it has ${namesOf(inService)})`,
    );
  }
  return faults;
}

function reaches(value: number, { figure, beyond }: Bound, { goal }: GateRule): boolean {
  const [reached, asked] = [Math.fround(value), Math.fround(figure)];
  if (reached === asked) return !beyond;
  return goal === "maximize" ? reached > asked : reached < asked;
}

function figureOf({ metrics }: Pick<Model, "metrics">, metric: string): number | undefined {
  const value = own(metrics ?? {}, metric);
  return Number.isFinite(value) ? value : undefined;
}

const namesOf = ({ metrics }: Pick<Model, "metrics">): string =>
  Object.keys(metrics ?? {}).join(", ") || "none";

/** To as many digits as 32 bits hold. */
const rounded = (figure: number): number => Number(figure.toPrecision(7));
const shown = (figure: number): string => String(rounded(figure));
