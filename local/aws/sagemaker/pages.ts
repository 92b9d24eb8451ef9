import { validationError } from "./errors.ts";

/** What the List operations have in common. */
export interface PageRequest {
  /** Default CreationTime. */
  SortBy?: string;
  /** Default Descending, the newest first. */
  SortOrder?: string;
  NextToken?: string;
  /** Default 10. */
  MaxResults?: number;
}

interface Named<R> {
  /** What is listed, such as `training job`: a token of another operation is none of this one. */
  what: string;
  nameOf: (record: R) => string;
  statusOf?: (record: R) => string;
}

/** The service's default page. */
const defaultMaxResults = 10;

/** One page of what a List operation has to tell, and the token of the next. */
export function pageOf<R extends { creationTime: number }>(
  records: R[],
  request: PageRequest,
  { what, nameOf, statusOf }: Named<R>,
): { page: R[]; NextToken: string | undefined } {
  const { SortBy: by = "CreationTime", SortOrder: order = "Descending" } = request;
  const list = [what, by, order].join("/");
  const after = request.NextToken === undefined ? undefined : decodeToken(request.NextToken, list);
  const direction = order === "Ascending" ? 1 : -1;
  const sortKey = (record: R): SortKey => {
    const value = by === "Name" ? nameOf(record) : by === "Status" ? (statusOf?.(record) ?? "") : "";
    return [list, value, record.creationTime, nameOf(record)];
  };
  const rest = records
    .map((record) => ({ record, key: sortKey(record) }))
    .filter(({ key }) => after === undefined || direction * compare(key, after) > 0)
    .sort((a, b) => direction * compare(a.key, b.key));
  const page = rest.slice(0, request.MaxResults ?? defaultMaxResults);
  return {
    page: page.map(({ record }) => record),
    NextToken: page.length < rest.length ? encodeToken(page[page.length - 1].key) : undefined,
  };
}

/** What is sorted by. Creation time and name break ties, so that the order never depends on chance. */
type SortKey = [list: string, value: string, creationTime: number, name: string];

function compare(a: SortKey, b: SortKey): number {
  for (const [index, part] of a.entries()) if (part !== b[index]) return part < b[index] ? -1 : 1;
  return 0;
}

/** A token is the sort key of the last entry of the page before, which may be deleted or changed meanwhile. */
const encodeToken = (key: SortKey) => Buffer.from(JSON.stringify(key)).toString("base64url");

function decodeToken(token: string, list: string): SortKey {
  try {
    const key: unknown[] = JSON.parse(Buffer.from(token, "base64url").toString());
    const types = key.map((part) => typeof part).join();
    if (types === "string,string,number,string" && key[0] === list) return key as SortKey;
  } catch {
    // Falls through to the error below.
  }
  throw validationError("Invalid NextToken.");
}
