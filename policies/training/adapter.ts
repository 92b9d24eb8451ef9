import type { PolicyResource, ResourceValidationArgs } from "@pulumi/policy";
import { mapAt, numberAt, overlay, type Properties, pathsAt, textAt, valueAt } from "../lib/properties";
import { parsedJson } from "../lib/unreadable";
import { dynamicJob, nativeJob, tuningDefinition } from "./dialect";
import { regionOf } from "./region";
import { type TrainingSource, TrainingSpec } from "./spec";

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
      // The resource puts the job's name in for {job}.
      return [
        new TrainingSpec(
          job(resource, () => "{job}"),
          resource.props,
          dynamicJob,
        ),
      ];
    case nativeType:
      return [
        new TrainingSpec(
          job(resource, () => textAt(resource.props, "trainingJobName")),
          resource.props,
          nativeJob,
        ),
      ];
    case tuningType:
      return tuningSpecs(resource);
    default:
      return [];
  }
}

function job(resource: Resource, ownPrefix: () => string | undefined): TrainingSource {
  return {
    label: `training job "${resource.name}"`,
    names: () => names(resource, resource.type === dynamicType ? "baseJobName" : "trainingJobName"),
    ...tagsOf(resource),
    ...placeOf(resource),
    ownPrefix,
    jobs: () => ({ total: 1, parallel: 1 }),
    totalSeconds: () => undefined,
  };
}

function tuningSpecs(resource: Resource): TrainingSpec[] {
  const definitions = pathsAt(resource.props, "trainingJobDefinitions");
  if (valueAt(resource.props, "trainingJobDefinition") !== undefined) {
    definitions.push("trainingJobDefinition");
  }
  const limits = "config.resourceLimits";
  return definitions.map((path) => {
    const source: TrainingSource = {
      label: `tuning job "${resource.name}" (${path})`,
      names: () => names(resource, "name"),
      ...tagsOf(resource),
      ...placeOf(resource),
      ownPrefix: () => undefined,
      jobs: () => ({
        total: numberAt(resource.props, `${limits}.maxNumberOfTrainingJobs`),
        parallel: numberAt(resource.props, `${limits}.maxParallelTrainingJobs`),
      }),
      totalSeconds: () => numberAt(resource.props, `${limits}.maxRuntimeInSeconds`),
      shownValues: [
        {
          where: "config.parameterRanges",
          values: () => mapAt(resource.props, "config.parameterRanges"),
        },
      ],
    };
    return new TrainingSpec(source, mapAt(resource.props, path), tuningDefinition);
  });
}

function names(resource: Resource, property: string): string[] {
  return [resource.name, textAt(resource.props, property) ?? resource.name];
}

function placeOf(resource: Resource): Pick<TrainingSource, "region" | "livePrices"> {
  return {
    region: () => regionOf(resource),
    livePrices: () => (resource.type === dynamicType ? mapAt(resource.props, "prices.perType") : {}),
  };
}

function tagsOf(resource: Resource): Pick<TrainingSource, "tags" | "addTag"> {
  return {
    tags: () => overlay(defaultTags(resource), mapAt(resource.props, "tags")),
    addTag: (key, value) => {
      resource.props.tags ??= {};
      resource.props.tags[key] = value;
    },
  };
}

/** An aws provider hands its settings to the engine as JSON text. */
function defaultTags(resource: Resource): Properties {
  const setting = valueAt(resource.provider?.props, "defaultTags");
  return mapAt(parsedJson(setting, "the provider's defaultTags"), "tags");
}
