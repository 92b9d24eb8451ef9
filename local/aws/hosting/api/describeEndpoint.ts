import { containerOf, type DeployedVariant, type EndpointRecord } from "../records/record.ts";

/** The DescribeEndpoint answer; JSON drops the fields that are undefined. */
export function describeEndpoint(record: EndpointRecord) {
  const { current, pending, status } = record;
  const capture = current?.dataCapture;
  return {
    EndpointName: record.name,
    EndpointArn: record.arn,
    EndpointConfigName: (current ?? pending?.deployment)?.configName,
    ProductionVariants: current?.variants.map(describeVariant),
    DataCaptureConfig: capture && {
      EnableCapture: capture.EnableCapture ?? true,
      CaptureStatus: (capture.EnableCapture ?? true) ? "Started" : "Stopped",
      CurrentSamplingPercentage: capture.InitialSamplingPercentage,
      DestinationS3Uri: capture.DestinationS3Uri,
      KmsKeyId: capture.KmsKeyId ?? "",
    },
    EndpointStatus: status,
    FailureReason: record.failureReason,
    CreationTime: record.creationTime / 1000,
    LastModifiedTime: record.lastModifiedTime / 1000,
    LastDeploymentConfig: record.lastDeploymentConfig,
    PendingDeploymentSummary: pending &&
      current && {
        EndpointConfigName: pending.deployment.configName,
        ProductionVariants: pending.deployment.variants.map(describeVariant),
        StartTime: pending.startTime / 1000,
      },
  };
}

function describeVariant({ variant, model, weight, count }: DeployedVariant) {
  const serverless = variant.ServerlessConfig;
  return {
    VariantName: variant.VariantName,
    DeployedImages: [{ SpecifiedImage: containerOf(model).Image }],
    CurrentWeight: weight,
    DesiredWeight: weight,
    CurrentInstanceCount: serverless ? 0 : count,
    DesiredInstanceCount: serverless ? undefined : count,
    CurrentServerlessConfig: serverless,
    RoutingConfig: variant.RoutingConfig,
  };
}
