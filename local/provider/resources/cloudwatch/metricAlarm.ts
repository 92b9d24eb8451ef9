/** aws:cloudwatch/metricAlarm:MetricAlarm, on one metric */

import type { MetricAlarm, PutMetricAlarmInput } from "@aws-sdk/client-cloudwatch";
import { fromApi, toApi } from "../../apiNames.ts";
import type { Aws } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import { defineResource, unserved } from "../../resource.ts";
import { ownTags, removedKeys, type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";

interface MetricAlarmInputs extends Values {
  name: string;
  dimensions?: Record<string, string>;
  tags?: Tags;
}

const names = { AlarmName: "name", AlarmArn: "arn", OKActions: "okActions" };

export const metricAlarm = defineResource<MetricAlarmInputs>({
  token: "aws:cloudwatch/metricAlarm:MetricAlarm",
  autoName: { property: "name", maxLength: 255 },
  inputs: {
    name: { kind: "string", required: true, replaces: true, maxLength: 255 },
    actionsEnabled: { kind: "boolean", default: true },
    alarmActions: { kind: "block", unset: [] },
    alarmDescription: { kind: "string", unset: "" },
    comparisonOperator: { kind: "string" },
    datapointsToAlarm: { kind: "number", unset: 0 },
    dimensions: { kind: "map", unset: {} },
    evaluateLowSampleCountPercentiles: unserved(""),
    evaluationCriteria: unserved(null, { computed: false }),
    evaluationInterval: unserved(null, { computed: false }),
    evaluationPeriods: { kind: "number" },
    extendedStatistic: unserved("", { computed: false }),
    insufficientDataActions: { kind: "block", unset: [] },
    metricName: { kind: "string", unset: "" },
    metricQueries: unserved([], { computed: false }),
    namespace: { kind: "string", unset: "" },
    okActions: { kind: "block", unset: [] },
    period: { kind: "number", unset: 0 },
    statistic: { kind: "string", unset: "" },
    tags: { kind: "map" },
    threshold: { kind: "number" },
    thresholdMetricId: unserved("", { computed: false }),
    treatMissingData: { kind: "string", default: "missing" },
    unit: { kind: "string", unset: "" },
    warmUpConfiguration: unserved(null, { computed: false }),
  },
  outputs: ["arn"],

  async create(aws, inputs) {
    await put(aws, inputs);
    return inputs.name;
  },

  async read(aws, id) {
    const alarm = await find(aws, id);
    if (!alarm) return undefined;
    const { Dimensions = [], ...others } = alarm;
    const cloudwatch = await aws.cloudwatch();
    const found = await ifExists(cloudwatch.listTagsForResource({ ResourceARN: alarm.AlarmArn }));
    return {
      ...fromApi(others, names),
      dimensions: Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value])),
      tags: ownTags(tagMap(found?.Tags)),
    };
  },

  async update(aws, id, { olds, news, changed }) {
    await put(aws, news);
    // PutMetricAlarm takes tags only for a new alarm.
    if (!changed("tags")) return;
    const cloudwatch = await aws.cloudwatch();
    const ResourceARN = (await find(aws, id))?.AlarmArn;
    const TagKeys = removedKeys(olds.tags, news.tags);
    if (TagKeys.length > 0) await cloudwatch.untagResource({ ResourceARN, TagKeys });
    if (news.tags) await cloudwatch.tagResource({ ResourceARN, Tags: tagList(news.tags) });
  },

  async delete(aws, id) {
    const cloudwatch = await aws.cloudwatch();
    await ifExists(cloudwatch.deleteAlarms({ AlarmNames: [id] }));
  },
});

async function put(aws: Aws, { region: _, dimensions, tags, ...inputs }: MetricAlarmInputs): Promise<void> {
  const cloudwatch = await aws.cloudwatch();
  await cloudwatch.putMetricAlarm({
    ...toApi(inputs, names),
    Dimensions: Object.entries(dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
    ...(tags && { Tags: tagList(tags) }),
  } as PutMetricAlarmInput);
}

async function find(aws: Aws, name: string): Promise<MetricAlarm | undefined> {
  const cloudwatch = await aws.cloudwatch();
  return (await cloudwatch.describeAlarms({ AlarmNames: [name] })).MetricAlarms?.[0];
}
