/** aws:cloudwatch/eventTarget:EventTarget */

import type { Target } from "@aws-sdk/client-eventbridge";
import type { Aws } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import { defineResource, unserved } from "../../resource.ts";
import type { Values } from "../../values.ts";

interface EventTargetInputs extends Values {
  /** The target's. */
  arn: string;
  rule: string;
  eventBusName: string;
  targetId: string;
  input?: string;
  inputPath?: string;
  inputTransformer?: { inputPaths?: Record<string, string>; inputTemplate: string };
  roleArn?: string;
}

const DEFAULT_BUS = "default";
const optional = unserved(null, { computed: false });

export const eventTarget = defineResource<EventTargetInputs>({
  token: "aws:cloudwatch/eventTarget:EventTarget",
  autoName: { property: "targetId", maxLength: 255 },
  inputs: {
    arn: { kind: "string", required: true },
    rule: { kind: "string", required: true, replaces: true },
    eventBusName: { kind: "string", default: DEFAULT_BUS, replaces: true },
    // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
    targetId: { kind: "string", computed: true, replaces: true, maxLength: 64, pattern: /^[0-9A-Za-z._-]+$/ },
    forceDestroy: { kind: "boolean", default: false, stateOnly: true },
    input: { kind: "string", unset: "" },
    inputPath: { kind: "string", unset: "" },
    inputTransformer: { kind: "block" },
    roleArn: { kind: "string", unset: "" },
    appsyncTarget: optional,
    batchTarget: optional,
    deadLetterConfig: optional,
    ecsTarget: optional,
    httpTarget: optional,
    kinesisTarget: optional,
    redshiftTarget: optional,
    retryPolicy: optional,
    runCommandTargets: optional,
    sagemakerPipelineTarget: optional,
    sqsTarget: optional,
  },
  outputs: [],

  async create(aws, inputs) {
    await put(aws, inputs);
    const { eventBusName, rule, targetId } = inputs;
    return [...(eventBusName === DEFAULT_BUS ? [] : [eventBusName]), rule, targetId].join("-");
  },

  /** Its id cannot be taken apart again, so what the state says of the rule counts. */
  async read(aws, _id, { rule, eventBusName = DEFAULT_BUS, targetId }) {
    if (!rule || !targetId) return undefined;
    const events = await aws.eventbridge();
    const target = await find(
      (NextToken) =>
        ifExists(events.listTargetsByRule({ Rule: rule, EventBusName: eventBusName, NextToken })),
      targetId,
    );
    return (
      target && {
        arn: target.Arn,
        rule,
        eventBusName,
        targetId,
        input: target.Input,
        inputPath: target.InputPath,
        inputTransformer: target.InputTransformer && {
          inputPaths: target.InputTransformer.InputPathsMap,
          inputTemplate: target.InputTransformer.InputTemplate,
        },
        roleArn: target.RoleArn,
      }
    );
  },

  async update(aws, _id, { news }) {
    await put(aws, news);
  },

  async delete(aws, _id, { rule, eventBusName, targetId }) {
    const events = await aws.eventbridge();
    const removal = events.removeTargets({ Rule: rule, EventBusName: eventBusName, Ids: [targetId] });
    refuseFailed((await ifExists(removal))?.FailedEntries);
  },
});

async function put(aws: Aws, inputs: EventTargetInputs): Promise<void> {
  const { inputTransformer: transformer } = inputs;
  const target: Target = {
    Id: inputs.targetId,
    Arn: inputs.arn,
    Input: inputs.input,
    InputPath: inputs.inputPath,
    InputTransformer: transformer && {
      InputPathsMap: transformer.inputPaths,
      InputTemplate: transformer.inputTemplate,
    },
    RoleArn: inputs.roleArn,
  };
  const events = await aws.eventbridge();
  const answer = await events.putTargets({
    Rule: inputs.rule,
    EventBusName: inputs.eventBusName,
    Targets: [target],
  });
  refuseFailed(answer.FailedEntries);
}

/** These calls answer 200 whatever became of the targets. */
function refuseFailed(entries: { ErrorCode?: string; ErrorMessage?: string }[] = []): void {
  const [failed] = entries;
  if (failed) throw new Error(`EventBridge refuses the target: ${failed.ErrorCode} ${failed.ErrorMessage}`);
}

type Page = { Targets?: Target[]; NextToken?: string } | undefined;

async function find(page: (token?: string) => Promise<Page>, id: string): Promise<Target | undefined> {
  let answer: Page;
  do {
    answer = await page(answer?.NextToken);
    const found = answer?.Targets?.find(({ Id }) => Id === id);
    if (found) return found;
  } while (answer?.NextToken);
  return undefined;
}
