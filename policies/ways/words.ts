/** How a way to ask AWS spells the API's names: `kmsKeyId`, `KmsKeyId`, `kms_key_id`, `kmsKeyID`. */
export type Style = "camel" | "pascal" | "snake" | "ack";

/** Words as the rules write them -> words as they stand in the program. */
export type Words = (text: string) => string;

/** The API's name in the spelling of the rules, whichever way it is spelt: `KMSKeyId`, `kms_key_id` -> `kmsKeyId`. */
export function canonical(name: string): string {
  const joined = name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const soft = joined.replace(
    /(KMS|ARN|URI|VPC|ID)(s?)(?=[A-Z]|$)/g,
    (_, acronym: string, plural: string) => capital(acronym.toLowerCase()) + plural,
  );
  const camel = soft.charAt(0).toLowerCase() + soft.slice(1);
  // As this project's TrainingJob has it.
  return camel === "hyperparameters" ? "hyperParameters" : camel;
}

/** The style of an object that holds a request, told by its keys. */
export function styleOf(keys: readonly string[]): Style {
  if (keys.some((key) => /^[A-Z]/.test(key))) return "pascal";
  return keys.some((key) => /^[a-z0-9]+_[a-z]/.test(key)) ? "snake" : "camel";
}

const spell: Record<Style, (name: string) => string> = {
  camel: (name) => name,
  pascal: capital,
  snake: (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase(),
  ack: (name) =>
    name.replace(
      /(Kms|Arn|Uri|Id)(s?)(?=[A-Z]|$)/g,
      (_, word: string, plural: string) => word.toUpperCase() + plural,
    ),
};

/** Names of a request that rules speak of. Other words of a sentence, and values, stay as they are. */
const names = [
  "algorithmName",
  "algorithmSpecification",
  "appSpecification",
  "checkpointConfig",
  "clusterConfig",
  "collectionConfigurations",
  "config",
  "containerArguments",
  "containerEntrypoint",
  "containerEntrypoints",
  "debugHookConfig",
  "debugRuleConfigurations",
  "enableInterContainerTrafficEncryption",
  "enableManagedSpotTraining",
  "enableNetworkIsolation",
  "enableRemoteDebug",
  "environment",
  "hookParameters",
  "hyperParameterRanges",
  "hyperParameters",
  "hyperParameterTuningJobConfig",
  "hyperParameterTuningResourceConfig",
  "imageUri",
  "infrastructureConfig",
  "initialInstanceCount",
  "inputDataConfig",
  "instanceConfigs",
  "instanceCount",
  "instanceGroups",
  "instancePools",
  "instancePreferences",
  "instanceRequirements",
  "instanceType",
  "jobResources",
  "keepAlivePeriodInSeconds",
  "kmsKeyId",
  "managedInstanceScaling",
  "maxCapacity",
  "maxConcurrency",
  "maxInstanceCount",
  "maxNumberOfTrainingJobs",
  "maxParallelTrainingJobs",
  "maxRuntimeInSeconds",
  "maxWaitTimeInSeconds",
  "memorySizeInMb",
  "minCapacity",
  "modelVariants",
  "monitoringJobDefinition",
  "monitoringResources",
  "monitoringScheduleConfig",
  "networkConfig",
  "outputDataConfig",
  "parameterRanges",
  "processingOutputConfig",
  "processingResources",
  "productionVariants",
  "profilerConfig",
  "profilerRuleConfigurations",
  "profilingParameters",
  "provisionedConcurrency",
  "realTimeInferenceConfig",
  "remoteDebugConfig",
  "resourceConfig",
  "resourceLimits",
  "resourceSpec",
  "ruleEvaluatorImage",
  "ruleParameters",
  "s3OutputPath",
  "s3Uri",
  "scalableTargetAction",
  "scheduledActions",
  "serverlessConfig",
  "serverlessJobConfig",
  "shadowProductionVariants",
  "spaceSettings",
  "staticHyperParameters",
  "stoppingCondition",
  "trainingImage",
  "trainingJobDefinition",
  "trainingJobDefinitions",
  "trainingSpecification",
  "transformJobDefinition",
  "transformResources",
  "validationProfiles",
  "validationSpecification",
  "volumeKmsKeyId",
  "volumeSizeInGB",
  "vpcConfig",
] as const;

/** These are words of plain English too: they are a name only at the beginning of a path. */
const plain = ["environment", "tags", "config"];
const nameInText = new RegExp(
  `\\b(?:(?:${names.filter((name) => !plain.includes(name)).join("|")})\\b|(?:${plain.join("|")})(?=\\.\\w))`,
  "g",
);

/**
 * What a rule says, with the names of the request as they are written where the user has to change them. `paths` gives the paths of a request
 * that is not a training's own, by those that rules speak of: `resourceConfig` stands in a processing job's `processingResources.clusterConfig`.
 */
export function wordsOf(style: Style, paths: Readonly<Record<string, string>> = {}): Words {
  const longestFirst = Object.keys(paths).sort((a, b) => b.length - a.length);
  const aliases = new RegExp(
    `\\b(?:${longestFirst.map((path) => path.replaceAll(".", "\\.")).join("|")})\\b`,
    "g",
  );
  return (text) => {
    const own = longestFirst.length === 0 ? text : text.replace(aliases, (path) => paths[path] ?? path);
    return own.replace(nameInText, (name) => spell[style](name));
  };
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
