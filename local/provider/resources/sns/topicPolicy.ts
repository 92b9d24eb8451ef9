/** aws:sns/topicPolicy:TopicPolicy */

import type { Aws } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import { defineResource } from "../../resource.ts";
import { topicAttributes } from "./topic.ts";

interface TopicPolicyInputs {
  /** The topic's. */
  arn: string;
  policy: string;
}

export const topicPolicy = defineResource<TopicPolicyInputs>({
  token: "aws:sns/topicPolicy:TopicPolicy",
  inputs: {
    arn: { kind: "string", required: true, replaces: true },
    policy: { kind: "json", required: true },
  },
  outputs: ["owner"],

  async create(aws, { arn, policy }) {
    await put(aws, arn, policy);
    return arn;
  },

  async read(aws, id) {
    const attributes = await topicAttributes(aws, id);
    return attributes && { arn: id, policy: attributes.Policy, owner: attributes.Owner };
  },

  async update(aws, id, { news }) {
    await put(aws, id, news.policy);
  },

  /** A topic always has a policy: it gets back the one that SNS gives a new topic. */
  async delete(aws, id) {
    const owner = id.split(":")[4];
    await ifExists(put(aws, id, JSON.stringify(defaultPolicy(id, owner))));
  },
});

async function put(aws: Aws, TopicArn: string, AttributeValue: string): Promise<void> {
  const sns = await aws.sns();
  await sns.setTopicAttributes({ TopicArn, AttributeName: "Policy", AttributeValue });
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html */
export const defaultPolicy = (Resource: string, owner: string) => ({
  Version: "2008-10-17",
  Id: "__default_policy_ID",
  Statement: [
    {
      Sid: "__default_statement_ID",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: [
        "SNS:GetTopicAttributes",
        "SNS:SetTopicAttributes",
        "SNS:AddPermission",
        "SNS:RemovePermission",
        "SNS:DeleteTopic",
        "SNS:Subscribe",
        "SNS:ListSubscriptionsByTopic",
        "SNS:Publish",
      ],
      Resource,
      Condition: { StringEquals: { "AWS:SourceOwner": owner } },
    },
  ],
});
