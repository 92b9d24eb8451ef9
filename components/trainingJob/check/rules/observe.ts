import { didYouMean } from "../../args/didYouMean";
import { type Failures, inside, shown } from "../../args/failures";
import type { View } from "../../args/view";
import { checkUnique } from "./compute";
import { checkAbsolute } from "./data";

// API reference, CollectionConfiguration and ProfilerConfig.
const COLLECTION_PARAMETERS = [
  "name",
  "include_regex",
  "reduction_config",
  "save_config",
  "tensor_names",
  "save_histogram",
];
const INTERVALS = [100, 200, 500, 1000, 5000, 60_000];

/** Rules for metrics, Debugger, profiler and TensorBoard. */
export function checkObserve(view: View, failures: Failures): void {
  checkMetrics(view, failures);
  checkCollections(view, failures);
  checkRules(view, failures);
  const interval = view.number("profilerConfig.profilingIntervalInMilliseconds");
  if (interval !== undefined && !INTERVALS.includes(interval)) {
    failures.add(
      "profilerConfig.profilingIntervalInMilliseconds",
      `${interval} is not one of ${INTERVALS.join(", ")}`,
    );
  }
  checkAbsolute(view, failures, "debugHookConfig.localPath");
  checkAbsolute(view, failures, "tensorBoardOutputConfig.localPath");
}

function checkMetrics(view: View, failures: Failures): void {
  const path = "algorithmSpecification.metricDefinitions";
  checkUnique(view, failures, path, "name");
  for (const [index, metric] of view.list(path).entries()) {
    const problem = regexProblem(metric.text("regex"));
    if (problem) {
      failures.add(`${path}[${index}].regex`, problem);
    }
  }
}

/** A metric's expression must be one, and must have a group, whose text is the metric's value. */
function regexProblem(source: string | undefined): string | undefined {
  if (source === undefined) {
    return undefined;
  }
  try {
    // A group too many, as an alternative, makes every match succeed and tells how many groups there are.
    const groups = (new RegExp(`${portable(source)}|()`).exec("")?.length ?? 1) - 2;
    return groups > 0
      ? undefined
      : `${shown("", source)} captures nothing; put the number in parentheses: name=([0-9.]+)`;
  } catch (error) {
    return `${shown("", source)} is not a regular expression: ${(error as Error).message.replace(/^.*: /, "")}`;
  }
}

/** Spellings that SageMaker's expressions have and JavaScript's do not: named groups, flags, possessive quantifiers. */
function portable(source: string): string {
  return source
    .replace(/\(\?P</g, "(?<")
    .replace(/^\(\?[a-z]+\)/, "")
    .replace(/(?<=[^\\][*+?}])\+/g, "");
}

function checkCollections(view: View, failures: Failures): void {
  const path = "debugHookConfig.collectionConfigurations";
  checkUnique(view, failures, path, "collectionName");
  for (const [index, collection] of view.list(path).entries()) {
    for (const [key] of collection.entries("collectionParameters")) {
      if (!COLLECTION_PARAMETERS.includes(key)) {
        const hint = didYouMean(key, COLLECTION_PARAMETERS) || `; known: ${COLLECTION_PARAMETERS.join(", ")}`;
        failures.add(
          inside(`${path}[${index}].collectionParameters`, key),
          `${key} is not a parameter of a collection${hint}`,
        );
      }
    }
  }
}

function checkRules(view: View, failures: Failures): void {
  const seen = new Map<string, string>();
  for (const list of ["debugRuleConfigurations", "profilerRuleConfigurations"]) {
    for (const [index, rule] of view.list(list).entries()) {
      const path = `${list}[${index}]`;
      const name = rule.text("ruleConfigurationName");
      const before = seen.get(name ?? "");
      if (before !== undefined) {
        failures.add(
          `${path}.ruleConfigurationName`,
          `${shown("", name)} is already the name of ${before}; each must be different`,
        );
      }
      if (name !== undefined) {
        seen.set(name, path);
      }
      const local = rule.text("localPath");
      if (local !== undefined && !local.startsWith("/")) {
        failures.add(
          `${path}.localPath`,
          `${shown("", local)} is not an absolute path in the container; begin it with /`,
        );
      }
    }
  }
}
