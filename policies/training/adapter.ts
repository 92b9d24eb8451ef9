import {
  mapAt,
  numberAt,
  overlay,
  type Properties,
  pathsAt,
  textAt,
  unreadableMap,
  valueAt,
} from "../lib/properties";
import { isUnknownValue } from "../lib/unknowns";
import { parsedJson } from "../lib/unreadable";
import { asksSeen, controllerRegion, isAnotherWay } from "../ways/asksOf";
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

/**
 * One look at one thing that is trained: a job, or all definitions of a tuning job, of which each of its jobs runs one. A value that is not
 * known yet, or that cannot be read, stops this look only.
 */
export type TrainingLook = () => TrainingSpec[];

/** What a resource trains: nothing, one job, the definitions of a tuning job, or whatever is asked for in another way. */
export function trainingLooks(resource: Resource): TrainingLook[] {
  const { type, props } = resource;
  switch (type) {
    case dynamicType: {
      // The resource puts the job's name in for {job}.
      const source = job(resource, () => "{job}");
      return [() => [new TrainingSpec(source, props, dynamicJob)]];
    }
    case nativeType: {
      const source = job(resource, () => textAt(props, "trainingJobName"));
      return [() => [new TrainingSpec(source, props, nativeJob)]];
    }
    case tuningType:
      return [() => tuningSpecs(resource)];
    default:
      return otherTrainings(resource);
  }
}

/** All training definitions of a resource. */
export function trainingSpecs(resource: Resource): TrainingSpec[] {
  return trainingLooks(resource).flatMap((look) => look());
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
    return new TrainingSpec(source, definitionAt(resource.props, path), tuningDefinition);
  });
}

/** One that is not known yet hides nothing of the others. */
function definitionAt(props: Properties, path: string): Properties {
  try {
    return mapAt(props, path);
  } catch (error) {
    if (!isUnknownValue(error)) throw error;
    return unreadableMap(error);
  }
}

/** What a resource trains that says it in another way. */
function otherTrainings(resource: Resource): TrainingLook[] {
  const source: TrainingSource = {
    ...job(resource, () => undefined),
    names: () => [resource.name],
    region: () => controllerRegion(resource) ?? regionOf(resource),
    tags: () => overlay(defaultTags(resource), mapAt(viewOf({ tags: resource.props.tags }), "tags")),
  };
  return asksSeen(resource).map((ask) => () => trainingsOf(ask, resource.name, source));
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
