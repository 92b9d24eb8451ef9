import type { ResourceConfig, UpdateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { validationError } from "./errors.ts";
import { isTerminal, type JobRecord, jobName } from "./record.ts";
import { keepAliveProblem } from "./rules.ts";
import { warmPoolStatus } from "./warmPool.ts";

export type JobUpdate = UpdateTrainingJobRequest & { TrainingJobName: string };

/** Secondary statuses in which the API reference lets remote debugging be changed. */
const debuggable = ["Downloading", "Training"];

/** Carries out UpdateTrainingJob: changes the record, or throws the service's answer and changes nothing. */
export function updateJob(record: JobRecord, update: JobUpdate, now: number): void {
  const { ProfilerConfig, ProfilerRuleConfigurations, RemoteDebugConfig } = update;
  const keepAlive = update.ResourceConfig?.KeepAlivePeriodInSeconds;
  const others = [ProfilerConfig, ProfilerRuleConfigurations, RemoteDebugConfig];
  if ((keepAlive === undefined || others.some((each) => each !== undefined)) && isTerminal(record.status)) {
    throw validationError(
      `Training job ${jobName(record)} is in status ${record.status} and cannot be updated.`,
    );
  }
  if (RemoteDebugConfig && !debuggable.includes(record.secondaryStatus)) {
    throw validationError(
      `RemoteDebugConfig can only be updated while the secondary status is ${debuggable.join(" or ")}; that of ${jobName(record)} is ${record.secondaryStatus}.`,
    );
  }
  if (keepAlive !== undefined) keepInstances(record, keepAlive, now);
  const { request } = record;
  if (ProfilerConfig) request.ProfilerConfig = { ...request.ProfilerConfig, ...ProfilerConfig };
  if (ProfilerRuleConfigurations) {
    const names = ProfilerRuleConfigurations.map((rule) => rule.RuleConfigurationName);
    const kept = (request.ProfilerRuleConfigurations ?? []).filter(
      (rule) => !names.includes(rule.RuleConfigurationName),
    );
    request.ProfilerRuleConfigurations = [...kept, ...ProfilerRuleConfigurations];
  }
  if (RemoteDebugConfig) request.RemoteDebugConfig = { ...request.RemoteDebugConfig, ...RemoteDebugConfig };
  record.lastModifiedTime = now;
}

function keepInstances(record: JobRecord, seconds: number, now: number): void {
  const tooLong = keepAliveProblem(seconds);
  if (tooLong !== undefined) throw validationError(tooLong);
  const status = warmPoolStatus(record, now)?.Status;
  const pool = record.warmPool;
  if (!pool || (status !== "Available" && status !== "InUse")) {
    throw validationError(
      `KeepAlivePeriodInSeconds can only be updated while the warm pool is InUse or Available; that of ${jobName(record)} is ${status ?? "absent"}.`,
    );
  }
  pool.keepAliveSeconds = seconds;
  // A period that has passed already ends the pool now, not in the past.
  if (pool.availableSince !== undefined && pool.availableSince + seconds * 1000 <= now) {
    pool.keepAliveSeconds = (now - pool.availableSince) / 1000;
    pool.endedAt = now;
  }
  const resource = record.request.ResourceConfig as ResourceConfig;
  record.request.ResourceConfig = { ...resource, KeepAlivePeriodInSeconds: seconds };
}
