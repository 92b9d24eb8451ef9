import type { FaultInjector } from "../faults/faults.ts";
import type { Caller } from "../front/caller.ts";
import { describe } from "./describe.ts";
import { resourceInUse, validationError } from "./errors.ts";
import { checkLauncher } from "./launchers.ts";
import { type ListRequest, listJobs } from "./list.ts";
import {
  instanceCount,
  instanceType,
  isTerminal,
  type JobRecord,
  jobName,
  type TrainingJobRequest,
  withSelectedInstances,
} from "./record.ts";
import { refuseSpreading } from "./role.ts";
import { checkLocalLimits, checkQuota, checkRules } from "./rules.ts";
import { messages, moveTo } from "./status.ts";
import type { JobStore } from "./store.ts";
import { type Tag, toMap } from "./tags.ts";
import { type JobUpdate, updateJob } from "./updateJob.ts";
import { warmPoolStatus } from "./warmPool.ts";

/** What carries jobs out. */
export interface JobRunner {
  start(record: JobRecord): void;
  /** Ends a running job as StopTrainingJob does. */
  stop(record: JobRecord): void;
}

export interface TrainingJobsOptions {
  store: JobStore;
  runner: JobRunner;
  faults: FaultInjector;
  /** Throws SageMaker's answer unless the role exists and trusts SageMaker. Resolves with its creation, in milliseconds. */
  checkRole: (roleArn: string) => Promise<number>;
  /** Throws SageMaker's answer unless the data and the buckets of a request are there. */
  checkLocations: (request: TrainingJobRequest, region: string) => Promise<void>;
  /** Whether jobs find their files at /opt/ml. */
  optMl: boolean;
  now: () => number;
}

/** The training job operations. Requests have been validated against the service model already. */
export class TrainingJobs {
  private readonly options: TrainingJobsOptions;

  constructor(options: TrainingJobsOptions) {
    this.options = options;
  }

  async create(input: TrainingJobRequest & { Tags?: Tag[] }, caller: Caller) {
    const { Tags: tags = [], ...asked } = input;
    const name = asked.TrainingJobName;
    checkRules(asked, tags);
    const request = withSelectedInstances(asked);
    checkLocalLimits(request);
    checkLauncher(request, this.options);
    const [role, locations] = await Promise.allSettled([
      this.options.checkRole(request.RoleArn),
      this.options.checkLocations(request, caller.region),
    ]);
    // What is wrong with the role counts first: without it nobody can look at the data.
    if (role.status === "rejected") throw role.reason;
    const spreading = this.options.faults.forRole(this.options.now() - role.value);
    if (spreading) refuseSpreading(spreading, request, caller.region);
    if (locations.status === "rejected") throw locations.reason;
    // From here on nothing waits, so two calls with one name cannot both pass.
    const { store, runner, now } = this.options;
    const existing = store.find(name, caller.region);
    if (existing) {
      throw resourceInUse(
        `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${existing.arn})`,
      );
    }
    this.checkQuotas(request, caller.region);
    const record = newRecord(request, toMap(tags), caller, now());
    store.save(record);
    try {
      runner.start(record);
    } catch (error) {
      store.remove(record);
      throw error;
    }
    return { TrainingJobArn: record.arn };
  }

  describe(input: { TrainingJobName: string }, { region }: Caller) {
    return describe(this.options.store.get(input.TrainingJobName, region), this.options.now());
  }

  list(input: ListRequest, { region }: Caller) {
    return listJobs(this.options.store.all(region), input, this.options.now());
  }

  stop(input: { TrainingJobName: string }, { region }: Caller): undefined {
    const record = this.options.store.get(input.TrainingJobName, region);
    if (record.status === "Stopping") return;
    if (isTerminal(record.status)) {
      throw validationError(
        `The request was rejected because the training job is in status ${record.status}.`,
      );
    }
    moveTo(record, "Stopping", messages.stopping, this.options.now());
    this.options.store.saveSoon(record);
    this.options.runner.stop(record);
  }

  delete(input: { TrainingJobName: string }, { region }: Caller): undefined {
    const record = this.options.store.get(input.TrainingJobName, region);
    if (!isTerminal(record.status)) {
      throw resourceInUse(
        `Cannot delete training job ${jobName(record)}: it is in status ${record.status}. Stop it and wait for its end.`,
      );
    }
    if (warmPoolStatus(record, this.options.now())?.Status === "Available") {
      throw resourceInUse(
        `Cannot delete training job ${jobName(record)}: it retains a warm pool in status Available.`,
      );
    }
    this.options.store.remove(record);
  }

  update(input: JobUpdate, { region }: Caller) {
    const { store, now } = this.options;
    const record = store.get(input.TrainingJobName, region);
    store.change(record, (changed) => updateJob(changed, input, now()));
    return { TrainingJobArn: record.arn };
  }

  private checkQuotas(request: TrainingJobRequest, region: string): void {
    const { InstanceType, InstanceCount, InstancePreferences } = request.ResourceConfig ?? {};
    // The quota of every type that may be selected is checked.
    for (const { InstanceType: type, ...own } of InstancePreferences ?? [{ InstanceType }]) {
      const quota = type === undefined ? undefined : this.options.faults.current.quotas[type];
      if (type === undefined || quota === undefined) continue;
      const inUse = this.options.store
        .all(region)
        .filter((job) => !isTerminal(job.status) && instanceType(job.request) === type)
        .reduce((sum, job) => sum + instanceCount(job.request), 0);
      checkQuota(type, quota, inUse, own.InstanceCount ?? InstanceCount ?? instanceCount(request));
    }
  }
}

function newRecord(
  request: TrainingJobRequest,
  tags: Record<string, string>,
  caller: Caller,
  now: number,
): JobRecord {
  const keepAlive = request.ResourceConfig?.KeepAlivePeriodInSeconds ?? 0;
  return {
    request: { ...request, StoppingCondition: { MaxRuntimeInSeconds: 86_400, ...request.StoppingCondition } },
    arn: `arn:aws:sagemaker:${caller.region}:${caller.account}:training-job/${request.TrainingJobName}`,
    region: caller.region,
    tags,
    status: "InProgress",
    secondaryStatus: "Starting",
    transitions: [{ status: "Starting", start: now, message: messages.starting }],
    creationTime: now,
    lastModifiedTime: now,
    metrics: [],
    warmPool: keepAlive > 0 ? { keepAliveSeconds: keepAlive } : undefined,
    processes: [],
  };
}
