import type { TrainingConfig } from "../configSchema";
import { directionOf } from "../leaderboard";
import { primaryOf } from "../sweepResults";
import type { GateRule } from "./judge";

/** Whether the stack hands on only what passes. */
export const isGated = ({ gate }: Pick<TrainingConfig, "gate">): boolean => Object.keys(gate).length > 0;

type Configured = Pick<TrainingConfig, "gate" | "metrics" | "primaryMetric" | "primaryGoal" | "deletePolicy">;

/** What `training:gate` asks for; undefined where the stack has none. */
export function gateRuleOf(config: Configured): GateRule | undefined {
  if (!isGated(config)) return undefined;
  const { metric = primaryOf(config).metric, min, max, betterThan, by } = config.gate;
  return { metric, goal: goalOf(config, metric), limit: min ?? max, betterThan, by };
}

/** `min` and `max` say it; without them the stack's goal, and else the metric's name. */
function goalOf(config: Configured, metric: string): GateRule["goal"] {
  const { min, max } = config.gate;
  if (min !== undefined) return "maximize";
  if (max !== undefined) return "minimize";
  return plainGoalOf(config, metric);
}

function plainGoalOf(config: Configured, metric: string): GateRule["goal"] {
  const primary = primaryOf(config);
  if (metric === primary.metric) return primary.goal;
  return directionOf(metric) === "min" ? "minimize" : "maximize";
}

/** What is wrong with a gate beside the other settings: each a sentence behind `training:gate: `. */
export function gateFaults(config: Configured): string[] {
  const rule = gateRuleOf(config);
  if (!rule) return [];
  const { min, max, betterThan, by } = config.gate;
  const names = Object.keys(config.metrics);
  const faults: string[] = [];
  if (names.length === 0) faults.push("needs a metric to judge by: define one in training:metrics");
  else if (!names.includes(rule.metric)) {
    faults.push(
      `metric ${rule.metric} is not in training:metrics (it has ${names.join(", ")}): name one of them, or define it there`,
    );
  }
  if (min !== undefined && max !== undefined) {
    faults.push("has min and max: keep min where more of the metric is better, max where less is");
  } else if (min === undefined && max === undefined && betterThan === undefined) {
    faults.push("asks for nothing: set min, max or betterThan");
  } else faults.push(...againstGoal(config, rule));
  if (by !== undefined && betterThan === undefined)
    faults.push("by has no effect without betterThan: set both or neither");
  if (config.deletePolicy === "delete") {
    faults.push(
      "cannot stand beside training:deletePolicy delete, by which the next experiment would delete the model that passed: use retain",
    );
  }
  return faults;
}

/** A `min` for a loss would hand on just what is bad. Of a metric that is not the primary one nobody has said which value is good. */
function againstGoal(config: Configured, { metric, goal }: GateRule): string[] {
  const primary = primaryOf(config);
  if (metric !== primary.metric || goal === primary.goal) return [];
  const [set, meant] = goal === "maximize" ? ["min", "max"] : ["max", "min"];
  return [
    `has ${set}, and less of ${metric} is ${primary.goal === "minimize" ? "better" : "worse"}: set ${meant}, or training:primaryGoal ${goal}`,
  ];
}
