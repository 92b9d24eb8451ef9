import { metricsOf, type Ranking, ranked, rankingOf } from "../../components/leaderboard";
import { SetupError } from "../../local/setupError.ts";
import type { Run } from "./parameters";

/** The arguments that say what runs are sorted by. */
export const RANKED_BY = {
  metric: { type: "string" },
  max: { type: "boolean", default: false },
  min: { type: "boolean", default: false },
} as const;

/** Sorts runs, the best first, by the metric and the direction asked for; throws at once where both directions are. */
export function rankedBy({ metric, max, min }: { metric?: string; max: boolean; min: boolean }) {
  if (max && min) throw new SetupError("--max and --min exclude each other.");
  return (runs: Run[]): { sorted: Run[]; ranking?: Ranking } => {
    if (metric && !metricsOf(runs).includes(metric)) {
      throw new SetupError(
        `No run has a metric ${metric}; there are: ${metricsOf(runs).join(", ") || "none"}.`,
      );
    }
    const ranking = rankingOf(runs, {
      metric,
      ...(max ? { direction: "max" } : min ? { direction: "min" } : {}),
    });
    return { sorted: ranked(runs, ranking), ranking };
  };
}
