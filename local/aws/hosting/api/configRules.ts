import type { ProductionVariant } from "@aws-sdk/client-sagemaker";
import { limitExceeded, validationError } from "../../sagemaker/errors.ts";
import { parseS3Uri } from "../../training/transfer/s3.ts";
import type { ConfigRequest } from "../records/record.ts";

/** Instances of one endpoint here, each of which is a process of about 400 MB. */
export const maxInstances = 10;

/** The rules of CreateEndpointConfig that no single field shows, and what this machine cannot do. */
export function checkConfig(request: ConfigRequest): void {
  const problem = names(request.ProductionVariants) ?? kinds(request) ?? localLimits(request);
  if (problem !== undefined) throw validationError(problem);
  checkInstances(request.ProductionVariants.reduce((sum, variant) => sum + instancesOf(variant), 0));
}

export function checkInstances(count: number): void {
  if (count <= maxInstances) return;
  throw limitExceeded(
    `The local SageMaker runs up to ${maxInstances} instances per endpoint, each as a process; ${count} were asked for.`,
  );
}

/** A serverless variant is one process here. */
export const instancesOf = ({ ServerlessConfig, InitialInstanceCount = 1 }: ProductionVariant): number =>
  ServerlessConfig ? 1 : InitialInstanceCount;

function names(variants: ProductionVariant[]): string | undefined {
  const all = variants.map(({ VariantName }) => VariantName);
  const repeated = all.find((name, index) => all.indexOf(name) !== index);
  return repeated && `Production variant names must be unique; ${repeated} is used more than once.`;
}

function kinds({
  ProductionVariants: variants,
  DataCaptureConfig: capture,
}: ConfigRequest): string | undefined {
  for (const { VariantName: name, ServerlessConfig: serverless, ...own } of variants) {
    if (serverless && (own.InstanceType !== undefined || own.InitialInstanceCount !== undefined)) {
      return `ServerlessConfig of variant ${name} cannot be combined with InstanceType or InitialInstanceCount.`;
    }
    if (!serverless && (own.InstanceType === undefined || own.InitialInstanceCount === undefined)) {
      return `InstanceType and InitialInstanceCount are required for variant ${name} unless ServerlessConfig is given.`;
    }
    const { ProvisionedConcurrency: kept, MaxConcurrency: most, MemorySizeInMB: memory } = serverless ?? {};
    if (kept !== undefined && kept > (most ?? 0)) {
      return `ProvisionedConcurrency of variant ${name} must be less than or equal to its MaxConcurrency.`;
    }
    if (memory !== undefined && memory % 1024 !== 0) {
      return `MemorySizeInMB of variant ${name} must be one of 1024, 2048, 3072, 4096, 5120, 6144.`;
    }
  }
  if (variants.some(({ ServerlessConfig }) => ServerlessConfig) && variants.length > 1) {
    return "A serverless endpoint can have one production variant only.";
  }
  // Developer Guide, "Deploy models with Amazon SageMaker Serverless Inference": feature exclusions.
  if (
    capture &&
    (capture.EnableCapture ?? true) &&
    variants.some(({ ServerlessConfig }) => ServerlessConfig)
  ) {
    return "Data capture is not supported for serverless endpoints.";
  }
  if (capture && !isS3(capture.DestinationS3Uri ?? "")) {
    return `DestinationS3Uri of DataCaptureConfig must be a place in S3, not ${capture.DestinationS3Uri}.`;
  }
  const weights = variants.map(({ InitialVariantWeight: weight = 1 }) => weight);
  return weights.every((weight) => weight === 0)
    ? "At least one production variant must have a weight greater than zero."
    : undefined;
}

function isS3(uri: string): boolean {
  try {
    return parseS3Uri(uri).bucket !== "";
  } catch {
    return false;
  }
}

function localLimits(request: ConfigRequest): string | undefined {
  const cannot = (what: string) => `The local SageMaker cannot serve ${what}.`;
  if (request.AsyncInferenceConfig) return cannot("asynchronous endpoints");
  if ((request.ShadowProductionVariants ?? []).length > 0) return cannot("shadow variants");
  if (request.ExplainerConfig) return cannot("explainers");
  for (const variant of request.ProductionVariants) {
    if (variant.ModelName === undefined) return cannot("inference components: a variant names its model");
    if (variant.InstancePools) return cannot("instance pools: a variant names its instance type");
    if (variant.ManagedInstanceScaling?.Status === "ENABLED") return cannot("managed instance scaling");
  }
  return undefined;
}
