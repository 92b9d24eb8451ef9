import type { ListTrainingJobsCommandInput } from "@aws-sdk/client-sagemaker";
import { summarize } from "./describe.ts";
import { pageOf } from "./pages.ts";
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

/**
 * One page of ListTrainingJobs.
 *
 * As documented for the service, `StatusEquals` filters what is on the page already: a page can hold fewer
 * jobs than `MaxResults`, even none, and still have a NextToken. Jobs come newest first unless told otherwise.
 */
export function listJobs(records: JobRecord[], request: ListRequest, now: number) {
  const { page, NextToken } = pageOf(
    records.filter((record) => selects(request, record, now)),
    request,
    { what: "training job", nameOf: jobName, statusOf: ({ status }) => status },
  );
  return {
    TrainingJobSummaries: page
      .filter((record) => request.StatusEquals === undefined || record.status === request.StatusEquals)
      .map((record) => summarize(record, now)),
    NextToken,
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
