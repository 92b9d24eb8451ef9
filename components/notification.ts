import * as pulumi from "@pulumi/pulumi";
import * as aws from "./aws";
import { fitName, RULE_NAME } from "./names";
import { namePrefix } from "./trainingJob/identity/name";
import { urls } from "./trainingJob/state/facts";

export interface NotificationArgs {
  /** Name of the experiment, with which the names of its jobs begin. */
  experiment: string;
  /** E-mail addresses, each once. At least one. */
  addresses: string[];
  tags?: Record<string, string>;
}

/** Statuses of a job that has ended. */
const ENDS = ["Completed", "Failed", "Stopped"];

/**
 * Word by e-mail when a job of the experiment ends, also where nothing waits for it any more: a topic, who is subscribed to it, and a rule
 * on SageMaker's own events. AWS sends each new address a link first; until that is followed it gets nothing else.
 *
 * A topic that is encrypted with SNS's own key takes nothing from EventBridge, so this one is not: what it carries is the job's name, its
 * status and the reason of a failure. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html
 *
 * @example
 * const notification = new Notification("word", { experiment: "densenet121", addresses: ["me@example.org"] });
 * new TrainingJob("training", args, { dependsOn: notification });
 */
export class Notification extends pulumi.ComponentResource {
  public readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: NotificationArgs, opts?: pulumi.ComponentResourceOptions) {
    super("training:index:Notification", name, {}, opts);

    const { experiment, tags } = args;
    const options = { parent: this };
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { displayName: `Training ${experiment}`, tags },
      options,
    );
    for (const endpoint of args.addresses) {
      new aws.sns.TopicSubscription(
        `${name}-${endpoint}`,
        { topic: topic.arn, protocol: "email", endpoint },
        options,
      );
    }
    const rule = new aws.cloudwatch.EventRule(
      fitName(`${name}-rule`, RULE_NAME),
      {
        description: `Training jobs of ${experiment} that end`,
        eventPattern: JSON.stringify(endsOf(experiment)),
        tags,
      },
      options,
    );
    const policy = new aws.sns.TopicPolicy(
      `${name}-policy`,
      { arn: topic.arn, policy: pulumi.all([topic.arn, rule.arn]).apply(onlyTheRule) },
      options,
    );
    const { region } = aws.getRegionOutput({}, options);
    new aws.cloudwatch.EventTarget(
      `${name}-target`,
      {
        rule: rule.name,
        arn: topic.arn,
        targetId: "e-mail",
        inputTransformer: {
          inputPaths: PATHS,
          inputTemplate: region.apply((where) => template(experiment, where)),
        },
      },
      // Nothing is sent before it is let in.
      { parent: this, dependsOn: policy },
    );
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}

/** https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html */
const endsOf = (experiment: string) => ({
  source: ["aws.sagemaker"],
  "detail-type": ["SageMaker Training Job State Change"],
  detail: { TrainingJobName: [{ prefix: namePrefix(experiment) }], TrainingJobStatus: ENDS },
});

/** In place of SNS's default policy, by which everybody in the account may publish. */
const onlyTheRule = ([topicArn, ruleArn]: string[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "OnlyTheRule",
        Effect: "Allow",
        Principal: { Service: "events.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topicArn,
        Condition: { ArnEquals: { "aws:SourceArn": ruleArn } },
      },
    ],
  });

const PATHS = {
  job: "$.detail.TrainingJobName",
  status: "$.detail.TrainingJobStatus",
  secondary: "$.detail.SecondaryStatus",
  reason: "$.detail.FailureReason",
};

/** Each line is a JSON text of its own, quotes and all; what an event lacks is left empty. */
function template(experiment: string, region: string): string {
  const stack = pulumi.getStack();
  return [
    `Training job <job> of ${experiment}: <status> (<secondary>). <reason>`,
    `Job: ${urls(region, "<job>").consoleUrl}`,
    `Stack ${pulumi.getProject()}/${stack}: pulumi up --stack ${stack} takes up the result where nothing waited for it.`,
  ]
    .map((line) => `"${line}"`)
    .join("\n");
}
