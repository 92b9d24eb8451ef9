import { ACCOUNT } from "../front/caller.ts";
import { described } from "../sagemaker/described.ts";
import type { JobRecord } from "../sagemaker/record.ts";

/** An entry of PutEvents, and where it happened. */
export interface ServiceEvent {
  account: string;
  region: string;
  entry: { Source: string; DetailType: string; Resources: string[]; Detail: string };
}

/**
 * "SageMaker Training Job State Change" as SageMaker sends it: what DescribeTrainingJob says of the request and the status, times in epoch
 * milliseconds, FailureReason only where there is one.
 * https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html
 */
export function jobEvent(record: JobRecord): ServiceEvent {
  const request = described(record.request);
  const { HyperParameters, AlgorithmSpecification, RoleArn, InputDataConfig, OutputDataConfig } = request;
  const { ResourceConfig, VpcConfig, StoppingCondition, TrainingJobName } = request;
  const detail = {
    TrainingJobName,
    TrainingJobArn: record.arn,
    TrainingJobStatus: record.status,
    SecondaryStatus: record.secondaryStatus,
    FailureReason: record.failureReason,
    HyperParameters: HyperParameters ?? {},
    AlgorithmSpecification,
    RoleArn,
    InputDataConfig,
    OutputDataConfig,
    ResourceConfig,
    VpcConfig: VpcConfig ?? {},
    StoppingCondition,
    CreationTime: record.creationTime,
    TrainingStartTime: record.trainingStartTime,
    TrainingEndTime: record.trainingEndTime,
    LastModifiedTime: record.lastModifiedTime,
    SecondaryStatusTransitions: record.transitions.map(({ status, start, end, message }) => ({
      Status: status,
      StartTime: start,
      EndTime: end,
      StatusMessage: message,
    })),
    Tags: record.tags,
  };
  return {
    account: ACCOUNT,
    region: record.region,
    entry: {
      Source: "aws.sagemaker",
      DetailType: "SageMaker Training Job State Change",
      Resources: [record.arn],
      Detail: JSON.stringify(detail),
    },
  };
}
