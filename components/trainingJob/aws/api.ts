import type {
  CreateTrainingJobRequest,
  DescribeTrainingJobResponse,
  ListTrainingJobsRequest,
  ListTrainingJobsResponse,
} from "@aws-sdk/client-sagemaker";

export type JobDescription = DescribeTrainingJobResponse;

export interface StoredObject {
  key: string;
  etag: string;
}

export interface LogEvent {
  /** When it was printed, in milliseconds since the epoch. */
  timestamp: number;
  message: string;
  /** When CloudWatch Logs got it. */
  ingestionTime?: number;
}

/**
 * The calls to AWS that a training job needs, and nothing more. No call that changes something is made in an account that
 * `aws:allowedAccountIds` or `aws:forbiddenAccountIds` excludes. Every call is retried on throttling, 5xx and
 * connection faults; "not found" is an answer here, not an error. Tests put their fake at this boundary.
 */
export interface AwsApi {
  /** The account whose credentials these are, asked for once. Undefined where `aws:skipRequestingAccountId` forbids to ask. */
  account(): Promise<string | undefined>;
  /** undefined when there is no such job. */
  describe(name: string): Promise<JobDescription | undefined>;
  /** "exists" when the name is taken: the name is the API's only idempotency key. */
  create(request: CreateTrainingJobRequest): Promise<"created" | "exists">;
  list(request: ListTrainingJobsRequest): Promise<ListTrainingJobsResponse>;
  stop(name: string): Promise<void>;
  remove(name: string): Promise<void>;
  /** Changes how long the warm pool is kept; 0 ends it. */
  setKeepAlive(name: string, seconds: number): Promise<void>;
  tags(arn: string): Promise<Record<string, string>>;
  tag(arn: string, tags: Record<string, string>, removed: string[]): Promise<void>;
  /** Throws an ObjectDeniedError where S3 does not say. */
  objectExists(uri: string): Promise<boolean>;
  /** Everything under a prefix, or the first `atMost` objects (1000 at most); nothing where there is no such bucket. */
  listObjects(uri: string, atMost?: number): Promise<StoredObject[]>;
  /** Whether anything is under a prefix; false where there is no such bucket. Tried once: a preview needs no AWS. */
  hasObjects(uri: string): Promise<boolean>;
  removeObjects(uri: string): Promise<void>;
  /** Writes a JSON document, over one that is there. `kmsKeyId`: default is the bucket's own encryption. */
  putJson(uri: string, json: string, kmsKeyId?: string): Promise<void>;
  /** A document as it is; undefined where there is none. Tried once, as it is asked for at preview. */
  readJson(uri: string): Promise<string | undefined>;
  /** Names of the account's buckets in this region that begin so. Tried once. */
  buckets(prefix: string): Promise<string[]>;
  logStreams(group: string, prefix: string): Promise<string[]>;
  /** At most one page of events after `token` (from the start without one). */
  logEvents(group: string, stream: string, token?: string): Promise<{ events: LogEvent[]; token?: string }>;
  /** The last `count` events of a stream. */
  lastLogEvents(group: string, stream: string, count: number): Promise<LogEvent[]>;
  /** Products of the AWS Price List with these attributes, each as JSON. Tried once: prices are for information. */
  products(service: string, attributes: Record<string, string>): Promise<string[]>;
}

const TERMINAL = ["Completed", "Failed", "Stopped"];
export const isTerminal = (status: string | undefined): boolean => TERMINAL.includes(status ?? "");
