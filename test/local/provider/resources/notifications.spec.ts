import assert from "node:assert/strict";
import { eventRule } from "../../../../local/provider/resources/cloudwatch/eventRule.ts";
import { eventTarget } from "../../../../local/provider/resources/cloudwatch/eventTarget.ts";
import { topic } from "../../../../local/provider/resources/sns/topic.ts";
import { topicSubscription } from "../../../../local/provider/resources/sns/topicSubscription.ts";
import { awsError, fakeAws, inputsOf } from "../support/fakeAws.ts";

describe("aws.sns.Topic", () => {
  it("is no FIFO topic", () => {
    const reasons = topic.check?.({ fifoTopic: true, contentBasedDeduplication: false });
    assert.deepEqual(
      reasons?.map(({ property }) => property),
      ["fifoTopic"],
    );
  });

  it("is gone when SNS does not find it, and then easily deleted", async () => {
    const gone = awsError("NotFound");
    const aws = fakeAws({ "sns.getTopicAttributes": gone, "sns.deleteTopic": gone });
    assert.equal(await topic.read(aws, "arn:aws:sns:r:1:t", {}), undefined);
    await topic.delete(aws, "arn:aws:sns:r:1:t", {});
  });
});

describe("aws.sns.TopicSubscription", () => {
  it("has an ARN before it is confirmed", async () => {
    const aws = fakeAws({ "sns.subscribe": { SubscriptionArn: "arn:s" } });
    const inputs = { topic: "arn:t", protocol: "email", endpoint: "a@b.org", rawMessageDelivery: false };
    assert.equal(await topicSubscription.create(aws, inputs), "arn:s");
    assert.equal(inputsOf(aws, "sns.subscribe")[0].ReturnSubscriptionArn, true);
  });
});

describe("aws.cloudwatch.EventRule", () => {
  it("must be for something", () => {
    assert.equal(eventRule.check?.({ name: "r" }).length, 1);
    assert.deepEqual(eventRule.check?.({ eventPattern: "{}" }), []);
  });

  it("of a bus of its own names it in the id", async () => {
    const aws = fakeAws({ "eventbridge.describeRule": { Name: "r", State: "DISABLED" } });
    const id = await eventRule.create(aws, { name: "r", eventBusName: "b", eventPattern: "{}" });
    assert.equal(id, "b/r");
    const found = await eventRule.read(aws, id, {});
    assert.equal(found?.isEnabled, false);
    assert.deepEqual(inputsOf(aws, "eventbridge.describeRule"), [{ EventBusName: "b", Name: "r" }]);
  });
});

describe("aws.cloudwatch.EventTarget", () => {
  const inputs = { rule: "r", arn: "arn:t", eventBusName: "default", targetId: "t" };

  it("that EventBridge refuses in a good answer is refused", async () => {
    const FailedEntries = [{ TargetId: "t", ErrorCode: "Limit", ErrorMessage: "too many" }];
    const aws = fakeAws({ "eventbridge.putTargets": { FailedEntries } });
    await assert.rejects(eventTarget.create(aws, inputs), /refuses the target: Limit too many/);
  });

  it("is found among the rule's, page by page", async () => {
    const pages = [{ Targets: [{ Id: "other" }], NextToken: "n" }, { Targets: [{ Id: "t", Arn: "arn:t" }] }];
    const aws = fakeAws({
      "eventbridge.listTargetsByRule": ({ NextToken }: { NextToken?: string }) => pages[NextToken ? 1 : 0],
    });
    assert.equal((await eventTarget.read(aws, "r-t", inputs))?.arn, "arn:t");
  });
});
