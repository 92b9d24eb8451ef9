/** aws:sns/topicSubscription:TopicSubscription */

import { ifExists } from "../../errors.ts";
import { defineResource, unserved } from "../../resource.ts";
import type { Values } from "../../values.ts";

interface TopicSubscriptionInputs extends Values {
  protocol: string;
  endpoint: string;
  /** The topic's ARN. */
  topic: string;
  rawMessageDelivery: boolean;
}

const optional = unserved(null, { computed: false });

export const topicSubscription = defineResource<TopicSubscriptionInputs>({
  token: "aws:sns/topicSubscription:TopicSubscription",
  inputs: {
    protocol: { kind: "string", required: true, replaces: true },
    endpoint: { kind: "string", required: true, replaces: true },
    topic: { kind: "string", required: true, replaces: true },
    rawMessageDelivery: { kind: "boolean", default: false },
    confirmationTimeoutInMinutes: { kind: "number", default: 1, stateOnly: true },
    endpointAutoConfirms: { kind: "boolean", default: false, stateOnly: true },
    filterPolicyScope: unserved(),
    filterPolicy: optional,
    deliveryPolicy: optional,
    redrivePolicy: optional,
    replayPolicy: optional,
    subscriptionRoleArn: optional,
  },
  outputs: ["arn", "confirmationWasAuthenticated", "ownerId", "pendingConfirmation"],

  async create(aws, inputs) {
    const sns = await aws.sns();
    const { SubscriptionArn = "" } = await sns.subscribe({
      TopicArn: inputs.topic,
      Protocol: inputs.protocol,
      Endpoint: inputs.endpoint,
      Attributes: { RawMessageDelivery: String(inputs.rawMessageDelivery) },
      ReturnSubscriptionArn: true, // also while it is not confirmed
    });
    return SubscriptionArn;
  },

  async read(aws, id) {
    const sns = await aws.sns();
    const found = (await ifExists(sns.getSubscriptionAttributes({ SubscriptionArn: id })))?.Attributes;
    return (
      found && {
        arn: id,
        protocol: found.Protocol,
        endpoint: found.Endpoint,
        topic: found.TopicArn,
        rawMessageDelivery: found.RawMessageDelivery === "true",
        confirmationWasAuthenticated: found.ConfirmationWasAuthenticated === "true",
        ownerId: found.Owner,
        pendingConfirmation: found.PendingConfirmation === "true",
      }
    );
  },

  async update(aws, id, { news, changed }) {
    if (!changed("rawMessageDelivery")) return;
    const sns = await aws.sns();
    await sns.setSubscriptionAttributes({
      SubscriptionArn: id,
      AttributeName: "RawMessageDelivery",
      AttributeValue: String(news.rawMessageDelivery),
    });
  },

  async delete(aws, id) {
    const sns = await aws.sns();
    await ifExists(sns.unsubscribe({ SubscriptionArn: id }));
  },
});
