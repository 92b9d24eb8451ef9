import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { pythonFor } from "./pytorchImages";
import { refusal } from "./refusal";
import { type Processor, repositoryArn } from "./trainingImage";

export interface InferenceImageArgs {
  /** The image that the model was trained in: its PyTorch version is what serves, too. */
  trainingImage: string;
  /** PyTorch version of the AWS image that serves. Default: that of `trainingImage`. */
  frameworkVersion?: string;
  /** "gpu" or "cpu" build. Default: "cpu". */
  processor?: Processor;
  /** Registry path of any image in ECR that serves, with tag or digest, in place of the AWS image. */
  uri?: string;
}

/**
 * The container image that serves: AWS's PyTorch inference image of the version that trained, or any other by its path.
 *
 * @example
 * const image = new InferenceImage("image", { trainingImage: model.image });
 */
export class InferenceImage extends pulumi.ComponentResource {
  /** Registry path of the image, with tag or digest. */
  public readonly uri: pulumi.Output<string>;
  /** ARN of the ECR repository, for the role. */
  public readonly repositoryArn: pulumi.Output<string>;

  constructor(name: string, args: InferenceImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:InferenceImage", name, {}, opts);
    this.uri = args.uri === undefined ? awsImage(inferenceTag(args), this) : pulumi.output(args.uri);
    const partition = aws.getPartitionOutput({}, { parent: this }).partition;
    this.repositoryArn = pulumi.all([this.uri, partition]).apply(([uri, each]) => repositoryArn(uri, each));
    this.registerOutputs({ uri: this.uri, repositoryArn: this.repositoryArn });
  }
}

/**
 * The newest PyTorch that AWS publishes an inference image of. Up to it there is one for every training image, with the same Python. Source:
 * the SageMaker Python SDK, sagemaker/core/image_uri_config/pytorch.json ("inference") of sagemaker-core 2.27.0.
 */
const NEWEST = "2.6.0";

const AWS_TRAINING_IMAGE = /\/pytorch-training:(\d+\.\d+\.\d+)-/;

/** The tag in pytorch-inference that goes with a training image. Throws where AWS has none. */
export function inferenceTag(args: InferenceImageArgs): string {
  const { trainingImage, processor = "cpu" } = args;
  const version = args.frameworkVersion ?? AWS_TRAINING_IMAGE.exec(trainingImage)?.[1];
  if (version === undefined) {
    throw new pulumi.RunError(
      `The model was trained in ${trainingImage}, which does not tell the PyTorch version that serves it: name it (frameworkVersion), or the ` +
        "whole image (imageUri).",
    );
  }
  const python = isAfter(version, NEWEST)
    ? { refused: `AWS's newest image that serves is of PyTorch ${NEWEST}` }
    : pythonFor(version);
  if ("refused" in python) {
    throw new pulumi.RunError(
      `There is no AWS image that serves with PyTorch ${version}: ${python.refused.replace("training image", "image")}. Name a version that ` +
        "can read the model (frameworkVersion), or an image of your own (imageUri).",
    );
  }
  return `${version}-${processor}-${python.python}`;
}

function isAfter(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.split(".").map(Number));
  const different = a.findIndex((part, index) => part !== b[index]);
  return different >= 0 && a[different] > b[different];
}

function awsImage(imageTag: string, parent: pulumi.Resource): pulumi.Output<string> {
  const lookup = aws.sagemaker.getPrebuiltEcrImage(
    { repositoryName: "pytorch-inference", imageTag },
    { parent, async: true },
  );
  return pulumi.output(
    lookup.then(
      ({ registryPath }) => registryPath,
      (error: Error) => {
        throw refusal(
          `AWS's image pytorch-inference:${imageTag} could not be looked up. Where it is not known in your region, name an image by its full ` +
            `path (imageUri in the configuration) (${error.message.trim()})`,
        );
      },
    ),
  );
}
