import type { AwsApi, LogEvent } from "../aws/api";
import type { Clock } from "../engine/clock";
import type { LogLine } from "../record/series";
import { Toolkit } from "./toolkit";
import { TracebackJoiner } from "./traceback";

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
  readonly #joiners = new Map<string, TracebackJoiner>();
  /** Lines that were fetched and not handed out yet: a fault in the middle of a read must not lose them. */
  readonly #fetched: LogLine[] = [];
  #listedAt = Number.NEGATIVE_INFINITY;
  #delay = 0;
  #pagesLeft: number;

  /** `mostPages`: how many pages (1 MB at most) it reads of all streams together. Default: no limit. */
  constructor(
    api: AwsApi,
    clock: Clock,
    group: string,
    jobName: string,
    mostPages = Number.POSITIVE_INFINITY,
  ) {
    this.#pagesLeft = mostPages;
    this.#api = api;
    this.#clock = clock;
    this.#group = group;
    this.#prefix = `${jobName}/`;
  }

  /** The longest that a line took from being printed to being in CloudWatch Logs, in milliseconds. */
  get delay(): number {
    return this.#delay;
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
    const host = hostOf(stream);
    const joiner = this.#joiners.get(stream) ?? new TracebackJoiner();
    this.#joiners.set(stream, joiner);
    const add = (timestamp: number, messages: string[]) =>
      this.#fetched.push(...messages.map((message) => ({ host, message, timestamp })));
    let newest: number | undefined;
    while (this.#pagesLeft > 0) {
      this.#pagesLeft -= 1;
      const token = this.#tokens.get(stream);
      const page = await this.#api.logEvents(this.#group, stream, token);
      for (const { message, timestamp, ingestionTime = timestamp } of page.events) {
        newest = timestamp;
        this.#delay = Math.max(this.#delay, ingestionTime - timestamp);
        add(timestamp, joiner.push(message.trimEnd()));
      }
      if (page.token) this.#tokens.set(stream, page.token);
      if (page.token && page.token !== token) continue;
      // The rest of a line comes at once, or never.
      if (newest === undefined) add(this.#clock.now(), joiner.end());
      return;
    }
  }
}

/** `algo-1` of `job/algo-1-1700000000`. */
const hostOf = (stream: string): string =>
  /\/(algo-\d+)/.exec(stream)?.[1] ?? stream.slice(stream.indexOf("/") + 1);

/** What a program says when it fails, in most languages. */
const FAILURE = /\b(\w*error|traceback|\w*exception|fatal|killed|segmentation fault|core dumped)\b/i;
/** Lines of each host but the first to fail: what follows there is mostly that the first one is gone. */
const FALLOUT_LINES = 5;
const HOSTS = 4;

/** The toolkit's lines around those of the script, and the pieces of tracebacks, are many. */
const EVENTS = 1_000;

/**
 * The last `count` lines of a job's scripts, oldest first. Of several hosts each has its own, under its name: the host whose failure came
 * first with `count` lines, up to three more with 5.
 */
export async function lastLines(
  api: AwsApi,
  group: string,
  jobName: string,
  count: number,
): Promise<string[]> {
  const hosts = new Map<string, LogEvent[]>();
  const read = async (stream: string) => ({ stream, events: await api.lastLogEvents(group, stream, EVENTS) });
  for (const { stream, events } of await Promise.all(
    (await api.logStreams(group, `${jobName}/`)).map(read),
  )) {
    const host = hostOf(stream);
    hosts.set(host, [...(hosts.get(host) ?? []), ...events]);
  }
  const tails = [...hosts]
    .map(([host, events]) => ({ host, ...tailOf(events, count) }))
    .filter(({ lines }) => lines.length > 0);
  if (tails.length === 1) return tails[0].lines;
  tails.sort((a, b) => a.failedAt - b.failedAt);
  const rest = tails.length - HOSTS;
  return [
    ...tails
      .slice(0, HOSTS)
      .flatMap(({ host, lines }, index) => [`[${host}]`, ...lines.slice(index === 0 ? 0 : -FALLOUT_LINES)]),
    ...(rest > 0 ? [`(and ${rest} hosts more)`] : []),
  ];
}

/** The last lines of a host, and when it failed: its first words of it, else its last words at all. */
function tailOf(events: LogEvent[], count: number): { lines: string[]; failedAt: number } {
  const [toolkit, joiner] = [new Toolkit(), new TracebackJoiner()];
  const told: LogEvent[] = [];
  const add = (timestamp: number, messages: string[]) =>
    told.push(...messages.map((message) => ({ timestamp, message })));
  let now = 0;
  for (const { timestamp, message } of [...events].sort((a, b) => a.timestamp - b.timestamp)) {
    now = timestamp;
    if (!toolkit.isNoise(message.trimEnd())) add(now, joiner.push(message.trimEnd()));
  }
  add(now, joiner.end());
  const last = told.slice(-count);
  const failure = last.find(({ message }) => FAILURE.test(message)) ?? last.at(-1);
  return { lines: last.map(({ message }) => message), failedAt: failure?.timestamp ?? 0 };
}

/** Whether {@link lastLines} added it: a host's name, or how many hosts there are more. */
export const isHeading = (line: string): boolean => /^\[algo-\d+\]$|^\(and \d+ hosts more\)$/.test(line);
