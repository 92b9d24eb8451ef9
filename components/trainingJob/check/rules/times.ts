import type { Failures } from "../../args/failures";
import type { View } from "../../args/view";
import { builtInOf } from "./builtIns";

const MAX_WAIT = "stoppingCondition.maxWaitTimeInSeconds";

/** Rules across the properties that say how long a job may take, wait and be kept warm. */
export function checkTimes(view: View, failures: Failures): void {
  checkWait(view, failures);
  checkUncheckpointed(view, failures);
  checkWarmPool(view, failures);
}

function checkWait(view: View, failures: Failures): void {
  const maxRun = view.number("stoppingCondition.maxRuntimeInSeconds");
  const maxWait = view.number(MAX_WAIT);
  const spot = view.maybe("enableManagedSpotTraining", true) || view.has("spot");
  // With retries the wait is the time of all of them together (API reference, StoppingCondition).
  if (!spot && !view.has("retryStrategy") && view.has(MAX_WAIT)) {
    failures.add(
      MAX_WAIT,
      "is refused without managed spot training or retryStrategy; set spot, or remove it",
    );
  }
  if (view.is("enableManagedSpotTraining", true) && !view.has(MAX_WAIT)) {
    failures.add("spot.maxWait", "is missing; managed spot training needs it, at least as long as maxRun");
  }
  if (maxRun !== undefined && maxWait !== undefined && maxWait < maxRun) {
    failures.add(
      MAX_WAIT,
      `${maxWait} s is less than the ${maxRun} s the training may run; raise it or lower maxRun`,
    );
  }
}

/** Longest wait for spot of an algorithm that does not checkpoint, in seconds (developer guide, "Managed Spot Training"). */
const UNCHECKPOINTED_WAIT = 3600;

function checkUncheckpointed(view: View, failures: Failures): void {
  const maxWait = view.number(MAX_WAIT) ?? 0;
  if (!view.is("enableManagedSpotTraining", true) || maxWait <= UNCHECKPOINTED_WAIT) {
    return;
  }
  if (builtInOf(view)?.checkpoints === false) {
    failures.add(
      MAX_WAIT,
      `${maxWait} s is more than the ${UNCHECKPOINTED_WAIT} s of a built-in algorithm that does not checkpoint; lower it, or remove spot`,
    );
  } else if (view.has("algorithmSpecification.algorithmName")) {
    failures.warn(
      MAX_WAIT,
      `${maxWait} s is refused for a Marketplace algorithm that does not checkpoint: at most ${UNCHECKPOINTED_WAIT} s`,
    );
  }
}

function checkWarmPool(view: View, failures: Failures): void {
  const property = "resourceConfig.keepAlivePeriodInSeconds";
  if ((view.number(property) ?? 0) === 0) {
    return;
  }
  if (view.is("enableManagedSpotTraining", true)) {
    failures.add(
      property,
      "excludes managed spot training: spot machines cannot be kept warm; remove it or spot",
    );
  }
  if (view.has("resourceConfig.instanceGroups")) {
    failures.add(
      property,
      "excludes instanceGroups: a cluster of different machines cannot be kept warm; remove it",
    );
  }
}
