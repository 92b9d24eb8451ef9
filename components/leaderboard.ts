import { own } from "./own";

/** One run to be compared with others. What is not known is undefined or null. */
export interface Result {
  /** How it is told from the others: a variant, or a job. */
  name: string;
  /** What was set: hyperparameters and the like, by name. */
  parameters: Record<string, unknown>;
  /** Final value of each metric. */
  metrics: Record<string, number>;
  /** USD, over all attempts. */
  cost?: number | null;
  /** Seconds that it trained. */
  seconds?: number | null;
  /** Completed, Failed, Stopped, … */
  status: string;
  /** S3 URI of the model. */
  artifact?: string | null;
  /** Rungs of a successive halving that it is behind the last one: no match for those that went on. Default: 0. */
  behind?: number;
}

/** What runs are ranked by. */
export interface Ranking {
  metric: string;
  direction: "max" | "min";
}

/** Metrics of which less is better, by the words of their names. */
const FALLING =
  /(^|[^a-z])([a-z]*loss|error|err|mse|rmse|mae|mape|perplexity|ppl|wer|cer|fid|nll|latency|seconds)([^a-z]|$)/i;

/** Which value of a metric its name speaks of as the better one: `val_loss`, `valLoss` the lowest. */
export const directionOf = (metric: string): Ranking["direction"] =>
  FALLING.test(metric.replace(/([a-z])([A-Z])/g, "$1_$2")) ? "min" : "max";

/**
 * The ranking by a metric. Default: the last metric that the results have, as the one that is written last is mostly the one that
 * matters, and the direction that its name stands for. Undefined where no result has a metric.
 */
export function rankingOf(results: Result[], asked: Partial<Ranking> = {}): Ranking | undefined {
  const metric = asked.metric || metricsOf(results).at(-1);
  if (!metric) return undefined;
  return { metric, direction: asked.direction ?? directionOf(metric) };
}

/** Whether a run may be the best: it completed, and it is not known to have left no model. */
const isWhole = ({ status, artifact }: Result): boolean => status === "Completed" && artifact !== null;

/** A metric's value; undefined for none and for NaN, which a state holds as null. */
const figureOf = ({ metrics }: Result, { metric }: Ranking): number | undefined => {
  const value = own(metrics, metric);
  return Number.isFinite(value) ? value : undefined;
};

/**
 * The best first: runs that completed with a model before the others, of these the ones that went furthest, and those without the metric
 * last. Equal ones keep their order.
 */
export function ranked<T extends Result>(results: T[], ranking: Ranking | undefined): T[] {
  const whole = (each: Result) => (isWhole(each) ? (each.behind ?? 0) : Number.POSITIVE_INFINITY);
  const figure = (each: Result) => {
    const value = ranking && figureOf(each, ranking);
    if (ranking === undefined || value === undefined) return Number.POSITIVE_INFINITY;
    return ranking.direction === "max" ? -value : value;
  };
  const order = (a: number, b: number) => (a === b ? 0 : a < b ? -1 : 1);
  return results.toSorted((a, b) => order(whole(a), whole(b)) || order(figure(a), figure(b)));
}

/** Names of all metrics, in the order in which the results tell them. */
export const metricsOf = (results: Result[]): string[] => [
  ...new Set(results.flatMap(({ metrics }) => Object.keys(metrics))),
];

/** Names of the parameters that are not alike in all results, in order of their first appearance. */
export function differingParameters(results: Result[]): string[] {
  const names = [...new Set(results.flatMap(({ parameters }) => Object.keys(parameters)))];
  return names.filter(
    (name) => new Set(results.map(({ parameters }) => shown(own(parameters, name)))).size > 1,
  );
}

/** A parameter as a table shows it; nothing for one that is not set. */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** A figure of a metric in four significant digits; nothing for none. */
export const shownMetric = (value: number | null | undefined): string =>
  value === undefined || value === null ? "" : String(Number(value.toPrecision(4)));

export const shownCost = (usd: number | null | undefined): string =>
  usd === undefined || usd === null
    ? ""
    : `$${usd >= 0.1 ? usd.toFixed(2) : String(Number(usd.toPrecision(2)))}`;

/** The results as a table in Markdown, the best first: only the parameters that differ, all metrics, cost, seconds and status. */
export function leaderboard(results: Result[], asked: Partial<Ranking> = {}): string {
  const ranking = rankingOf(results, asked);
  const parameters = differingParameters(results);
  const metrics = metricsOf(results);
  const head = ["", "run", ...parameters, ...metrics, "cost", "seconds", "status"];
  const rows = ranked(results, ranking).map((result, index) => [
    String(index + 1),
    result.name,
    ...parameters.map((name) => shown(own(result.parameters, name))),
    ...metrics.map((name) => shownMetric(own(result.metrics, name))),
    shownCost(result.cost),
    String(result.seconds ?? ""),
    result.status,
  ]);
  const figures = ["-:", "-", ...parameters.map(() => "-"), ...metrics.map(() => "-:"), "-:", "-:", "-"];
  const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const lines = [head, figures, ...rows].map((cells, index) =>
    line(index === 1 ? cells : cells.map(escaped)),
  );
  return lines.join("\n");
}

/**
 * A page in Markdown for a stack output called `readme`, which Pulumi Cloud shows on the stack's own page. `best` is the name of the
 * output with the best model: Pulumi Cloud puts its value in.
 */
export function readme(
  title: string,
  results: Result[],
  asked: Partial<Ranking> = {},
  best = "modelArtifact",
): string {
  const ranking = rankingOf(results, asked);
  const [first] = ranked(results, ranking);
  const value = first && ranking && figureOf(first, ranking);
  const isBest = first && isWhole(first) && !first.behind && (ranking === undefined || value !== undefined);
  const told = !results.some(({ status }) => status === "Completed")
    ? "No run has completed yet."
    : !isBest
      ? `No run has both a model and the metric ${escaped(ranking?.metric ?? "")}.`
      : `Best: **${escaped(first.name)}**${value === undefined ? "" : `, ${escaped(ranking?.metric ?? "")} ${shownMetric(value)}`}. ` +
        `Its model: \${outputs.${best}}`;
  const order = ranking
    ? `By ${escaped(ranking.metric)}, ${ranking.direction === "max" ? "highest" : "lowest"} first:`
    : "";
  return [`# ${escaped(title)}`, told, order, leaderboard(results, asked)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** A text that Markdown, HTML and the page's own `${…}` leave as it is. */
const escaped = (text: string): string =>
  text
    .replace(/[\\`*[\]|~]|(?<!\w)_|_(?!\w)/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll("${", "&#36;{")
    .replace(/\s*\n\s*/g, " ");
