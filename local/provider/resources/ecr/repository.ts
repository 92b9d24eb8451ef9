/** aws:ecr/repository:Repository */

import type { EncryptionType, ImageTagMutability, Repository } from "@aws-sdk/client-ecr";
import type { Aws } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import { defineResource, unserved } from "../../resource.ts";
import { ownTags, removedKeys, type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";

interface RepositoryInputs extends Values {
  name: string;
  encryptionConfigurations?: { encryptionType?: string; kmsKey?: string }[];
  /** Delete the images with the repository. */
  forceDelete?: boolean;
  imageScanningConfiguration?: { scanOnPush: boolean };
  imageTagMutability: string;
  tags?: Tags;
}

export const repository = defineResource<RepositoryInputs>({
  token: "aws:ecr/repository:Repository",
  autoName: { property: "name", maxLength: 255 },
  inputs: {
    name: { kind: "string", required: true, replaces: true },
    encryptionConfigurations: { kind: "block", keptWhenLeftOut: true, replaces: true, unset: [] },
    forceDelete: { kind: "boolean", stateOnly: true },
    imageScanningConfiguration: { kind: "block", keptWhenLeftOut: true },
    imageTagMutabilityExclusionFilters: unserved([], { computed: false }),
    imageTagMutability: { kind: "string", default: "MUTABLE" },
    tags: { kind: "map" },
  },
  outputs: ["arn", "registryId", "repositoryUrl"],

  async create(aws, inputs) {
    const ecr = await aws.ecr();
    const encryption = inputs.encryptionConfigurations?.[0];
    await ecr.createRepository({
      repositoryName: inputs.name,
      imageTagMutability: inputs.imageTagMutability as ImageTagMutability,
      imageScanningConfiguration: inputs.imageScanningConfiguration,
      encryptionConfiguration: encryption && {
        encryptionType: (encryption.encryptionType ?? "AES256") as EncryptionType,
        kmsKey: encryption.kmsKey,
      },
      tags: tagList(inputs.tags),
    });
    return inputs.name;
  },

  async read(aws, id) {
    const found = await findRepository(aws, id);
    if (!found) return undefined;
    return {
      ...describeRepository(found.repository),
      imageScanningConfiguration: {
        scanOnPush: found.repository.imageScanningConfiguration?.scanOnPush ?? false,
      },
      tags: found.tags,
    };
  },

  async update(aws, id, { olds, news, changed }) {
    const ecr = await aws.ecr();
    if (changed("imageTagMutability")) {
      const imageTagMutability = news.imageTagMutability as ImageTagMutability;
      await ecr.putImageTagMutability({ repositoryName: id, imageTagMutability });
    }
    if (changed("imageScanningConfiguration")) {
      const imageScanningConfiguration = news.imageScanningConfiguration ?? { scanOnPush: false };
      await ecr.putImageScanningConfiguration({ repositoryName: id, imageScanningConfiguration });
    }
    if (changed("tags")) {
      const resourceArn = (await findRepository(aws, id))?.repository.repositoryArn;
      const tagKeys = removedKeys(olds.tags, news.tags);
      if (tagKeys.length > 0) await ecr.untagResource({ resourceArn, tagKeys });
      if (news.tags) await ecr.tagResource({ resourceArn, tags: tagList(news.tags) });
    }
  },

  async delete(aws, id, state) {
    const ecr = await aws.ecr();
    await ifExists(ecr.deleteRepository({ repositoryName: id, force: state.forceDelete ?? false }));
  },
});

/** The repository and its tags, or undefined when there is none of the name. */
export async function findRepository(aws: Aws, name: string, registryId?: string) {
  const ecr = await aws.ecr();
  const answer = await ifExists(ecr.describeRepositories({ repositoryNames: [name], registryId }));
  const found = answer?.repositories?.[0];
  if (!found) return undefined;
  const tags = await ifExists(ecr.listTagsForResource({ resourceArn: found.repositoryArn }));
  return { repository: found, tags: ownTags(tagMap(tags?.tags)) };
}

/** The properties that aws:ecr/repository:Repository and aws:ecr/getRepository:getRepository have in common. */
export function describeRepository(found: Repository) {
  const encryption = found.encryptionConfiguration;
  return {
    name: found.repositoryName,
    arn: found.repositoryArn,
    registryId: found.registryId,
    repositoryUrl: found.repositoryUri,
    imageTagMutability: found.imageTagMutability,
    encryptionConfigurations: [
      { encryptionType: encryption?.encryptionType ?? "AES256", kmsKey: encryption?.kmsKey ?? "" },
    ],
  };
}
