import type {
  ContainerDefinition,
  CreateEndpointConfigCommandInput,
  CreateModelCommandInput,
  DeploymentConfig,
  EndpointStatus,
  ProductionVariant,
} from "@aws-sdk/client-sagemaker";
import { type JobProcess, keyOf } from "../../sagemaker/record.ts";
import type { ResourceRecord } from "../../sagemaker/recordStore.ts";

/** The requests as they came, after validation. */
export type ModelRequest = Omit<CreateModelCommandInput, "Tags"> & { ModelName: string };
export type ConfigRequest = Omit<CreateEndpointConfigCommandInput, "Tags"> & {
  EndpointConfigName: string;
  ProductionVariants: ProductionVariant[];
};

export interface ModelRecord extends ResourceRecord {
  request: ModelRequest;
}

export interface ConfigRecord extends ResourceRecord {
  request: ConfigRequest;
}

/** A variant as it was deployed: with its model, so that both can be deleted while the endpoint goes on, as on AWS. */
export interface DeployedVariant {
  variant: ProductionVariant;
  model: ModelRequest;
  weight: number;
  /** Instances, each of which is a process here; a serverless variant has one. */
  count: number;
}

/** What an endpoint serves by one endpoint configuration. */
export interface Deployment {
  /** Tells the deployments of one endpoint apart. */
  id: string;
  configName: string;
  variants: DeployedVariant[];
  dataCapture?: ConfigRequest["DataCaptureConfig"];
}

/** A deployment that is to take the place of the current one. */
export interface PendingDeployment {
  deployment: Deployment;
  config?: DeploymentConfig;
  /** Epoch milliseconds, as all times here. */
  startTime: number;
}

export interface EndpointRecord extends ResourceRecord {
  name: string;
  status: EndpointStatus;
  failureReason?: string;
  lastModifiedTime: number;
  /** What answers; undefined before the first deployment. */
  current?: Deployment;
  pending?: PendingDeployment;
  lastDeploymentConfig?: DeploymentConfig;
  /** The model servers, so that a later start can find and end them. */
  processes: JobProcess[];
}

/** Names an endpoint among those of all regions. */
export const endpointKey = ({ name, region }: Pick<EndpointRecord, "name" | "region">) => keyOf(name, region);

/** The one container of a model. */
export const containerOf = ({ PrimaryContainer, Containers }: ModelRequest): ContainerDefinition =>
  PrimaryContainer ?? Containers?.[0] ?? {};
