/** aws:cloudwatch/logGroup:LogGroup */

import type { CloudWatchLogs, LogGroup, LogGroupClass } from "@aws-sdk/client-cloudwatch-logs";
import { ifExists } from "../../errors.ts";
import { defineResource, unserved } from "../../resource.ts";
import { ownTags, removedKeys, type Tags } from "../../tags.ts";
import type { Values } from "../../values.ts";

interface LogGroupInputs extends Values {
  name: string;
  kmsKeyId?: string;
  logGroupClass?: string;
  /** Days; 0 keeps the events for ever. */
  retentionInDays: number;
  /** Keep the group when the resource is deleted. */
  skipDestroy: boolean;
  tags?: Tags;
}

export const logGroup = defineResource<LogGroupInputs>({
  token: "aws:cloudwatch/logGroup:LogGroup",
  autoName: { property: "name", maxLength: 255, prefix: "namePrefix" },
  inputs: {
    // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
    name: {
      kind: "string",
      computed: true,
      replaces: true,
      maxLength: 512,
      pattern: /^[0-9A-Za-z_./#-]+$/,
    },
    namePrefix: {
      kind: "string",
      computed: true,
      replaces: true,
      stateOnly: true,
      unset: "",
      maxLength: 483,
    },
    deletionProtectionEnabled: unserved(false),
    kmsKeyId: { kind: "string", unset: "" },
    logGroupClass: { kind: "string", computed: true, replaces: true },
    retentionInDays: { kind: "number", default: 0 },
    skipDestroy: { kind: "boolean", default: false, stateOnly: true },
    tags: { kind: "map" },
  },
  outputs: ["arn"],

  async create(aws, inputs) {
    const logs = await aws.logs();
    await logs.createLogGroup({
      logGroupName: inputs.name,
      kmsKeyId: inputs.kmsKeyId,
      logGroupClass: inputs.logGroupClass as LogGroupClass | undefined,
      tags: inputs.tags,
    });
    return inputs.name;
  },

  async configure(aws, id, inputs) {
    if (inputs.retentionInDays > 0) await setRetention(await aws.logs(), id, inputs.retentionInDays);
  },

  async read(aws, id) {
    const logs = await aws.logs();
    const group = await find(logs, id);
    if (!group) return undefined;
    const arn = plainArn(group);
    const tags = await ifExists(logs.listTagsForResource({ resourceArn: arn }));
    return {
      name: group.logGroupName,
      arn,
      kmsKeyId: group.kmsKeyId,
      logGroupClass: group.logGroupClass ?? "STANDARD",
      retentionInDays: group.retentionInDays ?? 0,
      tags: ownTags(tags?.tags ?? {}),
    };
  },

  async update(aws, id, { olds, news, changed }) {
    const logs = await aws.logs();
    if (changed("retentionInDays")) await setRetention(logs, id, news.retentionInDays);
    if (changed("kmsKeyId")) await setKey(logs, id, news.kmsKeyId);
    if (changed("tags")) {
      const group = await find(logs, id);
      const resourceArn = group && plainArn(group);
      const tagKeys = removedKeys(olds.tags, news.tags);
      if (tagKeys.length > 0) await logs.untagResource({ resourceArn, tagKeys });
      if (news.tags) await logs.tagResource({ resourceArn, tags: news.tags });
    }
  },

  async delete(aws, id, state) {
    if (state.skipDestroy) return;
    const logs = await aws.logs();
    await ifExists(logs.deleteLogGroup({ logGroupName: id }));
  },
});

/** The API only finds by prefix. */
async function find(logs: CloudWatchLogs, name: string): Promise<LogGroup | undefined> {
  let nextToken: string | undefined;
  do {
    const page = await logs.describeLogGroups({ logGroupNamePrefix: name, nextToken });
    const found = page.logGroups?.find((group) => group.logGroupName === name);
    if (found) return found;
    nextToken = page.nextToken;
  } while (nextToken);
  return undefined;
}

/** Without the `:*` (all streams) that the API appends. */
function plainArn(group: LogGroup): string | undefined {
  return group.arn?.replace(/:\*$/, "");
}

async function setRetention(logs: CloudWatchLogs, logGroupName: string, retentionInDays: number) {
  if (retentionInDays > 0) await logs.putRetentionPolicy({ logGroupName, retentionInDays });
  else await ifExists(logs.deleteRetentionPolicy({ logGroupName }));
}

async function setKey(logs: CloudWatchLogs, logGroupName: string, kmsKeyId: string | undefined) {
  if (kmsKeyId) await logs.associateKmsKey({ logGroupName, kmsKeyId });
  else await logs.disassociateKmsKey({ logGroupName });
}
