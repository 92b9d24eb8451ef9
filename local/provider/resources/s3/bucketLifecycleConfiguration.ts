/** aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration */

import type { LifecycleRule, TransitionDefaultMinimumObjectSize } from "@aws-sdk/client-s3";
import { fromApi, toApi } from "../../apiNames.ts";
import { ifExists } from "../../errors.ts";
import { unserved } from "../../resource.ts";
import { type Tags, tagList, tagMap } from "../../tags.ts";
import type { Values } from "../../values.ts";
import { bucketSetting } from "./settings.ts";

interface Rule extends Values {
  id: string;
  status: string;
  prefix?: string;
  filter?: { and?: { tags?: Tags } & Values } & Values;
  expiration?: Values;
}

interface LifecycleInputs extends Values {
  bucket: string;
  rules?: Rule[];
  transitionDefaultMinimumObjectSize?: string;
}

const names = { ID: "id" };

export const bucketLifecycleConfiguration = bucketSetting<LifecycleInputs>({
  token: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  inputs: {
    bucket: { kind: "string", required: true, replaces: true },
    rules: { kind: "block", unset: [] },
    transitionDefaultMinimumObjectSize: {
      kind: "string",
      computed: true,
      unset: "all_storage_classes_128K",
    },
    expectedBucketOwner: unserved("", { replaces: true }),
    timeouts: { kind: "block", stateOnly: true },
  },
  framework: true,
  check: ({ rules }) =>
    rules === undefined || (Array.isArray(rules) && rules.length === 0)
      ? [{ property: "rules", reason: "must contain at least 1 rule" }]
      : [],
  async put(aws, Bucket, { rules = [], transitionDefaultMinimumObjectSize }) {
    const s3 = await aws.s3();
    await s3.putBucketLifecycleConfiguration({
      Bucket,
      LifecycleConfiguration: { Rules: rules.map(toLifecycleRule) },
      TransitionDefaultMinimumObjectSize: transitionDefaultMinimumObjectSize as
        | TransitionDefaultMinimumObjectSize
        | undefined,
    });
  },
  async read(aws, Bucket) {
    const s3 = await aws.s3();
    const answer = await ifExists(s3.getBucketLifecycleConfiguration({ Bucket }));
    return (
      answer?.Rules && {
        rules: answer.Rules.map(fromLifecycleRule),
        transitionDefaultMinimumObjectSize: answer.TransitionDefaultMinimumObjectSize,
      }
    );
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

/** A rule as the AWS provider reports it, with what it says where there is nothing. */
export function fromLifecycleRule(api: LifecycleRule): Rule {
  const rule = {
    prefix: "",
    transitions: [],
    noncurrentVersionTransitions: [],
    ...fromApi(api, names),
  } as unknown as Rule;
  if (rule.expiration) rule.expiration = { expiredObjectDeleteMarker: false, ...rule.expiration };
  if (rule.filter && Object.keys(rule.filter).length === 0) rule.filter = { prefix: "" };
  if (rule.filter?.and && api.Filter?.And) rule.filter.and.tags = tagMap(api.Filter.And.Tags);
  return rule;
}
