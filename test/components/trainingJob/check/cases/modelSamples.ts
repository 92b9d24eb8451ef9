import { inputShape } from "../../../../../components/trainingJob/check/limits";
import { propertiesOf, propertyOf } from "../../../../../components/trainingJob/model/apiModel";
import {
  baseInputs,
  CPU_GROUP,
  fileChannel,
  IMAGE,
  type Inputs,
  METRIC,
  SCRIPT,
  s3Channel,
  VPC,
} from "./builders";

/** Examples of texts that have a form. */
const TEXTS: Record<string, string> = {
  AlgorithmImage: IMAGE,
  ArnOrName: "mine",
  BaseJobName: "retina",
  DirectoryPath: "/opt/data",
  EntryPoint: "train.py",
  FileSystemId: "fs-0123456789abcdef0",
  HubDataSetArn: "arn:aws:sagemaker:us-east-1:111122223333:hub-content/hub/DataSet/set",
  MetricRegex: METRIC.regex,
  MlFlowResourceArn: "arn:aws:sagemaker:us-east-1:111122223333:mlflow-app/m",
  ModelPackageArn: "arn:aws:sagemaker:us-east-1:111122223333:model-package/g/1",
  ModelPackageGroupArn: "arn:aws:sagemaker:us-east-1:111122223333:model-package-group/g",
  Region: "us-east-1",
  RoleArn: "arn:aws:iam::111122223333:role/training",
  S3Uri: "s3://bucket/key",
  SecurityGroupId: "sg-0123456789abcdef0",
  SequenceLength: "32K",
  ServerlessJobBaseModelArn: "arn:aws:sagemaker:us-east-1:aws:hub-content/Hub/Model/llama",
  SubnetId: "subnet-0123456789abcdef0",
  SourceUri: SCRIPT.sourceUri,
  TrainingInputMode: "File",
  TrainingInstanceType: "ml.c5.xlarge",
  TrainingPlanArn: "arn:aws:sagemaker:us-east-1:111122223333:training-plan/p",
  TrainingRepositoryCredentialsProviderArn: "arn:aws:lambda:us-east-1:111122223333:function:login",
};

/** A small valid value of a shape: what is required, and nothing else. */
export function sample(shapeName: string): unknown {
  const { type, members = {}, member, value, required = [], min = 1, enum: values } = inputShape(shapeName);
  if (shapeName === "DataSource") {
    return s3Channel().dataSource;
  }
  if (shapeName === "ResourceConfig" || shapeName === "AlgorithmSpecification") {
    return baseInputs()[propertyOf(shapeName)];
  }
  if (shapeName === "Spot") {
    return { maxWait: "1d" };
  }
  if (type === "structure") {
    return Object.fromEntries(required.map((name) => [propertyOf(name), sample(members[name])]));
  }
  if (type === "list" || type === "map") {
    const entry = sample(member ?? value ?? "");
    return type === "list" ? [entry] : { key: entry };
  }
  if (type === "boolean") {
    return true;
  }
  return type === "string" ? (TEXTS[shapeName] ?? values?.[0] ?? "x".repeat(min || 1)) : min;
}

/** What else must be set, or must not, for a property to be allowed: path prefix, and the inputs to begin with. */
const SURROUNDINGS: [prefix: string, inputs: (base: Inputs) => Inputs][] = [
  ["serverlessJobConfig", (base) => serverless(base)],
  ["algorithmSpecification.algorithmName", (base) => ({ ...base, algorithmSpecification: {} })],
  [
    "algorithmSpecification.trainingImageConfig",
    (base) => ({
      ...base,
      vpcConfig: VPC,
      algorithmSpecification: {
        trainingImage: IMAGE,
        trainingImageConfig: { trainingRepositoryAccessMode: "Vpc" },
      },
    }),
  ],
  ["resourceConfig.instanceGroups", (base) => ({ ...base, resourceConfig: {} })],
  ["resourceConfig.instancePreferences", (base) => ({ ...base, resourceConfig: {} })],
  [
    "inputDataConfig.0.dataSource.fileSystemDataSource",
    (base) => ({ ...base, vpcConfig: VPC, inputDataConfig: [fileChannel()] }),
  ],
  [
    "inputDataConfig.0.dataSource.datasetSource",
    (base) => ({ ...base, inputDataConfig: [s3Channel({ dataSource: {} })] }),
  ],
  [
    "inputDataConfig.0.dataSource.s3DataSource.attributeNames",
    (base) => ({
      ...base,
      inputDataConfig: [s3Channel({ inputMode: "Pipe" }, { s3DataType: "AugmentedManifestFile" })],
    }),
  ],
  [
    "inputDataConfig.0.dataSource.s3DataSource.instanceGroupNames",
    (base) => ({
      ...base,
      resourceConfig: { instanceGroups: [{ ...CPU_GROUP, instanceGroupName: "x" }] },
      inputDataConfig: [s3Channel()],
    }),
  ],
  ["inputDataConfig", (base) => ({ ...base, inputDataConfig: [s3Channel()] })],
  [
    "modelPackageConfig",
    (base) => ({ ...serverless(base), serverlessJobConfig: sample("ServerlessJobConfig") }),
  ],
  ["spot", (base) => ({ ...base, spot: { maxWait: "1d" } })],
  ["sourceUri", (base) => ({ ...base, ...SCRIPT })],
  ["entryPoint", (base) => ({ ...base, ...SCRIPT })],
  ["distribution", (base) => ({ ...base, ...SCRIPT })],
];

function serverless(base: Inputs): Inputs {
  return { ...base, algorithmSpecification: undefined, resourceConfig: undefined };
}

// Fields whose rules go beyond their own limits, so that changing them alone is no clean case: they are in the tables.
const IN_TABLES = [
  /^inputDataConfig\.0\.dataSource\.s3DataSource\.instanceGroupNames\.0/,
  /^enableManagedSpotTraining/,
  /^stoppingCondition\.max(Wait|Runtime)/,
  /^hyperparameters/,
];

/** Whether changing this field alone makes a clean case. */
export function canBePlaced(path: (string | number)[]): boolean {
  const text = path.join(".");
  return !IN_TABLES.some((each) => each.test(text));
}

/** Valid inputs with one field set to a value. */
export function placed(path: (string | number)[], value: unknown): Inputs {
  const text = path.join(".");
  const surroundings = SURROUNDINGS.find(([prefix]) => text.startsWith(prefix))?.[1];
  const inputs = surroundings ? surroundings(baseInputs()) : baseInputs();
  return put(inputs, "TrainingJob", path, value) as Inputs;
}

function put(
  target: unknown,
  shapeName: string,
  [key, ...rest]: (string | number)[],
  value: unknown,
): unknown {
  const { type, members = {}, member, value: entry } = inputShape(shapeName);
  const inner =
    type === "structure"
      ? members[propertiesOf(inputShape(shapeName)).get(String(key)) ?? ""]
      : (member ?? entry ?? "");
  const before = (target as Record<string | number, unknown> | undefined)?.[key];
  const after = rest.length === 0 ? value : put(before ?? sample(inner), inner, rest, value);
  return Array.isArray(target)
    ? Object.assign([...target], { [key]: after })
    : { ...(target as Inputs), [key]: after };
}
