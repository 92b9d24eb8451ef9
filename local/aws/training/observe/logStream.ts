import { setTimeout as sleep } from "node:timers/promises";
import type { LogEvent } from "../../logs/events.ts";

export const logGroup = "/aws/sagemaker/TrainingJobs";

/** Lines reach CloudWatch Logs at most this much later. */
const flushMs = 50;
/** What is held in memory while the disk is full. */
const maxHeldBytes = 64 * 1024 * 1024;

export interface LogStreamOptions {
  /** Adds events to the stream in CloudWatch Logs, all or none; throws when it cannot. */
  write: (events: LogEvent[], now: number) => void;
  /** The stream appears this much after its first line. */
  delayMs: number;
  now: () => number;
  /** Told when lines cannot be kept. */
  onError: (error: Error) => void;
}

/** One stream in CloudWatch Logs, fed line by line in order. The stream is made when the first line comes. */
export class LogStream {
  private readonly options: LogStreamOptions;
  private queue: LogEvent[] = [];
  private queuedBytes = 0;
  private lost = 0;
  private failing = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly notBefore: number;
  private lastTime = 0;

  constructor(options: LogStreamOptions) {
    this.options = options;
    this.notBefore = options.now() + options.delayMs;
  }

  push(line: string): void {
    if (this.queuedBytes > maxHeldBytes) {
      this.lost += 1;
      return;
    }
    // A clock that is set back must not change the order of the lines.
    this.lastTime = Math.max(this.lastTime, this.options.now());
    // CloudWatch Logs refuses an empty message; AWS's agent sends a space as well.
    this.queue.push({ timestamp: this.lastTime, message: line === "" ? " " : line });
    // In delay and while the disk is full they pile up.
    this.queuedBytes += line.length;
    this.timer ??= setTimeout(() => this.flush(), Math.max(flushMs, this.notBefore - this.options.now()));
  }

  /** Resolves when every line has been written, or told as lost. Lines may come afterwards, and another end. */
  async end(): Promise<void> {
    await sleep(Math.max(0, this.queue.length === 0 ? 0 : this.notBefore - this.options.now()));
    this.flush();
    clearTimeout(this.timer);
    this.timer = undefined;
    const lost = this.lost + this.queue.length;
    this.clear();
    this.lost = 0;
    if (lost > 0) this.options.onError(new Error(`${lost} lines are lost`));
  }

  private clear(): void {
    this.queue = [];
    this.queuedBytes = 0;
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.queue.length === 0) return;
    try {
      this.options.write(this.queue, this.options.now());
      this.clear();
      this.failing = false;
    } catch (error) {
      // A full disk may have room again: they are kept, and told about once.
      if (!this.failing) this.options.onError(error as Error);
      this.failing = true;
      this.timer = setTimeout(() => this.flush(), 1000);
    }
  }
}
