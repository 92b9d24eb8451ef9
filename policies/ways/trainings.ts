import { mapAt, numberAt, overlay, pathsAt, valueAt } from "../lib/properties";
import { nativeJob, tuningDefinition } from "../training/dialect";
import { type TrainingSource, TrainingSpec } from "../training/spec";
import type { Ask } from "./ask";
import { multiplied, once, repeatsFix } from "./repeats";
import { rearranged } from "./view";
import { type Words, wordsOf } from "./words";

/** What an ask trains or processes. `source` is that of the resource, whose name and tags hold for all that it asks for. */
export function trainingsOf(ask: Ask, name: string, source: TrainingSource): TrainingSpec[] {
  return trainings[ask.kind]?.(ask, name, source) ?? [];
}

type Trainings = (ask: Ask, name: string, source: TrainingSource) => TrainingSpec[];

const trainings: Record<string, Trainings> = {
  TrainingJob: (ask, name, source) => [
    new TrainingSpec(sourceOf(ask, "training job", name, source), ask.request, nativeJob),
  ],
  HyperParameterTuningJob: tuning,
  Algorithm: validation,
  ProcessingJob: processing("", "processingResources", "appSpecification", "processingOutputConfig"),
  MonitoringSchedule: processing(
    "monitoringScheduleConfig.monitoringJobDefinition.",
    "monitoringResources",
    "monitoringAppSpecification",
    "monitoringOutputConfig",
  ),
  DataQualityJobDefinition: monitoring("dataQuality"),
  ModelQualityJobDefinition: monitoring("modelQuality"),
  ModelBiasJobDefinition: monitoring("modelBias"),
  ModelExplainabilityJobDefinition: monitoring("modelExplainability"),
};

function sourceOf(ask: Ask, what: string, name: string, source: TrainingSource): TrainingSource {
  const where = ask.where === "" ? "" : ` (${ask.where})`;
  return {
    ...source,
    label: `${what} "${name}"${where}`,
    words: ask.words,
    later: ask.later,
    jobs: () => ask.repeats ?? once,
    ...(isUnbounded(ask) && { unbounded: repeatsFix }),
    // Nobody passes the tags of a state machine or a pipeline on to the jobs that it starts.
    tags: () => overlay(ask.later ? {} : source.tags(), mapAt(ask.request, "tags")),
    ownPrefix: () => undefined,
  };
}

function isUnbounded({ repeats = once }: Ask): boolean {
  return repeats.total === undefined || repeats.parallel === undefined;
}

function tuning(ask: Ask, name: string, source: TrainingSource): TrainingSpec[] {
  const { request } = ask;
  const paths = pathsAt(request, "trainingJobDefinitions");
  if (valueAt(request, "trainingJobDefinition") !== undefined) paths.push("trainingJobDefinition");
  const config = "hyperParameterTuningJobConfig";
  const limits = `${config}.resourceLimits`;
  // The rules speak of it as aws.sagemaker.HyperParameterTuningJob has it.
  const words: Words = (text) => ask.words(text.replace(/\bconfig\.(?=resourceLimits\b)/g, `${config}.`));
  return paths.map((path) => {
    const own = sourceOf(
      { ...ask, where: [ask.where, ask.words(path)].filter(Boolean).join(".") },
      "tuning job",
      name,
      source,
    );
    const repeats = ask.repeats ?? once;
    const ofOne = () => ({
      total: numberAt(request, `${limits}.maxNumberOfTrainingJobs`),
      parallel: numberAt(request, `${limits}.maxParallelTrainingJobs`),
    });
    const jobs = () => multiplied(ofOne(), repeats);
    const ranges = `${config}.parameterRanges`;
    const shownValues = [{ where: ranges, values: () => mapAt(request, ranges) }];
    // Each of them runs so long.
    const totalSeconds = () => {
      const seconds = numberAt(request, `${limits}.maxRuntimeInSeconds`);
      return seconds === undefined || repeats.total === undefined ? undefined : seconds * repeats.total;
    };
    return new TrainingSpec(
      { ...own, words, jobs, totalSeconds, shownValues },
      mapAt(request, path),
      tuningDefinition,
    );
  });
}

/** SageMaker trains once to validate an algorithm: on demand, as the API has no switch for spot there. */
function validation(ask: Ask, name: string, source: TrainingSource): TrainingSpec[] {
  const list = "validationSpecification.validationProfiles";
  const profiles = valueAt(ask.request, list);
  if (profiles === undefined) return [];
  // A list in the API; @pulumi/aws has one profile.
  const places = Array.isArray(profiles) ? profiles.map((_, index) => `${list}.${index}`) : [list];
  return places.map((place) => {
    const job = `${place}.trainingJobDefinition`;
    const paths = {
      roleArn: "validationSpecification.validationRole",
      hyperParameters: `${job}.hyperParameters`,
      outputDataConfig: `${job}.outputDataConfig`,
      resourceConfig: `${job}.resourceConfig`,
      stoppingCondition: `${job}.stoppingCondition`,
      "algorithmSpecification.trainingImage": "trainingSpecification.trainingImage",
    };
    return rearrangedSpec(ask, `validation of algorithm`, name, source, paths);
  });
}

/** A processing job, whose request says the same as that of a training job at other paths. */
function processing(at: string, resources: string, app: string, output: string): Trainings {
  const paths = {
    roleArn: `${at}roleArn`,
    resourceConfig: `${at}${resources}.clusterConfig`,
    stoppingCondition: `${at}stoppingCondition`,
    environment: `${at}environment`,
    "outputDataConfig.kmsKeyId": `${at}${output}.kmsKeyId`,
    "algorithmSpecification.trainingImage": `${at}${app}.imageUri`,
    "algorithmSpecification.containerArguments": `${at}${app}.containerArguments`,
    "algorithmSpecification.containerEntrypoint": `${at}${app}.containerEntrypoint`,
    enableNetworkIsolation: `${at}networkConfig.enableNetworkIsolation`,
    enableInterContainerTrafficEncryption: `${at}networkConfig.enableInterContainerTrafficEncryption`,
    vpcConfig: `${at}networkConfig.vpcConfig`,
  };
  return (ask, name, source) => {
    // A schedule names a job definition of its own resource, or holds one.
    if (at !== "" && valueAt(ask.request, at.slice(0, -1)) === undefined) return [];
    return [rearrangedSpec(ask, "processing job", name, { ...source, processing: true }, paths)];
  };
}

function monitoring(what: string): Trainings {
  return processing("", "jobResources", `${what}AppSpecification`, `${what}JobOutputConfig`);
}

function rearrangedSpec(
  ask: Ask,
  what: string,
  name: string,
  source: TrainingSource,
  paths: Record<string, string>,
) {
  const words: Words = (text) => ask.words(wordsOf("camel", paths)(text));
  return new TrainingSpec(
    { ...sourceOf(ask, what, name, source), words },
    rearranged(ask.request, paths),
    nativeJob,
  );
}
