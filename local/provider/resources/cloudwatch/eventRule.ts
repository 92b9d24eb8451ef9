/** aws:cloudwatch/eventRule:EventRule */

import type { RuleState } from "@aws-sdk/client-eventbridge";
import type { Aws } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import type { Failure } from "../../findings.ts";
import { defineResource, unserved } from "../../resource.ts";
import { ownTags, removedKeys, type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";

interface EventRuleInputs extends Values {
  name: string;
  description?: string;
  eventBusName: string;
  eventPattern?: string;
  roleArn?: string;
  scheduleExpression?: string;
  state?: RuleState;
  tags?: Tags;
}

const DEFAULT_BUS = "default";

export const eventRule = defineResource<EventRuleInputs>({
  token: "aws:cloudwatch/eventRule:EventRule",
  autoName: { property: "name", maxLength: 64, prefix: "namePrefix" },
  inputs: {
    // https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html
    name: { kind: "string", computed: true, replaces: true, maxLength: 64, pattern: /^[0-9A-Za-z._-]+$/ },
    namePrefix: {
      kind: "string",
      computed: true,
      replaces: true,
      stateOnly: true,
      unset: "",
      maxLength: 38,
    },
    description: { kind: "string", unset: "", maxLength: 512 },
    eventBusName: { kind: "string", default: DEFAULT_BUS, replaces: true },
    eventPattern: { kind: "json" },
    forceDestroy: { kind: "boolean", default: false, stateOnly: true },
    isEnabled: unserved(null, { computed: false }),
    roleArn: { kind: "string", unset: "" },
    scheduleExpression: { kind: "string", unset: "" },
    state: { kind: "string", keptWhenLeftOut: true },
    tags: { kind: "map" },
  },
  outputs: ["arn"],
  check: whatFor,

  async create(aws, inputs) {
    await put(aws, inputs, inputs.tags);
    return idOf(inputs);
  },

  async read(aws, id) {
    const { EventBusName, Name } = named(id);
    const events = await aws.eventbridge();
    const found = await ifExists(events.describeRule({ EventBusName, Name }));
    if (!found) return undefined;
    const tags = await ifExists(events.listTagsForResource({ ResourceARN: found.Arn }));
    return {
      name: Name,
      arn: found.Arn,
      description: found.Description,
      eventBusName: EventBusName,
      eventPattern: found.EventPattern,
      isEnabled: found.State !== "DISABLED",
      roleArn: found.RoleArn,
      scheduleExpression: found.ScheduleExpression,
      state: found.State,
      tags: ownTags(tagMap(tags?.Tags)),
    };
  },

  async update(aws, id, { olds, news, changed }) {
    await put(aws, news);
    if (!changed("tags")) return;
    const events = await aws.eventbridge();
    const { Arn: ResourceARN } = await events.describeRule(named(id));
    const TagKeys = removedKeys(olds.tags, news.tags);
    if (TagKeys.length > 0) await events.untagResource({ ResourceARN, TagKeys });
    if (news.tags) await events.tagResource({ ResourceARN, Tags: tagList(news.tags) });
  },

  async delete(aws, id) {
    const events = await aws.eventbridge();
    await ifExists(events.deleteRule(named(id)));
  },
});

const idOf = ({ eventBusName, name }: EventRuleInputs): string =>
  eventBusName === DEFAULT_BUS ? name : `${eventBusName}/${name}`;

function named(id: string): { EventBusName: string; Name: string } {
  const at = id.lastIndexOf("/");
  return { EventBusName: at < 0 ? DEFAULT_BUS : id.slice(0, at), Name: id.slice(at + 1) };
}

/** An update says nothing of tags: PutRule takes them for a new rule only. */
async function put(aws: Aws, inputs: EventRuleInputs, tags?: Tags): Promise<void> {
  const events = await aws.eventbridge();
  await events.putRule({
    Name: inputs.name,
    Description: inputs.description,
    EventBusName: inputs.eventBusName,
    EventPattern: inputs.eventPattern,
    RoleArn: inputs.roleArn,
    ScheduleExpression: inputs.scheduleExpression,
    State: inputs.state,
    ...(tags && { Tags: tagList(tags) }),
  });
}

function whatFor({ eventPattern, scheduleExpression }: Partial<EventRuleInputs>): Failure[] {
  if (eventPattern !== undefined || scheduleExpression !== undefined) return [];
  return [{ property: "eventPattern", reason: "or scheduleExpression must be given: what is the rule for?" }];
}
