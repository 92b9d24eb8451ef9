import { type Properties, textAt } from "../lib/properties";

/** What a user of this project's TrainingJob, and of an Experiment around it, writes in place of a field of the API. */
const forms: Readonly<Record<string, { shorthand?: string; key: string }>> = {
  "stoppingCondition.maxRuntimeInSeconds": { shorthand: "maxRun", key: "maxRun" },
  "stoppingCondition.maxWaitTimeInSeconds": { shorthand: "spot.maxWait", key: "maxWait" },
  "resourceConfig.keepAlivePeriodInSeconds": { shorthand: "warmPool.keepAlive", key: "keepAlive" },
  "resourceConfig.instanceType": { key: "instanceType" },
  "resourceConfig.instanceCount": { key: "instanceCount" },
  enableManagedSpotTraining: { shorthand: "spot", key: "spot" },
  "spot.fallback": { key: "fallback" },
  "algorithmSpecification.trainingImage": { key: "imageUri" },
};

/** Who wrote the job: a program with the API's own names, one with this project's TrainingJob, or the stack configuration of an Experiment. */
export function writtenBy(properties: Properties): "api" | "trainingJob" | "experiment" {
  const urn = textAt(properties, "logUrn");
  if (urn === undefined) return "api";
  return urn.includes("training:index:Experiment$") ? "experiment" : "trainingJob";
}

/**
 * What to call a field of the API in a fix, so that it fits what the user wrote: the field, the TrainingJob's shorthand for it, or the key
 * of the stack configuration. A field and its shorthand with two values are refused, so the one that is there has to be changed.
 */
export function written(properties: Properties, field: string): string {
  const form = forms[field];
  const by = writtenBy(properties);
  if (form === undefined || by === "api") return field;
  if (by === "experiment") return `training:${form.key} in the stack configuration`;
  return form.shorthand === undefined ? field : `${form.shorthand} (or ${field}, where that is set)`;
}
