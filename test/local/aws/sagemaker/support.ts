import type { JobRecord, TrainingJobRequest } from "../../../../local/aws/sagemaker/record.ts";

export const roleArn = "arn:aws:iam::000000000000:role/training";

/** A valid request; fields are replaced by those of `overrides`. */
export function validRequest(overrides: Partial<TrainingJobRequest> = {}): TrainingJobRequest {
  return {
    TrainingJobName: "job",
    RoleArn: roleArn,
    AlgorithmSpecification: { TrainingImage: "x/pytorch-training:2.4.0", TrainingInputMode: "File" },
    OutputDataConfig: { S3OutputPath: "s3://bucket/out" },
    ResourceConfig: { InstanceType: "ml.g5.xlarge", InstanceCount: 1, VolumeSizeInGB: 30 },
    StoppingCondition: { MaxRuntimeInSeconds: 600 },
    ...overrides,
  };
}

/** A record of a job that has just been created. */
export function record(name: string, overrides: Partial<JobRecord> = {}): JobRecord {
  return {
    request: validRequest({ TrainingJobName: name }),
    arn: `arn:aws:sagemaker:us-east-1:000000000000:training-job/${name}`,
    region: "us-east-1",
    tags: {},
    status: "InProgress",
    secondaryStatus: "Starting",
    transitions: [{ status: "Starting", start: 1000, message: "Starting the training job" }],
    creationTime: 1000,
    lastModifiedTime: 1000,
    metrics: [],
    processes: [],
    ...overrides,
  };
}

export const resource = { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 30 } as const;
/** A channel of files in S3. */
export const channel = (name: string, source: object = { S3DataType: "S3Prefix", S3Uri: "s3://b/p" }) =>
  ({ ChannelName: name, DataSource: { S3DataSource: source } }) as never;
