/** What check gets, as plain data. */
export type Inputs = Record<string, unknown>;

/** The engine's stand-in for a value that is not known yet, written out: it must not change. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A small valid input. Types without local disks and without accelerators, so that every other field may be added. */
export function baseInputs(): Inputs {
  return {
    baseJobName: "retina",
    roleArn: "arn:aws:iam::111122223333:role/training",
    algorithmSpecification: { trainingImage: IMAGE },
    outputDataConfig: { s3OutputPath: "s3://artifacts/retina" },
    resourceConfig: { instanceType: "ml.c5.xlarge" },
  };
}

/** The base with some properties replaced; undefined removes one. */
export function inputsWith(changes: Inputs): Inputs {
  return { ...baseInputs(), ...changes };
}

/** Script mode as most users have it. */
export const SCRIPT = { sourceUri: "s3://code/retina/sourcedir.tar.gz", entryPoint: "train.py" };

/** A channel with data in S3. */
export function s3Channel(changes: Inputs = {}, source: Inputs = {}): Inputs {
  return {
    channelName: "train",
    dataSource: { s3DataSource: { s3DataType: "S3Prefix", s3Uri: "s3://data/train", ...source } },
    ...changes,
  };
}

/** A channel with data in a file system. */
export function fileChannel(changes: Inputs = {}, source: Inputs = {}): Inputs {
  return {
    channelName: "train",
    dataSource: {
      fileSystemDataSource: {
        fileSystemId: "fs-0123456789abcdef0",
        fileSystemAccessMode: "ro",
        fileSystemType: "FSxLustre",
        directoryPath: "/fsx/train",
        ...source,
      },
    },
    ...changes,
  };
}

export const VPC = { securityGroupIds: ["sg-0123456789abcdef0"], subnets: ["subnet-0123456789abcdef0"] };

/** So many entries, each made from its index. */
export function times<T>(count: number, entry: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => entry(index));
}

/** A map of so many entries. */
export function mapOf(count: number, value: unknown = "v"): Inputs {
  return Object.fromEntries(times(count, (index) => [`k${index}`, value]));
}

/** What is wrong, the change that makes it so, and the properties that must be refused. */
export type InvalidCase = [title: string, change: Inputs, ...properties: string[]];

/** What is let through with a warning, the change that makes it so, and the properties that are warned of. */
export type WarnedCase = [title: string, change: Inputs, ...properties: string[]];

/** What is allowed, and the change that makes it so. */
export type ValidCase = [title: string, change: Inputs];

export const IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
export const METRIC = { name: "loss", regex: "loss=([0-9.]+)" };
export const CPU_GROUP = { instanceType: "ml.c5.xlarge", instanceCount: 1, instanceGroupName: "cpu" };
export const GPU_GROUP = { instanceType: "ml.g5.xlarge", instanceCount: 1, instanceGroupName: "gpu" };
export const RULE = { ruleConfigurationName: "rule", ruleEvaluatorImage: IMAGE };
export const PLAN = "arn:aws:sagemaker:us-east-1:111122223333:training-plan/p-1";
export const BASE_MODEL = "arn:aws:sagemaker:us-east-1:aws:hub-content/PublicHub/Model/llama/1.0.0";
/** What a serverless job leaves out. */
export const SERVERLESS = { algorithmSpecification: undefined, resourceConfig: undefined };

/** The base's algorithm with more properties. */
export function algorithm(more: Inputs): Inputs {
  return { algorithmSpecification: { trainingImage: IMAGE, ...more } };
}

/** The base's machines with more properties. */
export function resources(more: Inputs): Inputs {
  return { resourceConfig: { instanceType: "ml.c5.xlarge", ...more } };
}
