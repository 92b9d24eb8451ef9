import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { listAt, mapAt, numberAt, overlay, type Properties, valueAt } from "../lib/properties";
import { dynamicJob, nativeJob, tuningDefinition } from "./dialect";
import { TrainingSpec } from "./spec";

/** The TrainingJob of this project. */
export const dynamicType = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";
/** aws.sagemaker.TrainingJob. */
export const nativeType = "aws:sagemaker/trainingJob:TrainingJob";
/** aws.sagemaker.HyperParameterTuningJob. */
export const tuningType = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

/** What a policy sees of a resource, alone or as one of the stack. */
export type Resource = Pick<ResourceValidationArgs | PolicyResource, "type" | "name" | "props" | "provider">;

/** Whether a resource of this type starts training. */
export function startsTraining(type: string): boolean {
  return type === dynamicType || type === nativeType || type === tuningType;
}

/** What a resource trains: nothing, one job, or the definitions of a tuning job. */
export function trainingSpecs(resource: Resource): TrainingSpec[] {
  switch (resource.type) {
    case dynamicType:
      return [new TrainingSpec(job(resource), resource.props, dynamicJob)];
    case nativeType:
      return [new TrainingSpec(job(resource), resource.props, nativeJob)];
    case tuningType:
      return tuningSpecs(resource);
    default:
      return [];
  }
}

function job(resource: Resource) {
  return {
    label: `training job "${resource.name}"`,
    name: resource.name,
    tags: () => allTags(resource),
    jobs: () => ({ total: 1, parallel: 1 }),
    totalSeconds: () => undefined,
  };
}

function tuningSpecs(resource: Resource): TrainingSpec[] {
  const definitions = listAt(resource.props, "trainingJobDefinitions").map(
    (_, index) => `trainingJobDefinitions.${index}`,
  );
  if (valueAt(resource.props, "trainingJobDefinition") !== undefined) {
    definitions.push("trainingJobDefinition");
  }
  const limits = "config.resourceLimits";
  return definitions.map((path) => {
    const source = {
      label: `tuning job "${resource.name}" (${path})`,
      name: resource.name,
      tags: () => allTags(resource),
      jobs: () => {
        const parallel = numberAt(resource.props, `${limits}.maxParallelTrainingJobs`) ?? 1;
        return {
          total: numberAt(resource.props, `${limits}.maxNumberOfTrainingJobs`) ?? parallel,
          parallel,
        };
      },
      totalSeconds: () => numberAt(resource.props, `${limits}.maxRuntimeInSeconds`),
    };
    return new TrainingSpec(source, mapAt(resource.props, path), tuningDefinition);
  });
}

/** The resource's tags over those that its aws provider gives to everything. */
function allTags(resource: Resource): Properties {
  return overlay(defaultTags(resource), mapAt(resource.props, "tags"));
}

/** An aws provider hands its settings to the engine as JSON text. */
function defaultTags(resource: Resource): Properties {
  const setting = valueAt(resource.provider?.props, "defaultTags");
  return mapAt(typeof setting === "string" ? JSON.parse(setting) : setting, "tags");
}
