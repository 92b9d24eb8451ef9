import assert from "node:assert/strict";
import { parseConfig } from "../../components/config";
import { Notification } from "../../components/notification";
import { JOB, runExperiment } from "./support/experimentProgram";
import { inputsOf, type Program, runProgram } from "./support/program";

const ADDRESSES = ["a@example.org", "b@example.org"];
const TOPIC = "arn:aws:sns:us-east-1:111122223333:dense-notification-topic-1a2b";
const RULE = "arn:aws:events:us-east-1:111122223333:rule/dense-notification-rule-1a2b";

describe("Notification", () => {
  let program: Program<unknown>;
  before(async () => {
    program = await runExperiment({ notify: ADDRESSES, tags: { team: "imaging" } });
  });
  const inputs = (type: string, name: string) => inputsOf(program, type, `dense-notification-${name}`);

  it("subscribes each address to a topic that carries the stack's tags", () => {
    assert.deepEqual(inputs("aws:sns/topic:Topic", "topic"), {
      displayName: "Training dense",
      tags: { team: "imaging" },
    });
    for (const endpoint of ADDRESSES) {
      const subscription = inputs("aws:sns/topicSubscription:TopicSubscription", endpoint);
      assert.deepEqual(subscription, { topic: TOPIC, protocol: "email", endpoint });
    }
  });

  it("takes what SageMaker says of the ends of the experiment's jobs", () => {
    const { eventPattern, tags } = inputs("aws:cloudwatch/eventRule:EventRule", "rule");
    assert.deepEqual(JSON.parse(String(eventPattern)), {
      source: ["aws.sagemaker"],
      "detail-type": ["SageMaker Training Job State Change"],
      detail: {
        TrainingJobName: [{ prefix: "dense-" }],
        TrainingJobStatus: ["Completed", "Failed", "Stopped"],
      },
    });
    assert.deepEqual(tags, { team: "imaging" });
  });

  it("lets nobody publish but the rule, and is let in before it sends", () => {
    const { arn, policy } = inputs("aws:sns/topicPolicy:TopicPolicy", "policy");
    assert.equal(arn, TOPIC);
    const { Statement } = JSON.parse(String(policy));
    assert.equal(Statement.length, 1);
    const { Sid: _sid, ...statement } = Statement[0];
    assert.deepEqual(statement, {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sns:Publish",
      Resource: TOPIC,
      Condition: { ArnEquals: { "aws:SourceArn": RULE } },
    });
    const target = program.resources.find(({ name }) => name === "dense-notification-target");
    assert.ok(target?.dependencies.includes("dense-notification-policy"), `${target?.dependencies}`);
  });

  it("says which job ended how and why, where to look and what to do, in lines that EventBridge takes", () => {
    const { arn, rule, inputTransformer } = inputs("aws:cloudwatch/eventTarget:EventTarget", "target");
    assert.equal(arn, TOPIC);
    assert.equal(rule, "dense-notification-rule-1a2b");
    const { inputPaths, inputTemplate } = inputTransformer as {
      inputPaths: Record<string, string>;
      inputTemplate: string;
    };
    const lines = inputTemplate.split("\n").map((line) => JSON.parse(line));
    assert.deepEqual(lines, [
      "Training job <job> of dense: <status> (<secondary>). <reason>",
      "Job: https://us-east-1.console.aws.amazon.com/sagemaker/home?region=us-east-1#/jobs/<job>",
      "Stack training/dev: pulumi up --stack dev takes up the result where nothing waited for it.",
    ]);
    const used = [...inputTemplate.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(inputPaths).sort());
    assert.deepEqual(
      Object.values(inputPaths).filter((each) => !each.startsWith("$.detail.")),
      [],
    );
  });

  it("is all there before the job starts", () => {
    const job = program.resources.find(({ type }) => type === JOB);
    const parts = program.resources.filter(({ parent }) => parent === "dense-notification");
    assert.equal(parts.length, 6);
    assert.deepEqual(
      parts.map(({ name }) => name).filter((name) => !job?.dependencies.includes(name)),
      [],
    );
  });

  it("knows the jobs of an experiment whose name is cut off in theirs, and has names that AWS takes", async () => {
    const experiment = `${"e".repeat(46)}-x`;
    const run = await runProgram(
      () => new Notification(`${experiment}-notification`, { experiment, addresses: ["a@example.org"] }),
    );
    const rule = run.resources.find(({ type }) => type === "aws:cloudwatch/eventRule:EventRule");
    assert.ok(rule && rule.name.length + "-1234567".length <= 64, rule?.name);
    const { detail } = JSON.parse(String(rule.inputs.eventPattern));
    assert.deepEqual(detail.TrainingJobName, [{ prefix: `${"e".repeat(46)}-` }]);
  });

  for (const [what, notify, reason] of [
    ["what is no address", ["me"], /training:notify\.0: "me" is not an e-mail address/],
    ["an address with a name", ["Me <me@example.org>"], /is not an e-mail address/],
    ["an address twice", [ADDRESSES[0], ADDRESSES[0]], /training:notify: a@example\.org is there twice/],
    ["one text", "me@example.org", /training:notify: use a list/],
  ] as const) {
    it(`refuses ${what}`, () => {
      assert.throws(() => parseConfig({ train: "s3://a/b", val: "s3://a/c", notify }), reason);
    });
  }
});
