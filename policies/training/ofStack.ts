import type { PolicyResource } from "@pulumi/policy";
import { numberAt, textAt } from "../lib/properties";
import type { Unknowns } from "../lib/unknowns";
import { dynamicType, startsTraining, trainingSpecs } from "./adapter";
import { isLeftOut } from "./rule";
import type { TrainingSpec } from "./spec";

/** Looks at each resource of a stack that starts training, one by one: what cannot be read of one hides nothing of the others. */
export function eachTraining(
  resources: readonly PolicyResource[],
  unknowns: Unknowns,
  visit: (resource: PolicyResource, specs: TrainingSpec[]) => void,
): void {
  for (const resource of resources) {
    if (!startsTraining(resource.type) || isLeftOut(resource.props)) continue;
    unknowns.look(() => visit(resource, trainingSpecs(resource)), `"${resource.name}": `);
  }
}

/**
 * USD that a training did cost which is over; undefined for one that may still cost something. Only this project's TrainingJob tells: it
 * is in the state with its job's end and with what the job cost, and a job that this update starts is there without.
 */
export function spentUsd({ type, props }: PolicyResource): number | undefined {
  if (type !== dynamicType || !/^(Completed|Failed|Stopped)$/.test(textAt(props, "status") ?? ""))
    return undefined;
  return numberAt(props, "cost.actual");
}
