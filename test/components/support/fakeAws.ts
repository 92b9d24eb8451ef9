import type { CreateTrainingJobRequest, ListTrainingJobsRequest } from "@aws-sdk/client-sagemaker";
import type { AwsApi, JobDescription } from "../../../components/trainingJob/aws/api";
import { isTerminal } from "../../../components/trainingJob/aws/api";
import { validation } from "./awsErrors";
import type { FakeClock } from "./fakeClock";
import { FakeJob } from "./fakeJob";
import { FakeLogs } from "./fakeLogs";
import { completes, type Script } from "./scripts";

/** The account in the ARNs of FakeJob. */
const ACCOUNT = "111122223333";

export interface Call {
  name: keyof AwsApi;
  at: number;
  args: unknown[];
}

/**
 * SageMaker, S3 and CloudWatch Logs behind the provider's boundary. Jobs go by a script, in the clock's time; every call is recorded
 * and may be made to fail.
 */
export class FakeAws implements AwsApi {
  readonly jobs = new Map<string, FakeJob>();
  /** URI -> ETag. */
  readonly objects = new Map<string, string>();
  /** URI -> JSON of the documents that were written. */
  readonly documents = new Map<string, string>();
  /** What the AWS Price List has, as JSON. */
  readonly priceList: string[] = [];
  readonly calls: Call[] = [];
  /** Whose credentials the deployment has; the jobs here have ARNs of this account. */
  accountId: string | undefined = ACCOUNT;
  readonly logs: FakeLogs;
  readonly #clock: FakeClock;
  readonly #hidden = new Map<string, number>();
  readonly #planned: Script[] = [];
  readonly #hooks: { name: keyof AwsApi; hook: (...args: unknown[]) => unknown }[] = [];

  constructor(clock: FakeClock) {
    this.#clock = clock;
    this.logs = new FakeLogs(() => clock.now());
  }

  /** How the next jobs go, in order of their creation. A job without a plan completes after a minute. */
  plan(...scripts: Script[]): this {
    this.#planned.push(...scripts);
    return this;
  }

  /** A job that is there already, started so many seconds ago. */
  existing(
    name: string,
    script: Script,
    tags: Record<string, string> = {},
    secondsAgo = 0,
    more: Partial<CreateTrainingJobRequest> = {},
  ): FakeJob {
    const request = {
      TrainingJobName: name,
      OutputDataConfig: { S3OutputPath: "s3://bucket/artifacts" },
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ...more,
    } as CreateTrainingJobRequest;
    return this.#add(request, script, this.#clock.now() - secondsAgo * 1000);
  }

  /** Makes the next call of that kind throw; `times` of them. */
  fail(name: keyof AwsApi, error: Error, times = 1): this {
    for (let time = 0; time < times; time++) {
      this.once(name, () => {
        throw error;
      });
    }
    return this;
  }

  /** Runs before the next call of that kind is answered. */
  once(name: keyof AwsApi, hook: (...args: unknown[]) => unknown): this {
    this.#hooks.push({ name, hook });
    return this;
  }

  /** Keeps a job out of sight of the next calls that describe it, though its name is taken. */
  hide(name: string, calls: number): this {
    this.#hidden.set(name, calls);
    return this;
  }

  called(name: keyof AwsApi): Call[] {
    return this.calls.filter((call) => call.name === name);
  }

  /** The requests that jobs were created with. */
  get requests(): CreateTrainingJobRequest[] {
    return this.called("create").map(({ args }) => args[0] as CreateTrainingJobRequest);
  }

  async account(): Promise<string | undefined> {
    await this.#called("account");
    return this.accountId;
  }

  async describe(name: string): Promise<JobDescription | undefined> {
    await this.#called("describe", name);
    const hidden = this.#hidden.get(name) ?? 0;
    this.#hidden.set(name, hidden - 1);
    if (hidden > 0) return undefined;
    return this.jobs.get(name)?.describe();
  }

  async create(request: CreateTrainingJobRequest): Promise<"created" | "exists"> {
    await this.#called("create", request);
    if (this.jobs.has(request.TrainingJobName ?? "")) return "exists";
    this.#add(request, this.#planned.shift() ?? completes(), this.#clock.now());
    return "created";
  }

  async list(request: ListTrainingJobsRequest) {
    await this.#called("list", request);
    const since = request.LastModifiedTimeAfter?.getTime() ?? 0;
    const { NameContains: part = "", StatusEquals: status, WarmPoolStatusEquals: pool } = request;
    const all = [...this.jobs.values()].filter(
      (job) =>
        !job.script.unlisted &&
        job.modifiedAt >= since &&
        job.name.includes(part) &&
        (status === undefined || job.status === status) &&
        (pool === undefined || job.warmPool === pool),
    );
    const from = Number(request.NextToken ?? 0);
    const to = from + (request.MaxResults ?? 10);
    return {
      TrainingJobSummaries: all.slice(from, to).map((job) => job.summary()),
      NextToken: to < all.length ? String(to) : undefined,
    };
  }

