import { z } from "zod";
import type { Run } from "../compare/parameters";

/** What a run cost, in USD. What is not known is absent. */
export interface RunCost {
  run: Run;
  /** Such as `2 x ml.g5.xlarge`. */
  machines: string;
  actual?: number;
  /** The same seconds at the on-demand price. */
  onDemand?: number;
  savedPercent?: number;
  /** The same hardware rented from EC2 and left on for a day. */
  ec2Idle?: number;
  /** What the figures rest on, or why there are none. */
  basis: string;
}

const figure = z.number().optional().catch(undefined);
const figures = z.object({ actual: figure, onDemand: figure, savedPercent: figure, ec2Idle: figure });

export function costsOf(runs: Run[]): RunCost[] {
  return runs.map((run) => {
    const { cost } = run.record;
    return { run, machines: machinesOf(run), basis: cost.basis, ...figures.parse(cost) };
  });
}

export interface CostSum {
  actual: number;
  /** Of the runs whose on-demand price is known. */
  onDemand: number;
  savedPercent: number;
  /** Runs whose cost is known. */
  known: number;
}

/** Over all runs whose figures are known; undefined where none is. */
export function sumOf(costs: RunCost[]): CostSum | undefined {
  const known = costs.filter(({ actual }) => actual !== undefined);
  if (known.length === 0) return undefined;
  const both = known.filter(({ onDemand }) => onDemand !== undefined);
  const total = (all: RunCost[], of: (each: RunCost) => number | undefined) =>
    all.reduce((sum, each) => sum + (of(each) ?? 0), 0);
  const onDemand = total(both, (each) => each.onDemand);
  const paid = total(both, (each) => each.actual);
  return {
    actual: total(known, (each) => each.actual),
    onDemand,
    savedPercent: onDemand > 0 ? (1 - paid / onDemand) * 100 : 0,
    known: known.length,
  };
}

/** The run to compare with EC2: the first that has a figure of it. */
export const comparedWithEc2 = (costs: RunCost[]): RunCost | undefined =>
  costs.find(({ actual, ec2Idle }) => actual !== undefined && ec2Idle !== undefined);

const resources = z
  .object({
    instanceType: z.string().optional(),
    instanceCount: z.union([z.number(), z.string()]).optional(),
    instanceGroups: z
      .array(z.object({ instanceType: z.string(), instanceCount: z.union([z.number(), z.string()]) }))
      .optional(),
  })
  .catch({});

/** What the last job got, where the inputs left a choice, else what they ask for. */
function machinesOf({ record: { inputs, attempts } }: Run): string {
  const selected = attempts.at(-1)?.selected;
  const { instanceType, instanceCount, instanceGroups } = resources.parse(
    selected ?? inputs.resourceConfig ?? {},
  );
  const groups = instanceType
    ? [{ instanceType, instanceCount: instanceCount ?? 1 }]
    : (instanceGroups ?? []);
  return groups.map((group) => `${group.instanceCount} x ${group.instanceType}`).join(" + ");
}
