import type { Ranking } from "../../components/leaderboard";
import { own } from "../../components/own";
import type { Report } from "../../local/report.ts";
import { uriOf } from "../compare/find";
import type { Run } from "../compare/parameters";
import type { Source } from "../compare/stacks";
import { type Confusion, confusionOf } from "./confusion";
import { readModelFile } from "./modelFile";

/** What train/ writes into the model artifact beside the weights. */
const METRICS_FILE = "metrics.json";

/** The first of the ranked runs, where it completed with a model and has the metric that they are ranked by. */
export function bestOf(ranked: Run[], ranking: Ranking | undefined): Run | undefined {
  const [first] = ranked;
  if (!first || !ranking || first.status !== "Completed" || first.artifact === null) return undefined;
  return Number.isFinite(own(first.metrics, ranking.metric)) ? first : undefined;
}

/** The confusion matrix that the best run's artifact holds; or why there is none. It is asked of the S3 that has the run's record. */
export async function confusionOfBest(
  best: Run | undefined,
  sources: Source[],
  report: Report,
): Promise<Confusion | string> {
  if (!best) return "no run has both a model and a metric";
  const source = sources.find((each) => best.uri.startsWith(uriOf(each)));
  if (!source || !best.artifact) return `the record of ${best.name} names no model`;
  report(`Reading the confusion matrix of ${best.name} in ${best.artifact} ...`);
  const file = await readModelFile(source.s3, best.artifact, METRICS_FILE);
  const found = "text" in file ? confusionOf(file.text) : file.missing;
  return typeof found === "string" ? `the model of the best run is ${best.artifact}; ${found}` : found;
}

/** The experiments that the runs are of, or the project where those are many. */
export function titleOf(runs: Run[]): string {
  const names = [...new Set(runs.map(({ record }) => record.experiment ?? ""))].filter((name) => name !== "");
  const projects = [...new Set(runs.map(({ record }) => record.project ?? ""))].filter((name) => name !== "");
  const told = names.length > 0 && names.length <= 3 ? names : projects;
  return told.join(", ") || "Training";
}
