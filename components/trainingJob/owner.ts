import * as pulumi from "@pulumi/pulumi";
import type { StoreMark } from "./args/storeMark";
import { rowUrn } from "./rowUrn";
import { storedOwner } from "./storedProvider";

export interface TrainingJobOwnerArgs {
  /** AWS region of the jobs. Default: `aws:region` of the stack, else that of the environment. */
  region?: pulumi.Input<string | undefined>;
  /** Settings of the `aws.Provider` that the jobs follow, if there is one. */
  awsConfig?: pulumi.Inputs;
  /** What the jobs need to be stopped in order: it is removed only after the owner. */
  needs?: pulumi.Input<unknown>[];
  /** The bucket of the stack's own that a destroy keeps: it is said in it whose it is, and whether a stack has it. Default: none. */
  storeMark?: pulumi.Input<StoreMark | undefined>;
}

/**
 * Owns the jobs of one TrainingJob: made before the first of them, and removed after the last. Its mark goes on every job as the tag
 * `pulumi:mark`, and its removal stops whatever still carries it, so that a destroy leaves nothing running even after a deployment that
 * was killed. TrainingJob makes one for itself.
 */
export class TrainingJobOwner extends pulumi.CustomResource {
  /** For `validateResourceOfType` in policy packs, which matches nothing without it. */
  static readonly __pulumiType = "pulumi-nodejs:dynamic/sagemaker:TrainingJobOwner";

  /** A UUID. Never changes. */
  declare public readonly mark: pulumi.Output<string>;
  /** Regions that jobs with the mark may be in. */
  declare public readonly regions: pulumi.Output<string[]>;
  /** Account that the jobs are in, where the stack lets it be asked for. */
  declare public readonly account: pulumi.Output<string | undefined>;

  constructor(name: string, args: TrainingJobOwnerArgs, opts: pulumi.CustomResourceOptions = {}) {
    const { region, awsConfig, needs = [], storeMark } = args;
    const logUrn = rowUrn(name, TrainingJobOwner.__pulumiType, opts.parent);
    // Nothing of them is stored: an input that depends on them is what orders a destroy. It needs a value, as one without is not sent.
    const ordered = pulumi.all(needs).apply(() => pulumi.output(region).apply((name) => name ?? ""));
    const outputs = { mark: undefined, regions: undefined, account: undefined };
    const props = { region: ordered, awsConfig, storeMark, logUrn, ...outputs, __provider: storedOwner };
    super(TrainingJobOwner.__pulumiType, name, props, opts);
  }
}
