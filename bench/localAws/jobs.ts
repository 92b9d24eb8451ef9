import { setTimeout as sleep } from "node:timers/promises";
import type { DescribeTrainingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import type { TestAws } from "../../test/local/aws/integration/testAws";

/** Looks often: a job here may take less than a second. */
export async function jobEnd(aws: TestAws, name: string): Promise<DescribeTrainingJobCommandOutput> {
  for (;;) {
    const job = await aws.describe(name);
    if (job.TrainingJobStatus === "Completed") return job;
    if (["Failed", "Stopped"].includes(job.TrainingJobStatus ?? ""))
      throw new Error(`${name}: ${job.FailureReason}`);
    await sleep(100);
  }
}

/** Seconds from a job's creation to a moment, in seconds since the epoch. */
export const jobSeconds = ({ CreationTime }: DescribeTrainingJobCommandOutput, moment: number): number =>
  moment - (CreationTime?.getTime() ?? Number.NaN) / 1000;
