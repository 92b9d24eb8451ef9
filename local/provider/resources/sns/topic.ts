/** aws:sns/topic:Topic */

import type { Aws } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import type { Failure } from "../../findings.ts";
import { defineResource, type Input, unserved } from "../../resource.ts";
import { ownTags, removedKeys, type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";

interface TopicInputs extends Values {
  name: string;
  contentBasedDeduplication: boolean;
  displayName?: string;
  fifoTopic: boolean;
  kmsMasterKeyId?: string;
  tags?: Tags;
}

/** What is optional, and not served. */
const feedback = unserved(null, { computed: false });
/** What SNS decides where the program says nothing. */
const decided = unserved();
const off: Input = { kind: "boolean", default: false, stateOnly: true };

export const topic = defineResource<TopicInputs>({
  token: "aws:sns/topic:Topic",
  autoName: { property: "name", maxLength: 255, prefix: "namePrefix" },
  inputs: {
    // https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html
    name: { kind: "string", computed: true, replaces: true, maxLength: 256, pattern: /^[0-9A-Za-z_-]+$/ },
    namePrefix: {
      kind: "string",
      computed: true,
      replaces: true,
      stateOnly: true,
      unset: "",
      maxLength: 230,
    },
    contentBasedDeduplication: off,
    displayName: { kind: "string", unset: "" },
    fifoTopic: { ...off, replaces: true },
    kmsMasterKeyId: { kind: "string", unset: "" },
    policy: decided,
    signatureVersion: decided,
    tracingConfig: decided,
    fifoThroughputScope: decided,
    archivePolicy: feedback,
    deliveryPolicy: feedback,
    applicationFailureFeedbackRoleArn: feedback,
    applicationSuccessFeedbackRoleArn: feedback,
    applicationSuccessFeedbackSampleRate: feedback,
    firehoseFailureFeedbackRoleArn: feedback,
    firehoseSuccessFeedbackRoleArn: feedback,
    firehoseSuccessFeedbackSampleRate: feedback,
    httpFailureFeedbackRoleArn: feedback,
    httpSuccessFeedbackRoleArn: feedback,
    httpSuccessFeedbackSampleRate: feedback,
    lambdaFailureFeedbackRoleArn: feedback,
    lambdaSuccessFeedbackRoleArn: feedback,
    lambdaSuccessFeedbackSampleRate: feedback,
    sqsFailureFeedbackRoleArn: feedback,
    sqsSuccessFeedbackRoleArn: feedback,
    sqsSuccessFeedbackSampleRate: feedback,
    tags: { kind: "map" },
  },
  outputs: ["arn", "beginningArchiveTime", "owner"],
  check: noFifo,

  async create(aws, inputs) {
    const sns = await aws.sns();
    const { TopicArn = "" } = await sns.createTopic({
      Name: inputs.name,
      Attributes: attributesOf(inputs),
      Tags: tagList(inputs.tags),
    });
    return TopicArn;
  },

  async read(aws, id) {
    const attributes = await topicAttributes(aws, id);
    if (!attributes) return undefined;
    const sns = await aws.sns();
    const tags = await ifExists(sns.listTagsForResource({ ResourceArn: id }));
    return {
      arn: id,
      name: id.split(":").at(-1),
      displayName: attributes.DisplayName,
      kmsMasterKeyId: attributes.KmsMasterKeyId,
      policy: attributes.Policy,
      owner: attributes.Owner,
      tags: ownTags(tagMap(tags?.Tags)),
    };
  },

  async update(aws, id, { olds, news, changed }) {
    const sns = await aws.sns();
    for (const [property, AttributeName] of Object.entries(ATTRIBUTES)) {
      if (!changed(property)) continue;
      const AttributeValue = String(news[property] ?? "");
      await sns.setTopicAttributes({ TopicArn: id, AttributeName, AttributeValue });
    }
    if (changed("tags")) {
      const TagKeys = removedKeys(olds.tags, news.tags);
      if (TagKeys.length > 0) await sns.untagResource({ ResourceArn: id, TagKeys });
      if (news.tags) await sns.tagResource({ ResourceArn: id, Tags: tagList(news.tags) });
    }
  },

  async delete(aws, id) {
    const sns = await aws.sns();
    await ifExists(sns.deleteTopic({ TopicArn: id }));
  },
});

const ATTRIBUTES = { displayName: "DisplayName", kmsMasterKeyId: "KmsMasterKeyId" };

function attributesOf(inputs: TopicInputs): Record<string, string> {
  const given = Object.entries(ATTRIBUTES).filter(([property]) => inputs[property] !== undefined);
  return Object.fromEntries(given.map(([property, name]) => [name, String(inputs[property])]));
}

function noFifo(inputs: Partial<TopicInputs>): Failure[] {
  return (["fifoTopic", "contentBasedDeduplication"] as const)
    .filter((property) => inputs[property] === true)
    .map((property) => ({
      property,
      reason: "is not served by the local stack's AWS provider: leave it out",
    }));
}

/** The attributes of a topic; undefined where there is none. */
export async function topicAttributes(aws: Aws, arn: string): Promise<Record<string, string> | undefined> {
  const sns = await aws.sns();
  return (await ifExists(sns.getTopicAttributes({ TopicArn: arn })))?.Attributes;
}
