/** Tags: a map in Pulumi, a list of keys and values in most AWS APIs. */

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
