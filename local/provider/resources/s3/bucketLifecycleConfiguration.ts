/** aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration */

import type { LifecycleRule } from "@aws-sdk/client-s3";
import { fromApi, toApi } from "../../apiNames.ts";
import { ifExists } from "../../errors.ts";
import { type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";
import { bucketSetting } from "./settings.ts";

interface Rule extends Values {
  id: string;
  status: string;
  prefix?: string;
  filter?: { and?: { tags?: Tags } & Values } & Values;
}

interface LifecycleInputs {
  bucket: string;
  rules: Rule[];
}

const names = { ID: "id" };

export const bucketLifecycleConfiguration = bucketSetting<LifecycleInputs>({
  token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  inputs: {
    bucket: { kind: "string", required: true, replaces: true },
    rules: { kind: "block", required: true },
  },
  async put(aws, Bucket, { rules }) {
    const s3 = await aws.s3();
    await s3.putBucketLifecycleConfiguration({
      Bucket,
      LifecycleConfiguration: { Rules: rules.map(toLifecycleRule) },
    });
  },
  async read(aws, Bucket) {
    const s3 = await aws.s3();
    const answer = await ifExists(s3.getBucketLifecycleConfiguration({ Bucket }));
    return answer?.Rules && { rules: answer.Rules.map(fromLifecycleRule) };
  },
  async delete(aws, Bucket) {
    const s3 = await aws.s3();
    await ifExists(s3.deleteBucketLifecycle({ Bucket }));
  },
});

/** A rule as the API takes it. A rule without filter and prefix is for the whole bucket. */
export function toLifecycleRule(rule: Rule): LifecycleRule {
  const api = toApi(rule, names) as unknown as LifecycleRule;
  for (const action of [api.Expiration, ...(api.Transitions ?? [])]) {
    if (action?.Date) action.Date = new Date(action.Date);
  }
  if (api.Filter?.And && rule.filter?.and) api.Filter.And.Tags = tagList(rule.filter.and.tags);
  if (!api.Filter && rule.prefix === undefined) api.Filter = { Prefix: "" };
  return api;
}

/** A rule as the AWS provider reports it. */
export function fromLifecycleRule(api: LifecycleRule): Rule {
  const rule = fromApi(api, names) as Rule;
  if (rule.filter?.and && api.Filter?.And) rule.filter.and.tags = tagMap(api.Filter.And.Tags);
  return rule;
}
