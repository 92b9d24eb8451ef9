/** Functions that look up what exists already: a bucket, a repository, an image. */

import type { ImageDetail } from "@aws-sdk/client-ecr";
import type { Aws } from "../aws.ts";
import { ifExists } from "../errors.ts";
import { optionalText, type ProviderFunction, textArgument } from "../invoke.ts";
import { describeRepository, findRepository } from "../resources/ecr/repository.ts";
import { describeBucket } from "../resources/s3/bucket.ts";

export const getBucket: ProviderFunction = {
  token: "aws:s3/getBucket:getBucket",
  async invoke(aws, args) {
    const name = textArgument(args, "bucket");
    const s3 = await aws.s3();
    if (!(await ifExists(s3.headBucket({ Bucket: name })))) {
      throw new Error(`there is no bucket "${name}": check the name, or create the bucket`);
    }
    const website = { websiteDomain: "", websiteEndpoint: "" };
    return { ...(await describeBucket(aws, name)), ...website, id: name, region: aws.region };
  },
};

export const getRepository: ProviderFunction = {
  token: "aws:ecr/getRepository:getRepository",
  async invoke(aws, args) {
    const { repository, tags } = await existingRepository(aws, textArgument(args, "name"), args);
    const newest = newestImage(await images(aws, repository.repositoryName, repository.registryId));
    return {
      ...describeRepository(repository),
      id: repository.repositoryName,
      imageScanningConfigurations: [
        { scanOnPush: repository.imageScanningConfiguration?.scanOnPush ?? false },
      ],
      imageTagMutabilityExclusionFilters: [],
      mostRecentImageTags: newest?.imageTags ?? [],
      region: aws.region,
      tags,
    };
  },
};

export const getImage: ProviderFunction = {
  token: "aws:ecr/getImage:getImage",
  async invoke(aws, args) {
    const name = textArgument(args, "repositoryName");
    const imageTag = optionalText(args, "imageTag");
    const imageDigest = optionalText(args, "imageDigest");
    if (!imageTag && !imageDigest && !args.mostRecent) {
      throw new Error(`which image of "${name}"? Give imageTag, imageDigest or mostRecent`);
    }
    const { repository } = await existingRepository(aws, name, args);
    const ids = imageTag || imageDigest ? [{ imageTag, imageDigest }] : undefined;
    const image = newestImage(await images(aws, name, repository.registryId, ids));
    if (!image) {
      const which = imageTag ?? imageDigest ?? "newest";
      throw new Error(`the repository "${name}" has no image "${which}": push it, or name another one`);
    }
    return {
      id: image.imageDigest,
      imageDigest: image.imageDigest,
      imagePushedAt: Math.floor((image.imagePushedAt?.getTime() ?? 0) / 1000),
      imageSizeInBytes: image.imageSizeInBytes ?? 0,
      imageTag,
      imageTags: image.imageTags ?? [],
      imageUri: `${repository.repositoryUri}@${image.imageDigest}`,
      mostRecent: args.mostRecent,
      region: aws.region,
      registryId: image.registryId ?? repository.registryId,
      repositoryName: name,
    };
  },
};

async function existingRepository(aws: Aws, name: string, args: Record<string, unknown>) {
  const found = await findRepository(aws, name, optionalText(args, "registryId"));
  if (!found)
    throw new Error(`there is no ECR repository "${name}": check the name, or create the repository`);
  return found;
}

async function images(
  aws: Aws,
  repositoryName: string | undefined,
  registryId: string | undefined,
  imageIds?: { imageTag?: string; imageDigest?: string }[],
): Promise<ImageDetail[]> {
  const ecr = await aws.ecr();
  const answer = await ifExists(ecr.describeImages({ repositoryName, registryId, imageIds }));
  return answer?.imageDetails ?? [];
}

function newestImage(list: ImageDetail[]): ImageDetail | undefined {
  const pushed = (image: ImageDetail) => image.imagePushedAt?.getTime() ?? 0;
  return [...list].sort((a, b) => pushed(b) - pushed(a))[0];
}
