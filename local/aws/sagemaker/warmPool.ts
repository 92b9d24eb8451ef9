import { isDeepStrictEqual } from "node:util";
import type { WarmPoolResourceStatus } from "@aws-sdk/client-sagemaker";
import { isTerminal, type JobRecord, jobName } from "./record.ts";

export interface WarmPoolStatus {
  Status: WarmPoolResourceStatus;
  ResourceRetainedBillableTimeInSeconds?: number;
  ReusedByJob?: string;
}

/** The state of a job's warm pool at a moment; undefined for a job without one. */
export function warmPoolStatus(record: JobRecord, now: number): WarmPoolStatus | undefined {
  const pool = record.warmPool;
  if (!pool) return undefined;
  if (pool.availableSince === undefined) {
    if (!isTerminal(record.status)) return { Status: "InUse" };
    return { Status: "Terminated", ResourceRetainedBillableTimeInSeconds: 0 };
  }
  const expiry = pool.availableSince + pool.keepAliveSeconds * 1000;
  const end = Math.min(pool.endedAt ?? expiry, expiry);
  const retained = Math.max(0, Math.round((Math.min(now, end) - pool.availableSince) / 1000));
  if (pool.reusedByJob !== undefined) {
    return {
      Status: "Reused",
      ResourceRetainedBillableTimeInSeconds: retained,
      ReusedByJob: pool.reusedByJob,
    };
  }
  return { Status: now < end ? "Available" : "Terminated", ResourceRetainedBillableTimeInSeconds: retained };
}

/** Whether instances kept by `previous` can run `next`: same role and same resources, as SageMaker compares them. */
export function matches(previous: JobRecord, next: JobRecord): boolean {
  return isDeepStrictEqual(fingerprint(previous), fingerprint(next));
}

function fingerprint(record: JobRecord): unknown {
  const { request } = record;
  const { KeepAlivePeriodInSeconds: _ignored, ...resources } = request.ResourceConfig ?? {};
  return {
    role: request.RoleArn,
    resources,
    vpc: request.VpcConfig,
    isolation: request.EnableNetworkIsolation ?? false,
    encryption: request.EnableInterContainerTrafficEncryption ?? false,
    // Session chaining opens pools to jobs with other session tags; without tags here it must simply be equal.
    chaining: request.SessionChainingConfig?.EnableSessionTagChaining ?? false,
  };
}

/** Takes the first available pool that fits a job that asks for warm pools; undefined when there is none. */
export function takeWarmPool(job: JobRecord, all: JobRecord[], now: number): JobRecord | undefined {
  if (!job.warmPool) return undefined;
  const previous = all.find(
    (other) => other !== job && warmPoolStatus(other, now)?.Status === "Available" && matches(other, job),
  );
  if (previous?.warmPool) {
    previous.warmPool.reusedByJob = jobName(job);
    previous.warmPool.endedAt = now;
  }
  return previous;
}
