import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";
import { buildImage } from "./imageBuild";
import type { ImageRepository } from "./imageRepository";
import { DEFAULT_PYTORCH, pythonFor } from "./pytorchImages";
import { refusal } from "./refusal";

export interface TrainingImageArgs {
  /** PyTorch version of the AWS deep-learning image. Default: "2.4.0". */
  frameworkVersion?: string;
  /** Python version of that image. Default: the one that AWS publishes for the PyTorch version ("py311" for "2.4.0"). */
  pythonVersion?: string;
  /** "gpu" or "cpu" build of the AWS image. Default: "gpu". */
  processor?: Processor;
  /** An ECR repository of your own in this account and region, in place of the AWS image. Goes with `tag`. */
  repository?: string;
  /** Tag in `repository`; the job is given the digest that it names at preview, so a moved tag is seen as a change. */
  tag?: string;
  /** Registry path of any image in ECR, with tag or digest, in place of the others. */
  uri?: string;
  /** An image that is built of a Dockerfile on top of the AWS image, and pushed. */
  build?: { dockerfile: string; repository: ImageRepository };
}

export type Processor = "gpu" | "cpu";

/**
 * The container image that trains, in ECR: AWS's PyTorch deep-learning image by framework version, one that is built on top of it,
 * an image of your own repository pinned to a digest, or any other by its path.
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

    const { build } = args;
    this.uri = build
      ? buildImage(name, { ...build, base: awsImage(args, this) }, this)
      : imageUri(args, this);
    const partition = aws.getPartitionOutput({}, { parent: this }).partition;
    // That of an image to be built is known before the image: its role need not wait for Docker.
    this.repositoryArn =
      build?.repository.arn ??
      pulumi.all([this.uri, partition]).apply(([uri, each]) => repositoryArn(uri, each));
    this.registerOutputs({ uri: this.uri, repositoryArn: this.repositoryArn });
  }
}

function imageUri(args: TrainingImageArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const { uri, repository, tag, frameworkVersion, pythonVersion } = args;
  // What has no effect is a mistake: another image would train than its user thinks.
  const given = { uri, repository, frameworkVersion, pythonVersion };
  const chosen = (["uri", "repository"] as const).find((each) => given[each] !== undefined);
  const idle = Object.entries(given).find(([key, value]) => chosen && key !== chosen && value !== undefined);
  if (idle) throw new pulumi.RunError(`${idle[0]} has no effect beside ${chosen}: leave one of them out.`);
  if (tag !== undefined && repository === undefined) {
    throw new pulumi.RunError(`tag ${tag} has no effect without repository: which repository is it in?`);
  }
  if (uri !== undefined) return pulumi.output(uri);
  return repository === undefined ? awsImage(args, parent) : ownImage(repository, tag, parent);
}

function awsImage(args: TrainingImageArgs, parent: pulumi.Resource): pulumi.Output<string> {
  const { frameworkVersion = DEFAULT_PYTORCH, pythonVersion, processor = "gpu" } = args;
  const found = pythonFor(frameworkVersion, pythonVersion);
  if ("refused" in found) throw new pulumi.RunError(`${found.key}: ${found.refused}.`);
  const imageTag = `${frameworkVersion}-${processor}-${found.python}`;
  const lookup = aws.sagemaker.getPrebuiltEcrImage(
    { repositoryName: "pytorch-training", imageTag },
    { parent, async: true },
  );
  return worded(
    lookup.then(({ registryPath }) => registryPath),
    `AWS's training image pytorch-training:${imageTag} could not be looked up. Where it is not known in your region, name an image ` +
      "by its full path (imageUri in the configuration)",
  );
}

function ownImage(
  repository: string,
  tag: string | undefined,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  if (!tag) {
    throw new pulumi.RunError(
      `repository ${repository} needs a tag (imageTag in the configuration): which image of it should train?`,
    );
  }
  const options = { parent, async: true };
  const lookup = Promise.all([
    aws.ecr.getRepository({ name: repository }, options),
    aws.ecr.getImage({ repositoryName: repository, imageTag: tag }, options),
  ]);
  return worded(
    lookup.then(([{ repositoryUrl }, { imageDigest }]) => `${repositoryUrl}@${imageDigest}`),
    `The image ${repository}:${tag} could not be looked up in ECR. Is the repository in this account and region, and has the tag been pushed?`,
  );
}

/** A failed lookup as one line that says what was looked for, in place of a stack trace for each value that depends on it. */
function worded(lookup: Promise<string>, what: string): pulumi.Output<string> {
  return pulumi.output(
    lookup.catch((error: Error) => {
      throw refusal(`${what} (${error.message.trim()})`);
    }),
  );
}

/** `<account>.dkr.ecr.<region>.<suffix>/<repository>:tag` as the repository's ARN. */
export function repositoryArn(uri: string, partition: string): string {
  const [, account, region, repository] = /^(\d+)\.dkr\.ecr\.([a-z0-9-]+)\.[^/]+\/([^:@]+)/.exec(uri) ?? [];
  if (!repository) throw refusal(`${uri} is not an image in ECR: SageMaker pulls from ECR only.`);
  return `arn:${partition}:ecr:${region}:${account}:repository/${repository}`;
}
