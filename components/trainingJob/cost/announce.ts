import type { CanonicalInputs } from "../args/args";
import { hasUnknown } from "../args/unknown";
import type { Engine } from "../engine/engine";
import { costInputs, costOf, formatUsd } from "./cost";

/** Says what a training can cost at most, on its own row, before anything is created. */
export function announceCost(inputs: CanonicalInputs, region: string, engine: Engine): void {
  if (inputs.adopt || hasUnknown(inputs.resourceConfig) || hasUnknown(inputs.stoppingCondition)) return;
  const facts = costInputs(inputs, region);
  const cost = costOf(facts);
  if (cost.worstCase === undefined) {
    engine.log(inputs.logUrn, "info", `Worst-case cost unknown: ${cost.basis}.`);
    return;
  }
  const told = (facts.alternatives ?? facts.instances).map(
    (each) => `${each.instanceCount} x ${each.instanceType}`,
  );
  const instances = told.join(facts.alternatives ? " or " : " + ");
  const attempts = facts.maxAttempts > 1 ? `, ${facts.maxAttempts} attempts` : "";
  const keepAlive = facts.keepAlivePeriodInSeconds ? `, ${facts.keepAlivePeriodInSeconds} s kept alive` : "";
  engine.log(
    inputs.logUrn,
    "info",
    `Costs at most ${formatUsd(cost.worstCase)}: ${instances} for ${facts.maxRuntimeInSeconds} s${attempts}${keepAlive} (${cost.basis}).`,
  );
}
