import { type Failures, shown } from "../../args/failures";
import { readMetricRegex } from "../../args/metricRegex";
import type { View } from "../../args/view";
import { checkUnique } from "./compute";
import { checkAbsolute } from "./data";

// API reference, ProfilerConfig. No enum of the API backs it, so others are only warned of.
const INTERVALS = [100, 200, 500, 1000, 5000, 60_000];

/** Rules for metrics, Debugger, profiler and TensorBoard. */
export function checkObserve(view: View, failures: Failures): void {
  checkMetrics(view, failures);
  checkUnique(view, failures, "debugHookConfig.collectionConfigurations", "collectionName");
  checkRules(view, failures);
  const interval = view.number("profilerConfig.profilingIntervalInMilliseconds");
  if (interval !== undefined && !INTERVALS.includes(interval)) {
    failures.warn(
      "profilerConfig.profilingIntervalInMilliseconds",
      `${interval} is not one of the documented ${INTERVALS.join(", ")}`,
    );
  }
  checkAbsolute(view, failures, "debugHookConfig.localPath");
  checkAbsolute(view, failures, "tensorBoardOutputConfig.localPath");
}

function checkMetrics(view: View, failures: Failures): void {
  const path = "algorithmSpecification.metricDefinitions";
  checkUnique(view, failures, path, "name");
  for (const [index, metric] of view.list(path).entries()) {
    const source = metric.text("regex");
    if (source !== undefined) checkRegex(failures, `${path}[${index}].regex`, source);
  }
}

/** A metric's expression must be one, and must have a group, whose text is the metric's value. */
function checkRegex(failures: Failures, property: string, source: string): void {
  const read = readMetricRegex(source);
  if ("regex" in read) {
    if (read.groups === 0) {
      failures.add(
        property,
        `${shown("", source)} captures nothing; put the number in parentheses: name=([0-9.]+)`,
      );
    }
  } else if (read.wrong) {
    failures.add(property, `${shown("", source)} is not a regular expression: ${read.problem}`);
  } else {
    failures.warn(
      property,
      `${shown("", source)} cannot be read here (${read.problem}): whether SageMaker can is seen when the job is created`,
    );
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
