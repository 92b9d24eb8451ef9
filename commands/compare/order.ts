import { metricsOf, type Ranking, ranked, rankingOf } from "../../components/leaderboard";
import { printable } from "../../components/trainingJob/state/printable";
import { SetupError } from "../../local/setupError.ts";
import type { Run } from "./parameters";
import { withPrimary } from "./stacks";

/** The arguments that say what runs are sorted by. */
export const RANKED_BY = {
  metric: { type: "string" },
  max: { type: "boolean", default: false },
  min: { type: "boolean", default: false },
} as const;

/** Sorts runs, the best first, by the metric and the direction asked for, or else by what their stacks name; throws at once where both directions are asked for. */
export function rankedBy({ metric, max, min }: { metric?: string; max: boolean; min: boolean }) {
  if (max && min) throw new SetupError("--max and --min exclude each other.");
  const direction = max ? "max" : min ? "min" : undefined;
  return (runs: Run[], primary: Partial<Ranking>): { sorted: Run[]; ranking?: Ranking } => {
    if (metric && !metricsOf(runs).includes(metric)) {
      throw new SetupError(
        `No run has a metric ${metric}; there are: ${printable(metricsOf(runs).join(", ")) || "none"}.`,
      );
    }
    const ranking = rankingOf(runs, withPrimary({ metric, direction }, primary, metricsOf(runs)));
    return { sorted: ranked(runs, ranking), ranking };
  };
}
