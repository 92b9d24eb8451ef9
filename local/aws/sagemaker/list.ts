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
  const sorted = records.filter((record) => selects(request, record, now)).sort(comparison(request));
  const start = request.NextToken === undefined ? 0 : afterToken(sorted, request);
  const end = start + (request.MaxResults ?? defaultMaxResults);
  const page = sorted.slice(start, end);
  return {
    TrainingJobSummaries: page
      .filter((record) => request.StatusEquals === undefined || record.status === request.StatusEquals)
      .map((record) => summarize(record, now)),
    NextToken: end < sorted.length ? encodeToken(page[page.length - 1]) : undefined,
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

/** Creation time and name break ties, so that the order never depends on chance. */
function comparison(request: ListRequest): (a: JobRecord, b: JobRecord) => number {
  const direction = request.SortOrder === "Ascending" ? 1 : -1;
  const by = (a: JobRecord, b: JobRecord): number => {
    if (request.SortBy === "Name") return compare(jobName(a), jobName(b));
    if (request.SortBy === "Status") return compare(a.status, b.status);
    return 0;
  };
  return (a, b) =>
    direction * (by(a, b) || a.creationTime - b.creationTime || compare(jobName(a), jobName(b)));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

const encodeToken = (record: JobRecord) => Buffer.from(jobName(record)).toString("base64url");

/** A token names the last job of the page before, so that jobs created meanwhile shift nothing. */
function afterToken(sorted: JobRecord[], request: ListRequest): number {
  const name = Buffer.from(request.NextToken ?? "", "base64url").toString();
  const index = sorted.findIndex((record) => jobName(record) === name);
  if (index === -1) throw validationError("Invalid NextToken.");
  return index + 1;
}
