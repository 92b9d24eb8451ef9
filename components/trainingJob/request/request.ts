import type { CreateTrainingJobCommandInput } from "@aws-sdk/client-sagemaker";
import type { CanonicalInputs, Json } from "../args/args";
import { isRecord, isUnknown } from "../args/unknown";
import { apiShape, propertiesOf, ROOT } from "../model/apiModel";
import { encodeHyperparameter } from "./hyperparameters";
import { isScriptMode, scriptChannels, scriptHyperparameters } from "./scriptMode";

/** What a request needs beyond the inputs. */
export interface RequestContext {
  /** AWS region of the job; script mode passes it on. */
  region: string;
  /**
   * What `{job}` in `checkpointConfig.s3Uri` becomes: the experiment's name, so that every attempt at it finds the
   * checkpoints of the ones before. Default: the job's name.
   */
  checkpointName?: string;
}

/** The request that starts a job of that name with these inputs, and nothing in it that the API does not know. */
export function toRequest(
  inputs: CanonicalInputs,
  jobName: string,
  tags: Record<string, string>,
  { region, checkpointName = jobName }: RequestContext,
): CreateTrainingJobCommandInput {
  // At preview a whole list or object may be one sentinel: it stays what it is.
  const channels = isUnknown(inputs.inputDataConfig)
    ? inputs.inputDataConfig
    : [...(inputs.inputDataConfig ?? []), ...scriptChannels(inputs)];
  const checkpoint = inputs.checkpointConfig;
  const resolved = {
    ...inputs,
    hyperparameters: hyperparametersOf(inputs, jobName, region),
    ...(channels?.length && { inputDataConfig: channels }),
    ...(isRecord(checkpoint) && {
      checkpointConfig: {
        ...checkpoint,
        s3Uri: String(checkpoint.s3Uri).replaceAll("{job}", checkpointName),
      },
    }),
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    trainingJobName: jobName,
  };
  return toApi(ROOT, resolved) as unknown as CreateTrainingJobCommandInput;
}

/** All hyperparameters of the job, the script's and script mode's, encoded. */
export function hyperparametersOf(
  inputs: CanonicalInputs,
  jobName: string,
  region: string,
): Record<string, string> {
  if (isUnknown(inputs.hyperparameters)) return inputs.hyperparameters as unknown as Record<string, string>;
  const all: Record<string, Json> = {
    ...scriptHyperparameters(inputs, jobName, region),
    ...inputs.hyperparameters,
  };
  const scriptMode = isScriptMode(inputs);
  return Object.fromEntries(
    Object.entries(all).map(([key, value]) => [key, encodeHyperparameter(value, scriptMode)]),
  );
}

/** camelCase to the API's names, by the API's own model. Keys of maps, such as environment variables, stay as they are. */
function toApi(shapeName: string, value: unknown): unknown {
  const { type, members = {}, member, value: inner } = apiShape(shapeName);
  if (type === "structure" && isRecord(value)) {
    const known = [...propertiesOf(apiShape(shapeName))].filter(
      ([property]) => value[property] !== undefined,
    );
    return Object.fromEntries(known.map(([property, name]) => [name, toApi(members[name], value[property])]));
  }
  if (type === "list" && Array.isArray(value)) {
    return value.map((entry) => toApi(member ?? "", entry));
  }
  if (type === "map" && isRecord(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toApi(inner ?? "", entry)]));
  }
  return value;
}
