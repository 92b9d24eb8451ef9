/** What check gets, as plain data. */
export type Inputs = Record<string, unknown>;

/** The engine's stand-in for a value that is not known yet, written out: it must not change. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** A small valid input. Types without local disks and without accelerators, so that every other field may be added. */
export function baseInputs(): Inputs {
  return {
    baseJobName: "retina",
    roleArn: "arn:aws:iam::111122223333:role/training",
    algorithmSpecification: {
      trainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311",
    },
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
