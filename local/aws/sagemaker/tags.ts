import type { Caller } from "../front/caller.ts";
import { validationError } from "./errors.ts";
import type { ResourceRecord } from "./recordStore.ts";
import { tagProblem } from "./rules.ts";

/** The stores of all kinds of resources that can have tags. */
export type TaggedStores = {
  byArn(arn: string): ResourceRecord | undefined;
  change(record: ResourceRecord, work: (record: ResourceRecord) => void): void;
}[];

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
export function addTags(
  stores: TaggedStores,
  input: { ResourceArn: string; Tags: Tag[] },
  caller: Pick<Caller, "region">,
) {
  const { record, store } = byArn(stores, input.ResourceArn, caller);
  const problem = tagProblem(input.Tags);
  if (problem !== undefined) throw validationError(problem);
  const tags = { ...record.tags, ...toMap(input.Tags) };
  if (Object.keys(tags).length > limit) {
    throw validationError(`A resource can have at most ${limit} tags; ${input.ResourceArn} would have more.`);
  }
  store.change(record, (changed) => {
    changed.tags = tags;
  });
  return { Tags: input.Tags };
}

export function listTags(
  stores: TaggedStores,
  input: { ResourceArn: string; NextToken?: string; MaxResults?: number },
  caller: Pick<Caller, "region">,
) {
  const all = toList(byArn(stores, input.ResourceArn, caller).record.tags).sort((a, b) =>
    a.Key < b.Key ? -1 : 1,
  );
  // The token is the last key of the page before, which may be gone meanwhile.
  const after = input.NextToken === undefined ? "" : decodeToken(input.NextToken);
  const rest = all.filter(({ Key }) => Key > after);
  const page = rest.slice(0, input.MaxResults ?? defaultPage);
  const more = page.length < rest.length;
  return { Tags: page, NextToken: more ? encodeToken(page[page.length - 1].Key) : undefined };
}

export function deleteTags(
  stores: TaggedStores,
  input: { ResourceArn: string; TagKeys: string[] },
  caller: Pick<Caller, "region">,
) {
  const { record, store } = byArn(stores, input.ResourceArn, caller);
  store.change(record, ({ tags }) => {
    for (const key of input.TagKeys) delete tags[key];
  });
  return {};
}

const encodeToken = (key: string) => Buffer.from(key).toString("base64url");

function decodeToken(token: string): string {
  const key = Buffer.from(token, "base64url").toString();
  if (encodeToken(key) !== token) throw validationError("Invalid NextToken.");
  return key;
}

/** A region answers for what is in it only. */
function byArn(
  stores: TaggedStores,
  arn: string,
  { region }: Pick<Caller, "region">,
): { record: ResourceRecord; store: TaggedStores[number] } {
  for (const store of stores) {
    const record = store.byArn(arn);
    if (record?.region === region) return { record, store };
  }
  throw validationError(`Could not find resource with ARN: ${arn}`);
}
