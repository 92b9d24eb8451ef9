import type { ListTrainingJobsCommandInput } from "@aws-sdk/client-sagemaker";
import { summarize } from "./describe.ts";
import { validationError } from "./errors.ts";
import { type JobRecord, jobName } from "./record.ts";
import { warmPoolStatus } from "./warmPool.ts";

/** ListTrainingJobs with times as they come over the wire, in epoch seconds. */
export type ListRequest = Omit<
  ListTrainingJobsCommandInput,
  "CreationTimeAfter" | "CreationTimeBefore" | "LastModifiedTimeAfter" | "LastModifiedTimeBefore"
> & {
  CreationTimeAfter?: number;
  CreationTimeBefore?: number;
  LastModifiedTimeAfter?: number;
  LastModifiedTimeBefore?: number;
};

/** The service's default page. */
const defaultMaxResults = 10;

/**
 * One page of ListTrainingJobs.
 *
 * As documented for the service, `StatusEquals` filters what is on the page already: a page can hold fewer
 * jobs than `MaxResults`, even none, and still have a NextToken. Jobs come newest first unless told otherwise.
 */
export function listJobs(records: JobRecord[], request: ListRequest, now: number) {
  const { SortBy: by = "CreationTime", SortOrder: order } = request;
  const after = request.NextToken === undefined ? undefined : decodeToken(request.NextToken, by);
  const direction = order === "Ascending" ? 1 : -1;
  const rest = records
    .filter((record) => selects(request, record, now))
    .map((record) => ({ record, key: sortKey(record, by) }))
    .filter(({ key }) => after === undefined || direction * compare(key, after) > 0)
    .sort((a, b) => direction * compare(a.key, b.key));
  const page = rest.slice(0, request.MaxResults ?? defaultMaxResults);
  return {
    TrainingJobSummaries: page
      .map(({ record }) => record)
      .filter((record) => request.StatusEquals === undefined || record.status === request.StatusEquals)
      .map((record) => summarize(record, now)),
    NextToken: page.length < rest.length ? encodeToken(page[page.length - 1].key) : undefined,
  };
}

function selects(request: ListRequest, record: JobRecord, now: number): boolean {
  const created = record.creationTime / 1000;
  const modified = record.lastModifiedTime / 1000;
  return (
    (request.CreationTimeAfter === undefined || created > request.CreationTimeAfter) &&
    (request.CreationTimeBefore === undefined || created < request.CreationTimeBefore) &&
    (request.LastModifiedTimeAfter === undefined || modified > request.LastModifiedTimeAfter) &&
    (request.LastModifiedTimeBefore === undefined || modified < request.LastModifiedTimeBefore) &&
    (request.NameContains === undefined || jobName(record).includes(request.NameContains)) &&
    (request.WarmPoolStatusEquals === undefined ||
      warmPoolStatus(record, now)?.Status === request.WarmPoolStatusEquals) &&
    (request.TrainingPlanArnEquals === undefined ||
      record.request.ResourceConfig?.TrainingPlanArn === request.TrainingPlanArnEquals)
  );
}

/** What jobs are sorted by. Creation time and name break ties, so that the order never depends on chance. */
type SortKey = [by: string, value: string, creationTime: number, name: string];

function sortKey(record: JobRecord, by: string): SortKey {
  const value = by === "Name" ? jobName(record) : by === "Status" ? record.status : "";
  return [by, value, record.creationTime, jobName(record)];
}

function compare(a: SortKey, b: SortKey): number {
  for (const [index, part] of a.entries()) if (part !== b[index]) return part < b[index] ? -1 : 1;
  return 0;
}

/** A token is the sort key of the last job of the page before, which may be deleted or changed meanwhile. */
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
