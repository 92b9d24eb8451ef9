import type { ListTrainingJobsRequest, TrainingJobSummary } from "@aws-sdk/client-sagemaker";
import type { AwsApi } from "./api";

/** Every page of a list. */
export async function listAll(api: AwsApi, request: ListTrainingJobsRequest): Promise<TrainingJobSummary[]> {
  const found: TrainingJobSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page = await api.list({ ...request, MaxResults: 100, NextToken });
    found.push(...(page.TrainingJobSummaries ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}
