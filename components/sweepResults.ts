import type { TrainingConfig } from "./configSchema";
import { directionOf, leaderboard, type Ranking, type Result as Row, readme } from "./leaderboard";
import { own } from "./own";
import type { Overrides } from "./sweepVariant";
import type { TrainingJobFacts } from "./trainingJob/state/facts";

/** How one experiment of several came out. */
export interface Result
  extends Pick<
    TrainingJobFacts,
    "trainingJobName" | "status" | "modelArtifact" | "metrics" | "failureReason"
  > {
  attempts?: { reason?: string }[];
  /** With successive halving: rungs that it is behind the last one. */
  behind?: number;
  /** With successive halving: epochs that it was trained for. */
  epochs?: number;
}

/** By what one experiment is better than another. */
export interface Primary {
  metric: string;
  goal: "maximize" | "minimize";
}

/** The best of several experiments. */
export interface Best extends Primary {
  /** Its key in the output `experiments`. */
  experiment: string;
  value: number;
}

/** What the stack says; else the last metric of its list, and the goal that the metric's name speaks of. */
export function primaryOf({
  metrics,
  primaryMetric,
  primaryGoal,
}: Pick<TrainingConfig, "metrics" | "primaryMetric" | "primaryGoal">): Primary {
  const metric = primaryMetric ?? Object.keys(metrics).at(-1) ?? "";
  return { metric, goal: primaryGoal ?? (directionOf(metric) === "min" ? "minimize" : "maximize") };
}

/** What an experiment is judged by; undefined for one that has no model or not the metric. */
export function figureOf(
  { modelArtifact, metrics }: Pick<Result, "modelArtifact" | "metrics">,
  { metric }: Primary,
): number | undefined {
  const value = own(metrics ?? {}, metric);
  return modelArtifact && Number.isFinite(value) ? Number(value) : undefined;
}

/** The best of those that were trained to the end; the first of equal ones. Nothing where none has a model and the metric. */
export function bestOf(results: Record<string, Result>, primary: Primary): Best | undefined {
  const { goal } = primary;
  let best: Best | undefined;
  for (const [experiment, result] of Object.entries(results)) {
    const value = result.behind ? undefined : figureOf(result, primary);
    if (value === undefined) continue;
    const better =
      goal === "maximize" ? value > (best?.value ?? -Infinity) : value < (best?.value ?? Infinity);
    if (better) best = { experiment, ...primary, value };
  }
  return best;
}

/** Characters of a reason: all of it is in the output and on the job's row. */
const LONGEST = 300;

/** What the deployment has to say of the experiments that have no model; nothing where all have one. */
export function failuresOf(
  results: Record<string, Result>,
  onFailure: TrainingConfig["onFailure"],
): string | undefined {
  const failed = Object.entries(results).filter(([, { modelArtifact }]) => !modelArtifact);
  if (failed.length === 0) return undefined;
  const lines = failed.map(
    ([label, result]) => `  ${label} (${result.trainingJobName}): ${reasonOf(result)}`,
  );
  const next =
    onFailure === "record"
      ? "A failure of the script is kept as its result, any other is tried again by the next `pulumi up`."
      : "Next: mend what the reasons name, then `pulumi up`: it trains just these again. What the configuration no longer has is removed then. " +
        "With training:onFailure record such failures are results, and the deployment ends well.";
  return [
    `${failed.length} of ${Object.keys(results).length} experiments ended without a model; the others are kept:`,
    ...lines,
    next,
  ].join("\n");
}

function reasonOf({ status, failureReason, attempts }: Result): string {
  const reason = failureReason ?? attempts?.at(-1)?.reason;
  if (status === "Completed")
    return `Completed, without a model to hand on${reason ? `: ${cut(reason)}` : ""}`;
  return `${status}: ${cut(reason ?? "no reason given")}`;
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

/** Why there is nothing to hand on: of several rungs only the last one counts. */
export const noBest = ({ metric }: Primary, hasRungs = false): string =>
  `No experiment has both a model and the metric ${metric}${hasRungs ? " after the last rung" : ""}: there is no best one, and no modelArtifact. ` +
  "See that the script prints the metric as training:metrics expects it.";

/** The results as a table, and as the page of the stack that Pulumi Cloud shows, both in Markdown with the best first. */
export function pagesOf(
  title: string,
  results: Record<string, Result & Priced & { settings: Overrides }>,
  { metric, goal }: Primary,
): { leaderboard: string; readme: string } {
  const rows = Object.entries(results).map(([name, result]) => rowOf(name, result));
  const ranking: Ranking = { metric, direction: goal === "maximize" ? "max" : "min" };
  return { leaderboard: leaderboard(rows, ranking), readme: readme(title, rows, ranking) };
}

/** What the table shows of a result besides. */
type Priced = Pick<TrainingJobFacts, "trainingSeconds"> & { cost?: { actual?: number | null } | null };

function rowOf(name: string, result: Result & Priced & { settings: Overrides }): Row {
  const { hyperparameters, ...settings } = result.settings as { hyperparameters?: Record<string, unknown> };
  return {
    name,
    parameters: {
      ...settings,
      ...hyperparameters,
      ...(result.epochs === undefined ? {} : { epochs: result.epochs }),
    },
    behind: result.behind,
    metrics: result.metrics ?? {},
    cost: result.cost?.actual,
    seconds: result.trainingSeconds,
    status: result.status,
    artifact: result.modelArtifact,
  };
}
