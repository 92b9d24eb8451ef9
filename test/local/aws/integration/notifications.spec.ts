import assert from "node:assert/strict";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { SNS } from "@aws-sdk/client-sns";
import type { Mail } from "../../../../local/aws/notifications/mailbox.ts";
import { bucket, TestAws, until } from "./testAws.ts";

describe("notifications of the local AWS", function () {
  this.timeout(180_000);
  let aws: TestAws;
  let sns: SNS;
  let events: EventBridge;

  before(async () => {
    aws = await TestAws.start();
    const { endpoint, credentials } = aws.running;
    const config = { endpoint, credentials, region: "us-east-1" };
    sns = new SNS(config);
    events = new EventBridge(config);
  });
  after(() => aws.remove());

  const mail = async () => (await aws.control("GET", "mail")) as unknown as Mail[];
  const mailTo = async (address: string) => (await mail()).filter(({ to }) => to === address);

  /** A topic that writes to an address. */
  async function topic(name: string, address: string): Promise<string> {
    const { TopicArn = "" } = await sns.createTopic({ Name: name });
    await sns.subscribe({ TopicArn, Protocol: "email", Endpoint: address });
    return TopicArn;
  }

  async function rule(Name: string, detail: object): Promise<string> {
    const EventPattern = JSON.stringify({ source: ["aws.sagemaker"], detail });
    return (await events.putRule({ Name, EventPattern })).RuleArn ?? "";
  }

  const letIn = (TopicArn: string, ruleArn: string) =>
    sns.setTopicAttributes({
      TopicArn,
      AttributeName: "Policy",
      AttributeValue: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sns:Publish",
          Resource: TopicArn,
          Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
        },
      }),
    });

  const broken = "raise SystemExit('no such \"column\"')";

  it("tell of each step of a job as AWS does, where the topic's policy lets EventBridge in", async () => {
    const ruleArn = await rule("steps", { TrainingJobName: [{ prefix: "told-" }] });
    const [open, closed] = [await topic("open", "open@x.org"), await topic("closed", "closed@x.org")];
    await letIn(open, ruleArn);
    await events.putTargets({
      Rule: "steps",
      Targets: [
        { Id: "closed", Arn: closed },
        { Id: "open", Arn: open },
      ],
    });
    await aws.createJob("untold", broken);
    await aws.waitForEnd("untold");
    await aws.createJob("told-1", broken, { HyperParameters: { lr: "0.1" } });
    const job = await aws.waitForEnd("told-1");
    const told = async () => (await mailTo("open@x.org")).map(({ text }) => JSON.parse(text));
    await until("word of the end", async () => (await told()).at(-1)?.detail.TrainingJobStatus === "Failed");

    // Events come in the order in which things happen, so by now nothing else is on its way.
    const all = await told();
    assert.deepEqual(
      all.map(({ detail }) => detail.SecondaryStatus),
      job.SecondaryStatusTransitions?.map(({ Status }) => Status),
    );
    assert.deepEqual(await mailTo("closed@x.org"), []);

    const { id: _id, time: _time, detail, ...envelope } = all.at(-1);
    assert.deepEqual(envelope, {
      version: "0",
      "detail-type": "SageMaker Training Job State Change",
      source: "aws.sagemaker",
      account: "000000000000",
      region: "us-east-1",
      resources: [job.TrainingJobArn],
    });
    assert.equal(detail.TrainingJobName, "told-1");
    assert.equal(detail.FailureReason, job.FailureReason);
    assert.equal(detail.HyperParameters.lr, "0.1");
    assert.equal(detail.OutputDataConfig.S3OutputPath, `s3://${bucket}/out`);
    assert.equal(detail.CreationTime, job.CreationTime?.getTime());
    assert.ok(!("FailureReason" in all[0].detail));
  });

  it("write what the target's template says, and to an address that SNS publishes to", async () => {
    const ruleArn = await rule("ends", { TrainingJobName: ["short"], TrainingJobStatus: ["Failed"] });
    const arn = await topic("ends", "ends@x.org");
    await letIn(arn, ruleArn);
    await events.putTargets({
      Rule: "ends",
      Targets: [
        {
          Id: "ends",
          Arn: arn,
          InputTransformer: {
            InputPathsMap: { job: "$.detail.TrainingJobName", gone: "$.detail.Nothing" },
            InputTemplate: '"<job> failed.<gone>"\n"See the console."',
          },
        },
      ],
    });
    await aws.createJob("short", broken);
    await until("word of the end", async () => (await mailTo("ends@x.org")).length > 0);
    await sns.publish({ TopicArn: arn, Subject: "By hand", Message: "ü" });
    const [first, second, ...others] = await mailTo("ends@x.org");
    assert.deepEqual(
      [first, second].map(({ subject, text }) => [subject, text]),
      [
        ["AWS Notification Message", '"short failed."\n"See the console."'],
        ["By hand", "ü"],
      ],
    );
    assert.deepEqual(others, []);
  });

  it("take no event of AWS's own from anybody else", async () => {
    const entry = {
      Source: "aws.sagemaker",
      DetailType: "SageMaker Training Job State Change",
      Detail: "{}",
    };
    const { Entries } = await events.putEvents({ Entries: [entry] });
    assert.equal(Entries?.[0].ErrorCode, "NotAuthorizedForSourceException");
  });

  it("keep topics, rules and mail over a crash, and tell of the jobs that it ended", async () => {
    await aws.createJob("told-crash", "import time\nprint('up')\ntime.sleep(600)");
    await aws.waitForLine("told-crash", "up");
    await until("word of the training", async () => {
      const last = (await mailTo("open@x.org")).at(-1)?.text ?? "{}";
      return JSON.parse(last).detail?.SecondaryStatus === "Training";
    });
    await aws.kill();
    await aws.launch();
    await until("word of the end", async () =>
      (await mailTo("open@x.org")).some(({ text }) => {
        const { detail } = JSON.parse(text);
        return detail.TrainingJobName === "told-crash" && detail.TrainingJobStatus === "Failed";
      }),
    );
  });
});
