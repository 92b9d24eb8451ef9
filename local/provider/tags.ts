/** Tags: a map in Pulumi, a list of keys and values in most AWS APIs; and the provider's default tags. */

import { isTagged, type ResourceType } from "./resource.ts";
import { hasUnknown, isObject, unknownValue, type Values } from "./values.ts";

export type Tags = Readonly<Record<string, string>>;

interface Tag {
  Key: string;
  Value: string;
}

/** `{ a: "1" }` -> `[{ Key: "a", Value: "1" }]` */
export function tagList(tags: Tags | undefined): Tag[] {
  return Object.entries(tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

/** `[{ Key: "a", Value: "1" }]` -> `{ a: "1" }` */
export function tagMap(list: { Key?: string; Value?: string }[] | undefined): Record<string, string> {
  return Object.fromEntries((list ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}

/** The keys that the new tags no longer have. */
export function removedKeys(olds: Tags | undefined, news: Tags | undefined): string[] {
  return Object.keys(olds ?? {}).filter((key) => !(key in (news ?? {})));
}

/** What AWS itself adds (`aws:...`) is not the program's to change. */
export function ownTags(tags: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:")));
}

/** `tagsAll` of the inputs: the provider's default tags and the resource's own, which win. Unknown while a tag is. */
export function allTags(inputs: Values, defaultTags: Tags): unknown {
  if (hasUnknown(inputs.tags)) return unknownValue;
  return { ...defaultsFor(inputs, defaultTags), ...(isObject(inputs.tags) ? inputs.tags : {}) };
}

/** The inputs with all their tags as `tags`: what AWS is told. Inputs of earlier versions have all of them there already. */
export function withAllTags(inputs: Values): Values {
  if (!isObject(inputs.tagsAll)) return inputs;
  const { tagsAll, ...rest } = inputs;
  return { ...rest, tags: Object.keys(tagsAll).length > 0 ? tagsAll : undefined };
}

/** What AWS reports, its tags told apart: all of them in `tagsAll`, and in `tags` those that are not the provider's default. */
export function splitTags(type: ResourceType, actual: Values, state: Values, defaultTags: Tags): Values {
  if (!isTagged(type)) return actual;
  const all = (actual.tags ?? {}) as Tags;
  const defaults = defaultsFor(state, defaultTags);
  const given = isObject(state.tags) ? state.tags : {};
  const own = Object.entries(all).filter(([key, value]) => defaults[key] !== value || given[key] === value);
  return { ...actual, tags: own.length > 0 ? Object.fromEntries(own) : undefined, tagsAll: all };
}

/** S3 objects may turn the default tags off, for they can have 10 tags at most: `overrideProvider: { defaultTags: { tags: {} } }`. */
function defaultsFor(inputs: Values, defaultTags: Tags): Tags {
  const override = isObject(inputs.overrideProvider) ? inputs.overrideProvider.defaultTags : undefined;
  return override === undefined ? defaultTags : {};
}
