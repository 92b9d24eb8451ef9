import { mapAt, numberAt, overlay, type Properties, pathsAt, textAt, valueAt } from "../lib/properties";
import { parsedJson } from "../lib/unreadable";
import { asksOf, isAnotherWay } from "../ways/asksOf";
import { trainingsOf } from "../ways/trainings";
import { dynamicType } from "../ways/types";
import { viewOf } from "../ways/view";
import { dynamicJob, nativeJob, tuningDefinition } from "./dialect";
import { regionOf } from "./region";
import type { Resource } from "./resource";
import { type TrainingSource, TrainingSpec } from "./spec";

export { dynamicType } from "../ways/types";
export type { Resource } from "./resource";

/** aws.sagemaker.TrainingJob. */
export const nativeType = "aws:sagemaker/trainingJob:TrainingJob";
/** aws.sagemaker.HyperParameterTuningJob. */
export const tuningType = "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob";

/** Whether a resource of this type starts training, or may: of a template or a state machine only its definition tells. */
export function startsTraining(type: string): boolean {
  return type === dynamicType || type === nativeType || type === tuningType || isAnotherWay(type);
}

/** Whether the deployment of this resource trains a model, and not something that is started later. */
export function trainsInDeployment(resource: Resource): boolean {
  if (!isAnotherWay(resource.type)) return startsTraining(resource.type);
  return trainingSpecs(resource).some(({ source }) => !source.later && !source.processing);
}

/** What a resource trains: nothing, one job, the definitions of a tuning job, or whatever is asked for in another way. */
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
      return otherTrainings(resource);
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

/** What a resource trains that says it in another way; nothing as long as the text that says so cannot be seen. */
function otherTrainings(resource: Resource): TrainingSpec[] {
  const source: TrainingSource = {
    ...job(resource, () => undefined),
    names: () => [resource.name],
    tags: () => overlay(defaultTags(resource), mapAt(viewOf({ tags: resource.props.tags }), "tags")),
  };
  try {
    return asksOf(resource).asks.flatMap((ask) => trainingsOf(ask, resource.name, source));
  } catch {
    // The rule no-other-way-to-train says so, once for all rules.
    return [];
  }
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
