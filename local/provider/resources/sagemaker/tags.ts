/** Tags of SageMaker resources, which the API keeps by ARN. */

import type { SageMaker } from "@aws-sdk/client-sagemaker";
import { ownTags, removedKeys, type Tags, tagList, tagMap } from "../../tags.ts";

export async function readTags(sagemaker: SageMaker, arn: string | undefined): Promise<Tags> {
  const { Tags = [] } = await sagemaker.listTags({ ResourceArn: arn });
  return ownTags(tagMap(Tags));
}

export async function updateTags(
  sagemaker: SageMaker,
  arn: string | undefined,
  olds: Tags | undefined,
  news: Tags | undefined,
): Promise<void> {
  const TagKeys = removedKeys(olds, news);
  if (TagKeys.length > 0) await sagemaker.deleteTags({ ResourceArn: arn, TagKeys });
  if (news) await sagemaker.addTags({ ResourceArn: arn, Tags: tagList(news) });
}
