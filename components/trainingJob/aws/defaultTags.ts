import { isRecord } from "../args/unknown";
import { apiShape, type Shape } from "../model/apiModel";
import { type ConfigReader, parsed } from "./settings";

/** Tags that `aws:defaultTags` puts on every resource: `{"tags": {...}}`, as the AWS provider takes it. */
export function defaultTagsOf(config: ConfigReader): Record<string, string> {
  const block = parsed("aws:defaultTags", config("aws:defaultTags"));
  const [first] = Array.isArray(block) ? block : [block];
  const tags = isRecord(first) && isRecord(first.tags) ? first.tags : {};
  return Object.fromEntries(Object.entries(tags).map(([key, value]) => [key, String(value)]));
}

export interface MergedTags {
  tags: Record<string, string>;
  /** Default tags that were left out, each with the reason: "team (a tag's value ...)". */
  leftOut: string[];
}

/**
 * A resource's tags with the default ones, of which its own of the same key win. At most `room` in all: SageMaker takes 50, of which the
 * owner's tags need some. Default tags are meant for every resource, so one that cannot be put on a training job is left out and named,
 * and does not fail the deployment.
 */
export function withDefaultTags(
  own: Record<string, string> = {},
  defaults: Record<string, string>,
  room: number,
): MergedTags {
  const tags = { ...own };
  const leftOut: string[] = [];
  for (const key of Object.keys(defaults).sort()) {
    if (key in own) continue;
    const reason = Object.keys(tags).length >= room ? `more than ${room}` : faultOf(key, defaults[key]);
    if (reason) leftOut.push(`${key} (${reason})`);
    else tags[key] = defaults[key];
  }
  return { tags, leftOut };
}

function faultOf(key: string, value: string): string | undefined {
  if (/^(aws|pulumi):/i.test(key)) return "reserved";
  const faults = [textFault("key", key, apiShape("TagKey")), textFault("value", value, apiShape("TagValue"))];
  return faults.find(Boolean);
}

function textFault(what: string, text: string, { min = 0, max = 0, pattern }: Shape): string | undefined {
  const length = [...text].length;
  if (length < min || length > max) return `a ${what} has ${min} to ${max} characters`;
  return new RegExp(`^${pattern}$`, "u").test(text)
    ? undefined
    : `SageMaker does not take all characters of its ${what}`;
}
