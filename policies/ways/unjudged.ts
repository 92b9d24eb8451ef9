import { listAt, mapAt, textAt, valueAt } from "../lib/properties";
import type { Unknowns } from "../lib/unknowns";
import type { TrainingLook } from "../training/adapter";
import type { TrainingSpec } from "../training/spec";
import type { MachineLook } from "./machines";
import { Unresolvable } from "./view";

/** References in what bounds training, its cost and its safety: the values that a rule needs, and only another service can tell. */
export function referencesIn(looks: readonly TrainingLook[], unknowns: Unknowns): Unresolvable[] {
  const specs: TrainingSpec[] = [];
  const found = distinct(
    looks.map((look) => () => specs.push(...look())),
    unknowns,
  );
  return [...found, ...specs.flatMap((spec) => distinct(readsOf(spec), unknowns))];
}

function readsOf(spec: TrainingSpec): (() => unknown)[] {
  const getters = Object.entries(Object.getOwnPropertyDescriptors(Object.getPrototypeOf(spec)))
    .filter(([, { get }]) => get !== undefined)
    .map(
      ([name]) =>
        () =>
          spec[name as keyof TrainingSpec],
    );
  const { source } = spec;
  const images = () => spec.images.map(({ image }) => image());
  return [...getters, images, () => source.jobs(), () => source.totalSeconds(), () => source.region()];
}

/** The same of machines that are left running. */
export function referencesInMachines(looks: readonly MachineLook[], unknowns: Unknowns): Unresolvable[] {
  return distinct(looks, unknowns);
}

function distinct(reads: readonly (() => unknown)[], unknowns: Unknowns): Unresolvable[] {
  const found = new Map<string, Unresolvable>();
  for (const read of reads) {
    unknowns.look(() => {
      try {
        read();
      } catch (error) {
        if (!(error instanceof Unresolvable)) throw error;
        found.set(error.path, error);
      }
    });
  }
  return [...found.values()];
}

/** Calls of SageMaker that start machines: of its command line, of its SDKs, and of what makes any resource. The group is what is called. */
const calls = [
  /\bsagemaker\s+(?:--\S+\s+(?:[^-\s]\S*\s+)?)*((?:create|start|update|retry|extend|batch-add)-(?:[a-z]+-)*(?:job|job-v2|execution|instance|app|space|cluster|nodes|endpoint|endpoint-config|training-plan|model-package))\b/,
  /\b((?:create|start|update|retry|extend|batch_add)_(?:training_job|hyper_parameter_tuning_job|processing_job|transform_job|auto_ml_job(?:_v2)?|labeling_job|pipeline_execution|notebook_instance|cluster|cluster_nodes|endpoint(?:_config)?|training_plan|model_package))\b/,
  /\b(Create(?:TrainingJob|HyperParameterTuningJob|ProcessingJob|TransformJob|AutoMLJob(?:V2)?|LabelingJob|Cluster|EndpointConfig|TrainingPlan)|StartPipelineExecution|RetryPipelineExecution|StartNotebookInstance|BatchAddClusterNodes|ExtendTrainingPlan)(?:Command)?\b/,
  /\bcreate-resource\b[\s\S]*?\b(AWS::SageMaker::\w+)/,
  /\b((?:import|from)\s+sagemaker)\b/,
];

/** The call of SageMaker in a text that is executed or loaded; undefined where there is none. */
export function callIn(text: string): string | undefined {
  // A shell reads on after the end of such a line, and takes quotes away.
  const line = text.replace(/\\\r?\n/g, " ").replace(/["']/g, "");
  for (const call of calls) {
    const name = call.exec(text)?.[1] ?? call.exec(line)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** The first call of SageMaker in any text of some inputs, which may be maps and lists. */
export function callsOfScript(
  props: Record<string, unknown>,
  unknowns: Unknowns,
): { where: string; call: string }[] {
  const found: { where: string; call: string }[] = [];
  const look = (where: string, read: () => unknown): void =>
    unknowns.look(() => {
      const value = read();
      if (typeof value === "object" && value !== null) {
        for (const key of Object.keys(value)) {
          look(where === "" ? key : where, () => (value as Record<string, unknown>)[key]);
        }
        return;
      }
      const call = typeof value === "string" ? callIn(value) : undefined;
      if (call !== undefined && !found.some((other) => other.where === where)) found.push({ where, call });
    });
  look("", () => props);
  return found;
}

/** The calls of SageMaker in the texts of a command. Each is read by itself, as one may not be known yet. */
export function callsOfCommand(
  props: Record<string, unknown>,
  unknowns: Unknowns,
): { where: string; call: string }[] {
  const found: { where: string; call: string }[] = [];
  const look = (where: string, read: () => string | undefined) =>
    unknowns.look(() => {
      const call = callIn(read() ?? "");
      if (call !== undefined) found.push({ where, call });
    });
  for (const where of ["create", "update", "delete", "stdin"]) look(where, () => textAt(props, where));
  // The command may be handed over in parts, or stand in what the interpreter is started with.
  look("interpreter", () => Array.from(listAt(props, "interpreter"), String).join(" "));
  unknowns.look(() => {
    const environment = mapAt(props, "environment");
    for (const name of Object.keys(environment)) {
      look(`environment.${name}`, () => String(environment[name] ?? ""));
    }
  });
  return found;
}

/** Whether the code of a dynamic provider starts training, by its text: that of JavaScript, or a pickle of Python in base64, where names stand as they are. */
export function callOfProvider(props: Record<string, unknown>): string | undefined {
  const code = valueAt(props, "__provider");
  if (typeof code !== "string") return undefined;
  return callIn(code) ?? callIn(Buffer.from(code, "base64").toString("latin1"));
}
