import { appendFileSync, mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import pRetry from "p-retry";

export const logGroup = "/aws/sagemaker/TrainingJobs";

/** Lines reach CloudWatch Logs at most this much later. */
const flushMs = 200;
/** Limits of one PutLogEvents call; each event counts 26 bytes more than its text. */
const maxBatchEvents = 10_000;
const maxBatchBytes = 1_048_576;
/** The copy on disk ends here; CloudWatch Logs has the rest. */
const maxFileBytes = 10 * 1024 * 1024;

/** About half a minute in all, which is longer than ministack takes to start again. */
const retries = { retries: 10, minTimeout: 200, maxTimeout: 5_000 };

interface LogEvent {
  timestamp: number;
  message: string;
}

export interface LogStreamOptions {
  logs: CloudWatchLogsClient;
  stream: string;
  /** Where a copy is kept. */
  file: string;
  /** The stream appears this much after its first line. */
  delayMs: number;
  now: () => number;
  /** Told when lines could not be delivered or kept. */
  onError: (error: Error) => void;
}

/** One stream in CloudWatch Logs, fed line by line in order. The stream is made when the first line comes. */
export class LogStream {
  private readonly options: LogStreamOptions;
  private queue: LogEvent[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();
  private created = false;
  private fileBytes: number;
  private readonly notBefore: number;

  constructor(options: LogStreamOptions) {
    this.options = options;
    this.notBefore = options.now() + options.delayMs;
    mkdirSync(path.dirname(options.file), { recursive: true, mode: 0o700 });
    this.fileBytes = statSync(options.file, { throwIfNoEntry: false })?.size ?? 0;
  }

  push(line: string): void {
    // CloudWatch Logs refuses an empty message; AWS's agent sends a space as well.
    this.queue.push({ timestamp: this.options.now(), message: line === "" ? " " : line });
    this.timer ??= setTimeout(() => this.flush(), Math.max(flushMs, this.notBefore - this.options.now()));
  }

  /** Resolves when every line has been delivered. */
  async end(): Promise<void> {
    await sleep(Math.max(0, this.queue.length === 0 ? 0 : this.notBefore - this.options.now()));
    this.flush();
    await this.sending;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const events = this.queue;
    this.queue = [];
    if (events.length === 0) return;
    this.keepCopy(events);
    this.sending = this.sending.then(() => this.send(events)).catch(this.options.onError);
  }

  private async send(events: LogEvent[]): Promise<void> {
    for (const batch of batches(events)) await pRetry(() => this.put(batch), retries);
  }

  private async put(batch: LogEvent[]): Promise<void> {
    try {
      if (!this.created) await this.create();
      await this.options.logs.send(
        new PutLogEventsCommand({
          logGroupName: logGroup,
          logStreamName: this.options.stream,
          logEvents: batch,
        }),
      );
    } catch (error) {
      // A CloudWatch Logs that crashed has forgotten the stream.
      this.created = false;
      throw error;
    }
  }

  private async create(): Promise<void> {
    const { logs, stream } = this.options;
    await ignoreExisting(logs.send(new CreateLogGroupCommand({ logGroupName: logGroup })));
    await ignoreExisting(
      logs.send(new CreateLogStreamCommand({ logGroupName: logGroup, logStreamName: stream })),
    );
    this.created = true;
  }

  private keepCopy(events: LogEvent[]): void {
    if (this.fileBytes > maxFileBytes) return;
    const text = events.map((event) => `${event.message}\n`).join("");
    this.fileBytes += Buffer.byteLength(text);
    try {
      appendFileSync(this.options.file, text, { mode: 0o600 });
    } catch (error) {
      // A full disk must not keep the lines from CloudWatch Logs.
      this.options.onError(error as Error);
    }
  }
}

/** Cuts events into calls that respect the limits. */
export function batches(events: LogEvent[]): LogEvent[][] {
  const result: LogEvent[][] = [];
  let current: LogEvent[] = [];
  let bytes = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.message) + 26;
    if (current.length > 0 && (current.length === maxBatchEvents || bytes + size > maxBatchBytes)) {
      result.push(current);
      current = [];
      bytes = 0;
    }
    current.push(event);
    bytes += size;
  }
  if (current.length > 0) result.push(current);
  return result;
}

async function ignoreExisting(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if ((error as Error).name !== "ResourceAlreadyExistsException") throw error;
  }
}
