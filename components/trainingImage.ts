import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

export interface TrainingImageArgs {
  /** PyTorch version of the AWS deep-learning image, such as "2.4.0". Default: "2.4.0". */
  frameworkVersion?: string;
  /** Python version of the image, such as "py311". Default: "py311". */
  pythonVersion?: string;
  /** "gpu" or "cpu" build of the AWS image. Default: "gpu". */
  processor?: "gpu" | "cpu";
  /** An ECR repository of your own in this account and region, in place of the AWS image. */
  repository?: string;
  /** Tag in `repository`; the job is given the digest that it names at preview, so a moved tag is seen as a change. */
  tag?: string;
}

/**
 * The container image that trains, in ECR: AWS's PyTorch deep-learning image by framework version, or an image of your own
 * repository pinned to a digest.
 *
 * @example
 * const image = new TrainingImage("image", { frameworkVersion: "2.4.0" });
 */
export class TrainingImage extends pulumi.ComponentResource {
  /** Registry path of the image, with tag or digest. */
  public readonly uri: pulumi.Output<string>;
  /** ARN of the ECR repository, for the execution role. */
  public readonly repositoryArn: pulumi.Output<string>;

  constructor(name: string, args: TrainingImageArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:TrainingImage", name, {}, opts);

    this.uri = args.repository ? ownImage(args.repository, args.tag, this) : awsImage(args, this);
    const partition = aws.getPartitionOutput({}, { parent: this }).partition;
    this.repositoryArn = pulumi.all([this.uri, partition]).apply(([uri, each]) => repositoryArn(uri, each));
    this.registerOutputs({ uri: this.uri, repositoryArn: this.repositoryArn });
  }
}

function awsImage(args: TrainingImageArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const { frameworkVersion = "2.4.0", pythonVersion = "py311", processor = "gpu" } = args;
  return aws.sagemaker.getPrebuiltEcrImageOutput(
    {
      repositoryName: "pytorch-training",
      imageTag: `${frameworkVersion}-${processor}-${pythonVersion}`,
    },
    { parent },
  ).registryPath;
}

function ownImage(
  repository: string,
  tag: string | undefined,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (!tag) {
    throw new pulumi.RunError(
      `imageRepository ${repository} needs imageTag: which image of it should train?`,
    );
  }
  const { repositoryUrl } = aws.ecr.getRepositoryOutput({ name: repository }, { parent });
  const { imageDigest } = aws.ecr.getImageOutput({ repositoryName: repository, imageTag: tag }, { parent });
  return pulumi.interpolate`${repositoryUrl}@${imageDigest}`;
}

/** `<account>.dkr.ecr.<region>.<suffix>/<repository>:tag` as the repository's ARN. */
export function repositoryArn(uri: string, partition: string): string {
  const [, account, region, repository] = /^(\d+)\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/([^:@]+)/.exec(uri) ?? [];
  if (!repository) throw new pulumi.RunError(`${uri} is not an image in ECR: SageMaker pulls from ECR only.`);
  return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
}
