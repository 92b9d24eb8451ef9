import type { PolicyResource } from "@pulumi/policy";
import { isAnotherWay } from "../ways/asksOf";
import { machinesOf } from "../ways/machines";
import { startsTraining, trainingLooks } from "./adapter";
import type { Resource } from "./resource";
import type { TrainingSpec } from "./spec";

const models =
  /^(aws:sagemaker\/(model|endpoint):|aws-native:sagemaker:(Model|Endpoint|InferenceComponent)$)/;

/** The resources of a stack that train or serve, now or when something is executed later. */
export function trainingAndServing(resources: readonly PolicyResource[]): PolicyResource[] {
  return resources.filter(
    (resource) =>
      models.test(resource.type) || specsOf(resource).length > 0 || machinesOf(resource).length > 0,
  );
}

/** Whether the deployment of this resource trains a model, and not something that is started later. */
export function trainsInDeployment(resource: Resource): boolean {
  if (!isAnotherWay(resource.type)) return startsTraining(resource.type);
  return specsOf(resource).some(({ source }) => !source.later && !source.processing);
}

/** What a resource trains, as far as that is known. */
export function specsOf(resource: Resource): TrainingSpec[] {
  return trainingLooks(resource).flatMap((look) => {
    try {
      return look();
    } catch {
      // Not known yet, or not to be read: the rules on training say so.
      return [];
    }
  });
}
