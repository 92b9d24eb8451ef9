import type { CreateTrainingJobRequest, TrainingJobSummary } from "@aws-sdk/client-sagemaker";
import type { JobDescription } from "../../../components/trainingJob/aws/api";
import { isTerminal } from "../../../components/trainingJob/aws/api";
import type { Script, Step } from "./scripts";

const STOP_SECONDS = 5;
const POOL_END_SECONDS = 3;

/** One training job of the fake: where it is in its script follows from the time. */
export class FakeJob {
  readonly request: CreateTrainingJobRequest;
  readonly script: Script;
  readonly createdAt: number;
  readonly tags: Record<string, string>;
  readonly #now: () => number;
  readonly #objects: Map<string, string>;
  #steps: readonly Step[];
  #written = false;
  #poolEndsAt = Number.POSITIVE_INFINITY;

  constructor(
    request: CreateTrainingJobRequest,
    script: Script,
    createdAt: number,
    now: () => number,
    objects: Map<string, string>,
  ) {
    this.request = request;
    this.script = script;
    this.createdAt = createdAt;
    this.tags = Object.fromEntries((request.Tags ?? []).map(({ Key, Value }) => [Key, Value ?? ""]));
    this.#now = now;
    this.#objects = objects;
    this.#steps = script.steps;
  }

  get name(): string {
    return this.request.TrainingJobName ?? "";
  }

  get arn(): string {
    return `arn:aws:sagemaker:us-east-1:111122223333:training-job/${this.name}`;
  }

  get status(): string {
    return this.#past().at(-1)?.status ?? "";
  }

  get modifiedAt(): number {
    return this.createdAt + (this.#past().at(-1)?.at ?? 0) * 1000;
  }

  get artifactUri(): string {
    return `${this.request.OutputDataConfig?.S3OutputPath?.replace(/\/+$/, "")}/${this.name}/output/model.tar.gz`;
  }

  get warmPool(): string | undefined {
    const appearsAt = this.modifiedAt + (this.script.warmPoolAfter ?? 0) * 1000;
    if (!isTerminal(this.status) || this.#now() < appearsAt) return undefined;
    return this.#now() >= this.#poolEndsAt ? "Terminated" : this.script.warmPool;
  }

  /** Ends it a few seconds from now, as StopTrainingJob does. */
  stop(): void {
    const at = (this.#now() - this.createdAt) / 1000;
    this.#steps = [
      ...this.#past(),
      { at, status: "Stopping", secondary: "Stopping" },
      { at: at + STOP_SECONDS, status: "Stopped", secondary: "Stopped" },
    ];
  }

  endWarmPool(): void {
    this.#poolEndsAt = this.#now() + POOL_END_SECONDS * 1000;
  }

  summary(): TrainingJobSummary {
    return {
      TrainingJobName: this.name,
      TrainingJobArn: this.arn,
      CreationTime: new Date(this.createdAt),
      LastModifiedTime: new Date(this.modifiedAt),
      TrainingJobStatus: this.status as TrainingJobSummary["TrainingJobStatus"],
      SecondaryStatus: this.#past().at(-1)?.secondary as TrainingJobSummary["SecondaryStatus"],
    };
  }

  describe(): JobDescription {
    const past = this.#past();
    const ended = isTerminal(this.status);
    if (this.status === "Completed") this.#write();
    const { Tags: _tags, ...echoed } = this.request;
    return {
      ...structuredClone(echoed),
      ...this.summary(),
      SecondaryStatusTransitions: past.map((step, index) => ({
        Status: step.secondary,
        StartTime: new Date(this.createdAt + step.at * 1000),
        EndTime: past[index + 1] && new Date(this.createdAt + past[index + 1].at * 1000),
        StatusMessage: step.message,
      })),
      ...(ended && {
        ModelArtifacts: { S3ModelArtifacts: this.artifactUri },
        TrainingEndTime: new Date(this.modifiedAt),
        FailureReason: this.script.failureReason,
        TrainingTimeInSeconds: this.script.trainingSeconds,
        BillableTimeInSeconds: this.script.billableSeconds,
        FinalMetricDataList: Object.entries(this.script.metrics ?? {}).map(([MetricName, Value]) => ({
          MetricName,
          Value,
        })),
      }),
      ...(this.warmPool && { WarmPoolStatus: { Status: this.warmPool } }),
    } as JobDescription;
  }

  /** The artifact, once: a test may take it away again. */
  #write(): void {
    if (!this.#written && this.script.artifact !== false)
      this.#objects.set(this.artifactUri, `"${this.name}"`);
    this.#written = true;
  }

  #past(): Step[] {
    const seconds = (this.#now() - this.createdAt) / 1000;
    return this.#steps.filter((step) => step.at <= seconds);
  }
}
