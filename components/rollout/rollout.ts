import type { DeploymentConfig } from "@aws-sdk/client-sagemaker";
import * as pulumi from "@pulumi/pulumi";
import { awsProviderSettings } from "../awsProvider";
import type { Model } from "../model";
import { rowUrn } from "../trainingJob/rowUrn";
import type { SmokeRequest } from "./smoke";
import { storedProvider } from "./storedProvider";

export interface RolloutArgs {
  endpointName: pulumi.Input<string>;
  /** Name of the endpoint configuration that is to serve. */
  configName: pulumi.Input<string>;
  /** The model of that configuration. */
  model: Model;
  /** What the model must answer before it counts as deployed. */
  smoke: SmokeRequest;
  /** How the traffic moves, as UpdateEndpoint takes it; how the first one came, or a change of this alone, moves nothing. Default: all at once. */
  deploymentConfig?: pulumi.Input<DeploymentConfig>;
}

/**
 * Brings a configuration to a SageMaker endpoint, and is there once it answers rightly: what does not is taken back, so that the model
 * before goes on. An update that SageMaker rolled back is an error here, where the AWS provider's endpoint takes it for a success.
 *
 * @example
 * new Rollout("rollout", { endpointName: endpoint.name, configName: config.name, model, smoke: { request: "smoke.png", answer: "any" } });
 */
export class Rollout extends pulumi.CustomResource {
  /** For `validateResourceOfType` in policy packs, which matches nothing without it. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/sagemaker:Rollout";

  declare public readonly endpointName: pulumi.Output<string>;
  /** The model that answers; after a failed rollout the one before. */
  declare public readonly modelInService: pulumi.Output<Model>;

  constructor(name: string, args: RolloutArgs, opts: pulumi.CustomResourceOptions = {}) {
    const awsConfig = awsProviderSettings(name, opts);
    const region = pulumi.output(awsConfig ? awsConfig.region : new pulumi.Config("aws").get("region"));
    const props = {
      ...args,
      region,
      awsConfig,
      logUrn: rowUrn(name, Rollout.__pulumiType, opts.parent),
      modelInService: undefined,
      __provider: storedProvider,
    };
    // The engine would ask an aws.Provider for this resource, which it does not know.
    super(Rollout.__pulumiType, name, props, { ...opts, provider: undefined });
  }
}
