import { validationError } from "./errors.ts";
import type { JobRecord } from "./record.ts";
import { tagProblem } from "./rules.ts";
import type { JobStore } from "./store.ts";

export interface Tag {
  Key: string;
  Value: string;
}

/** Tags that one resource can have. */
const limit = 50;
const defaultPage = 50;

export const toMap = (tags: Tag[]): Record<string, string> =>
  Object.fromEntries(tags.map((tag) => [tag.Key, tag.Value]));

const toList = (tags: Record<string, string>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** AddTags: adds tags and overwrites those of the same key. */
export function addTags(store: JobStore, input: { ResourceArn: string; Tags: Tag[] }) {
  const record = byArn(store, input.ResourceArn);
  const problem = tagProblem(input.Tags);
  if (problem !== undefined) throw validationError(problem);
  const tags = { ...record.tags, ...toMap(input.Tags) };
  if (Object.keys(tags).length > limit) {
    throw validationError(`A resource can have at most ${limit} tags; ${input.ResourceArn} would have more.`);
  }
  record.tags = tags;
  store.save(record);
  return { Tags: input.Tags };
}

export function listTags(
  store: JobStore,
  input: { ResourceArn: string; NextToken?: string; MaxResults?: number },
) {
  const all = toList(byArn(store, input.ResourceArn).tags);
  const start = Number(input.NextToken ?? 0);
  if (!Number.isInteger(start) || start < 0) throw validationError("Invalid NextToken.");
  const end = start + (input.MaxResults ?? defaultPage);
  return { Tags: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
}

export function deleteTags(store: JobStore, input: { ResourceArn: string; TagKeys: string[] }) {
  const record = byArn(store, input.ResourceArn);
  for (const key of input.TagKeys) delete record.tags[key];
  store.save(record);
  return {};
}

function byArn(store: JobStore, arn: string): JobRecord {
  const record = store.find(arn.split("/").at(-1) ?? "");
  if (record?.arn.toLowerCase() !== arn.toLowerCase()) {
    throw validationError(`Could not find resource with ARN: ${arn}`);
  }
  return record;
}
