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
  nameOf: (record: R) => string;
  statusOf?: (record: R) => string;
}

/** The service's default page. */
const defaultMaxResults = 10;

/** One page of what a List operation has to tell, and the token of the next. */
export function pageOf<R extends { creationTime: number }>(
  records: R[],
  request: PageRequest,
  { nameOf, statusOf }: Named<R>,
): { page: R[]; NextToken: string | undefined } {
  const { SortBy: by = "CreationTime", SortOrder: order } = request;
  const after = request.NextToken === undefined ? undefined : decodeToken(request.NextToken, by);
  const direction = order === "Ascending" ? 1 : -1;
  const sortKey = (record: R): SortKey => {
    const value = by === "Name" ? nameOf(record) : by === "Status" ? (statusOf?.(record) ?? "") : "";
    return [by, value, record.creationTime, nameOf(record)];
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
type SortKey = [by: string, value: string, creationTime: number, name: string];

function compare(a: SortKey, b: SortKey): number {
  for (const [index, part] of a.entries()) if (part !== b[index]) return part < b[index] ? -1 : 1;
  return 0;
}

/** A token is the sort key of the last entry of the page before, which may be deleted or changed meanwhile. */
const encodeToken = (key: SortKey) => Buffer.from(JSON.stringify(key)).toString("base64url");

function decodeToken(token: string, by: string): SortKey {
  try {
    const key: SortKey = JSON.parse(Buffer.from(token, "base64url").toString());
    if (key.length === 4 && key[0] === by && Number.isFinite(key[2])) return key;
  } catch {
    // Falls through to the error below.
  }
  throw validationError("Invalid NextToken.");
}
