import * as pulumi from "@pulumi/pulumi";
import { awsProviderSettings } from "../awsProvider";
import { rowUrn } from "../trainingJob/rowUrn";
import { storedOwner } from "./storedProvider";

export interface EndpointOwnerArgs {
  endpointName: string;
}

/**
 * Owns an endpoint: made before it, and removed after it. Its mark goes on the endpoint as the tag `pulumi:mark`, and its removal deletes an
 * endpoint that still carries it, so that a destroy leaves nothing running that is billed, even after a deployment that was cut off.
 *
 * @example
 * const { mark } = new EndpointOwner("owner", { endpointName: "e" });
 * new aws.sagemaker.Endpoint("endpoint", { name: "e", endpointConfigName, tags: { "pulumi:mark": mark } });
 */
export class EndpointOwner extends pulumi.CustomResource {
  /** For `validateResourceOfType` in policy packs, which matches nothing without it. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/sagemaker:EndpointOwner";

  /** A UUID. */
  declare public readonly mark: pulumi.Output<string>;

  constructor(name: string, args: EndpointOwnerArgs, opts: pulumi.CustomResourceOptions = {}) {
    const awsConfig = awsProviderSettings(name, opts);
    const region = pulumi.output(awsConfig ? awsConfig.region : new pulumi.Config("aws").get("region"));
    const logUrn = rowUrn(name, EndpointOwner.__pulumiType, opts.parent);
    const props = { ...args, region, awsConfig, logUrn, mark: undefined, __provider: storedOwner };
    // As with a rollout.
    super(EndpointOwner.__pulumiType, name, props, { ...opts, provider: undefined });
  }
}
