import type { ContainerDefinition } from "@aws-sdk/client-sagemaker";
import { validationError } from "../../sagemaker/errors.ts";
import type { ModelRequest } from "../records/record.ts";

/** The rules of CreateModel that no single field shows, and what SageMaker can do and this machine cannot. */
export function checkModel(request: ModelRequest): void {
  const problem = containers(request) ?? localLimits(request);
  if (problem !== undefined) throw validationError(problem);
}

function containers({
  PrimaryContainer: primary,
  Containers: list = [],
  ExecutionRoleArn: role,
}: ModelRequest) {
  if (primary && list.length > 0) {
    return "You cannot specify both PrimaryContainer and Containers when creating a model.";
  }
  if (!primary && list.length === 0) {
    return "You must specify either PrimaryContainer or Containers when creating a model.";
  }
  for (const { Image, ModelPackageName, ModelDataUrl, ModelDataSource } of primary ? [primary] : list) {
    if (Image === undefined && ModelPackageName === undefined) {
      return "You must specify either Image or ModelPackageName in a container definition.";
    }
    if (ModelDataUrl !== undefined && ModelDataSource !== undefined) {
      return "You cannot specify both ModelDataUrl and ModelDataSource in a container definition.";
    }
  }
  return role === undefined ? "ExecutionRoleArn is required to create a model." : undefined;
}

/** The images that are played here: AWS's PyTorch images for inference. */
const servedImage = /(^|\/)pytorch-inference[:@]/;

function localLimits({ PrimaryContainer, Containers = [] }: ModelRequest): string | undefined {
  const all = PrimaryContainer ? [PrimaryContainer] : Containers;
  const cannot = (what: string) => `The local SageMaker cannot serve ${what}.`;
  if (all.length > 1) return cannot("inference pipelines: a model has one container");
  const [container] = all;
  if (container.ModelPackageName !== undefined) return cannot("model packages: name the image and the data");
  if (container.Mode === "MultiModel") return cannot("multi-model endpoints");
  if ((container.AdditionalModelDataSources ?? []).length > 0) return cannot("additional model data sources");
  if (!servedImage.test(container.Image ?? "")) {
    return `The local SageMaker serves models with the AWS PyTorch inference images only (a repository named pytorch-inference), not ${container.Image}.`;
  }
  return sources(container);
}

function sources({ ModelDataUrl, ModelDataSource }: ContainerDefinition): string | undefined {
  const source = ModelDataSource?.S3DataSource;
  const uri = ModelDataUrl ?? source?.S3Uri;
  if (uri !== undefined && !/^s3:\/\/[^/]+\/./.test(uri)) {
    return `The local SageMaker reads model data from S3 URIs with bucket and key only, not from ${uri}.`;
  }
  if (!ModelDataSource || !source) return undefined;
  const packed = source.S3DataType === "S3Object" && source.CompressionType === "Gzip";
  const folder = source.S3DataType === "S3Prefix" && source.CompressionType === "None";
  if (packed || folder) return undefined;
  return "The local SageMaker reads model data as one S3Object with Gzip, or as an S3Prefix without compression.";
}