  async stop(name: string): Promise<void> {
    await this.#called("stop", name);
    const job = this.#job(name);
    if (job.status !== "InProgress") {
      throw validation(`The request was rejected because the training job is in status ${job.status}.`);
    }
    job.stop();
  }

  async remove(name: string): Promise<void> {
    await this.#called("remove", name);
    const job = this.jobs.get(name);
    if (!job) return;
    if (!isTerminal(job.status)) throw validation(`${name} is in status ${job.status}.`);
    if (job.warmPool === "Available") throw validation(`${name} has an Available warm pool.`);
    this.jobs.delete(name);
  }

  async setKeepAlive(name: string, seconds: number): Promise<void> {
    await this.#called("setKeepAlive", name, seconds);
    const job = this.#job(name);
    if (job.warmPool !== "Available" && job.warmPool !== "InUse") {
      throw validation(
        "KeepAlivePeriodInSeconds can be updated only for a warm pool that is Available or InUse.",
      );
    }
    if (seconds === 0) job.endWarmPool();
  }

  async tags(arn: string): Promise<Record<string, string>> {
    await this.#called("tags", arn);
    return { ...this.#byArn(arn).tags };
  }

  async tag(arn: string, tags: Record<string, string>, removed: string[]): Promise<void> {
    await this.#called("tag", arn, tags, removed);
    const job = this.#byArn(arn);
    Object.assign(job.tags, tags);
    for (const key of removed) delete job.tags[key];
  }

  async objectExists(uri: string): Promise<boolean> {
    await this.#called("objectExists", uri);
    for (const job of this.jobs.values()) job.describe(); // writes the artifact of a job that ended by now
    return this.objects.has(uri);
  }

  async listObjects(uri: string, atMost?: number) {
    await this.#called("listObjects", uri);
    return [...this.objects]
      .filter(([key]) => key.startsWith(uri))
      .slice(0, atMost)
      .map(([key, etag]) => ({ key: key.replace(/^s3:\/\/[^/]+\//, ""), etag }));
  }

  /** Prefixes without objects, for `hasObjects`. */
  readonly empty = new Set<string>();

  async hasObjects(uri: string): Promise<boolean> {
    return !this.empty.has(uri);
  }

  async removeObjects(uri: string): Promise<void> {
    await this.#called("removeObjects", uri);
    for (const key of [...this.objects.keys()])
      if (key.startsWith(uri)) this.objects.delete(key) && this.documents.delete(key);
  }

  async putJson(uri: string, json: string, kmsKeyId?: string): Promise<void> {
    await this.#called("putJson", uri, json, kmsKeyId);
    this.objects.set(uri, '"document"');
    this.documents.set(uri, json);
  }

  async readJson(uri: string): Promise<string | undefined> {
    await this.#called("readJson", uri);
    return this.documents.get(uri);
  }

  async buckets(prefix: string): Promise<string[]> {
    await this.#called("buckets", prefix);
    const all = [...this.documents.keys()].map((uri) => uri.split("/")[2]);
    return [...new Set(all)].filter((bucket) => bucket.startsWith(prefix));
  }

  async logStreams(group: string, prefix: string): Promise<string[]> {
    await this.#called("logStreams", group, prefix);
    return this.logs.streams(prefix);
  }

  async logEvents(group: string, stream: string, token?: string) {
    await this.#called("logEvents", group, stream, token);
    return this.logs.events(stream, token);
  }

  async lastLogEvents(group: string, stream: string, count: number) {
    await this.#called("lastLogEvents", group, stream, count);
    return this.logs.last(stream, count);
  }

  async products(service: string, attributes: Record<string, string>): Promise<string[]> {
    await this.#called("products", service, attributes);
    return this.priceList.filter((json) => {
      const { serviceCode, product } = JSON.parse(json);
      return (
        serviceCode === service &&
        Object.entries(attributes).every(([name, value]) => product.attributes[name] === value)
      );
    });
  }

  #add(request: CreateTrainingJobRequest, script: Script, createdAt: number): FakeJob {
    const name = request.TrainingJobName ?? "";
    const job = new FakeJob(request, script, createdAt, () => this.#clock.now(), this.objects);
    this.jobs.set(name, job);
    const { log = [], logLate = 0 } = script;
    for (const { at, message, stream = "algo-1-1000", late = logLate } of log) {
      this.logs.put(`${name}/${stream}`, createdAt + at * 1000, message, late * 1000);
    }
    return job;
  }

  #job(name: string): FakeJob {
    const job = this.jobs.get(name);
    if (!job) throw validation("Requested resource not found.");
    return job;
  }

  #byArn(arn: string): FakeJob {
    return this.#job(arn.slice(arn.lastIndexOf("/") + 1));
  }

  async #called(name: keyof AwsApi, ...args: unknown[]): Promise<void> {
    this.calls.push({ name, at: this.#clock.now(), args });
    const at = this.#hooks.findIndex((each) => each.name === name);
    if (at >= 0) await this.#hooks.splice(at, 1)[0].hook(...args);
  }
}
