import type { PolicyResource } from "@pulumi/policy";
import { machinesOf } from "../ways/machines";
import { trainingSpecs } from "./adapter";
import type { TrainingSpec } from "./spec";

const models =
  /^(aws:sagemaker\/(model|endpoint):|aws-native:sagemaker:(Model|Endpoint|InferenceComponent)$)/;

/** The resources of a stack that train or serve, now or when something is executed later. */
export function trainingAndServing(resources: readonly PolicyResource[]): PolicyResource[] {
  return resources.filter(
    (resource) =>
      models.test(resource.type) || some(() => specsOf(resource)) || some(() => machinesOf(resource)),
  );
}

/** What a resource trains; nothing as long as that is not known. */
export function specsOf(resource: PolicyResource): TrainingSpec[] {
  try {
    return trainingSpecs(resource);
  } catch {
    return [];
  }
}

function some(read: () => readonly unknown[]): boolean {
  try {
    return read().length > 0;
  } catch {
    // Not known yet, or not to be read: another rule says so.
    return false;
  }
}
