import type { AwsApi } from "../aws/api";
import type { Clock } from "../engine/clock";

export interface LogLine {
  /** The container that printed it: `algo-1`, `algo-2`, … */
  host: string;
  message: string;
}

const LIST_EVERY_MS = 10_000;

/**
 * Reads a job's log streams to where they end now, each line once. Streams appear late, one per host, and a spot restart adds
 * new ones, so they are listed again while the job runs.
 */
export class LogTail {
  readonly #api: AwsApi;
  readonly #clock: Clock;
  readonly #group: string;
  readonly #prefix: string;
  readonly #tokens = new Map<string, string | undefined>();
  /** Lines that were fetched and not handed out yet: a fault in the middle of a read must not lose them. */
  readonly #fetched: LogLine[] = [];
  #listedAt = Number.NEGATIVE_INFINITY;

  constructor(api: AwsApi, clock: Clock, group: string, jobName: string) {
    this.#api = api;
    this.#clock = clock;
    this.#group = group;
    this.#prefix = `${jobName}/`;
  }

  /** The lines that are new since the last read. `relist` looks for new streams even if that was just done. */
  async read(relist = false): Promise<LogLine[]> {
    const now = this.#clock.now();
    if (relist || this.#tokens.size === 0 || now - this.#listedAt >= LIST_EVERY_MS) {
      for (const stream of await this.#api.logStreams(this.#group, this.#prefix)) {
        if (!this.#tokens.has(stream)) this.#tokens.set(stream, undefined);
      }
      this.#listedAt = now;
    }
    for (const stream of this.#tokens.keys()) await this.#readStream(stream);
    return this.#fetched.splice(0);
  }

  /** The end of a stream is where CloudWatch returns the token that it was given. */
  async #readStream(stream: string): Promise<void> {
    const host = /\/(algo-\d+)/.exec(stream)?.[1] ?? stream.slice(this.#prefix.length);
    for (;;) {
      const token = this.#tokens.get(stream);
      const page = await this.#api.logEvents(this.#group, stream, token);
      for (const event of page.events) this.#fetched.push({ host, message: event.message.trimEnd() });
      if (page.token) this.#tokens.set(stream, page.token);
      if (!page.token || page.token === token) return;
    }
  }
}

/** The last `count` lines of a job, oldest first, over all of its streams. */
export async function lastLines(
  api: AwsApi,
  group: string,
  jobName: string,
  count: number,
): Promise<string[]> {
  const streams = await api.logStreams(group, `${jobName}/`);
  const events = (await Promise.all(streams.map((stream) => api.lastLogEvents(group, stream, count)))).flat();
  return events
    .sort((a, b) => a.timestamp - b.timestamp)
    .map((event) => event.message.trimEnd())
    .filter((line) => line !== "")
    .slice(-count);
}
