import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";
import { dockerFault } from "./docker";
import { DockerImage } from "./dockerImage";
import { BASE_IMAGE, stageContext } from "./imageContext";
import type { ImageRepository } from "./imageRepository";

export interface ImageBuildArgs {
  /** Path of the Dockerfile. Its folder is what it may COPY from. */
  dockerfile: string;
  /** Registry path of the image that it extends. */
  base: pulumi.Output<string>;
  repository: ImageRepository;
}

/** Characters of a tag: the digest of what the image is made of, as far as people need it to tell images apart. */
const TAG = 16;

/**
 * To the registry of the tag, with Docker's media types: SageMaker answers `Unsupported manifest media type` to those of OCI, which are
 * Docker's own choice with the newer BuildKits. https://github.com/aws/amazon-sagemaker-feedback/issues/180
 */
const PUSH = "type=registry,oci-mediatypes=false";

/**
 * Builds an image with Docker, pushes it, and returns its path with the digest. It is built again when the folder of the Dockerfile or the
 * base changes, and else it is the one of the state, whatever Docker would make of it today. Preview builds nothing, and needs no Docker.
 */
export function buildImage(
  name: string,
  { dockerfile, base, repository }: ImageBuildArgs,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  refuseElsewhere();
  const { location, dockerfile: file, digest } = stageContext(dockerfile);
  const tag = base.apply((from) => tagOf(digest, from));
  const needsDocker = new pulumi.ResourceHook(`${name}-docker`, async () => {
    const fault = await dockerFault();
    if (fault) throw new Error(fault);
  });
  const image = new DockerImage(
    `${name}-build`,
    {
      context: { location },
      dockerfile: { location: file },
      buildArgs: { [BASE_IMAGE]: base },
      // What SageMaker's machines with GPUs are; a Mac would build for itself.
      platforms: ["linux/amd64"],
      buildOnPreview: false,
      exports: [{ raw: PUSH }],
      push: false,
      tags: [pulumi.interpolate`${repository.url}:${tag}`],
      registries: registries(repository.url, base, parent),
    },
    {
      parent,
      // An image that trained a model stays with it; the repository goes with its images where they are to go.
      retainOnDelete: true,
      hooks: { beforeCreate: [needsDocker], beforeUpdate: [needsDocker] },
    },
  );
  return pulumi.interpolate`${repository.url}@${image.digest}`;
}

const tagOf = (digest: string, base: string): string =>
  createHash("sha256").update(`${digest}\0${base}`).digest("hex").slice(0, TAG);

/** One token of ECR opens every registry of the region that its owner may read: the stack's, and AWS's with the base. */
function registries(url: pulumi.Output<string>, base: pulumi.Output<string>, parent: pulumi.Resource) {
  const { userName: username, password } = aws.ecr.getAuthorizationTokenOutput({}, { parent });
  return [url, base].map((image) => ({
    address: image.apply((path) => path.split("/")[0]),
    username,
    password: pulumi.secret(password),
  }));
}

const AWS_HOST = /\.(amazonaws\.com|amazonaws\.com\.cn|api\.aws|api\.amazonwebservices\.com\.cn)$/;

/** A local AWS knows the names of images and has no registry behind them. */
function refuseElsewhere(): void {
  const named = new pulumi.Config("aws").getObject<unknown>("endpoints");
  const { ecr } = Object.assign({}, ...(Array.isArray(named) ? named : [named])) as { ecr?: string };
  const endpoint = ecr ?? process.env.AWS_ENDPOINT_URL_ECR ?? process.env.AWS_ENDPOINT_URL;
  if (!endpoint || AWS_HOST.test(URL.canParse(endpoint) ? new URL(endpoint).hostname : "")) return;
  throw new pulumi.RunError(
    `training:dockerfile: the AWS at ${endpoint} has no registry to push an image to, and the local SageMaker runs only images named ` +
      "pytorch-training, in a Python of its own. Leave the key out in this stack (what the script needs goes into requirements.txt), and set it in one on AWS.",
  );
}
