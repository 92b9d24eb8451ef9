import { createHash } from "node:crypto";
import { AwsError } from "../sagemaker/errors.ts";
import { eventOverhead, maxBatchBytes, maxBatchEvents, type StoredEvent } from "./events.ts";
import { past } from "./read.ts";
import type { Position, StreamFile } from "./streamFile.ts";

export interface FilterRequest {
  /** Epoch milliseconds; included. */
  startTime?: number;
  /** Included, other than in GetLogEvents. */
  endTime?: number;
  limit?: number;
  nextToken?: string;
}

/** What one call looks at, as CloudWatch returns a page with few events or none, and a token, when it has searched for long. */
const maxScannedBytes = 2 * 1024 * 1024;

/** After this event of this stream: the order of the answer is time, then stream, then place in the stream. */
interface Token extends Position {
  stream: string;
}

/** One stream that is being read. */
interface Cursor {
  stream: StreamFile;
  events: Generator<StoredEvent, undefined>;
  head: StoredEvent;
  /** Before `head`. */
  at: Position;
}

/** One page of FilterLogEvents over some streams, in the order of time. */
export function filterEvents(
  streams: StreamFile[],
  request: FilterRequest,
  kept: number,
  matches: (message: string) => boolean,
) {
  const start = Math.max(request.startTime ?? 0, kept);
  const end = request.endTime ?? Number.POSITIVE_INFINITY;
  const limit = request.limit ?? maxBatchEvents;
  const merge = new Merge(
    streams,
    start,
    end,
    request.nextToken === undefined ? undefined : parse(request.nextToken),
  );
  const events: object[] = [];
  let bytes = 0;
  let scanned = 0;
  let last: Token | undefined;
  try {
    for (let found = merge.next(); found; found = merge.next()) {
      const { stream, event, at } = found;
      const size = Buffer.byteLength(event.message) + eventOverhead;
      const taken = matches(event.message);
      if (taken && (events.length === limit || (events.length > 0 && bytes + size > maxBatchBytes))) {
        return { events, searchedLogStreams: [], nextToken: last && format(last) };
      }
      last = { stream: stream.name, ...past(at, event) };
      scanned += size;
      if (taken) {
        bytes += size;
        events.push(answered(stream.name, event, last.count));
      }
      if (scanned > maxScannedBytes) return { events, searchedLogStreams: [], nextToken: format(last) };
    }
    return { events, searchedLogStreams: [] };
  } finally {
    merge.close();
  }
}

/** Merges streams by time; a stream is opened when its first event is next. */
class Merge {
  private readonly waiting: { stream: StreamFile; from: Position; time: number }[];
  private readonly end: number;
  private cursors: Cursor[] = [];

  constructor(streams: StreamFile[], start: number, end: number, token: Token | undefined) {
    this.end = end;
    this.waiting = streams
      .map((stream) => ({ stream, from: startOf(stream.name, start, token) }))
      .flatMap(({ stream, from }) => {
        const { first, last } = stream;
        if (!first || !last || last.timestamp < from.time || first.timestamp > end) return [];
        return { stream, from, time: Math.max(from.time, first.timestamp) };
      })
      .sort((a, b) => b.time - a.time);
  }

  next(): { stream: StreamFile; event: StoredEvent; at: Position } | undefined {
    let least = this.least();
    for (let next = this.waiting.at(-1); next; next = this.waiting.at(-1)) {
      if (least && least.head.timestamp < next.time) break;
      this.waiting.pop();
      this.open(next.stream, next.from);
      least = this.least();
    }
    if (!least) return undefined;
    const { stream, head: event, at } = least;
    this.advance(least);
    return { stream, event, at };
  }

  close(): void {
    for (const { events } of this.cursors) events.return(undefined);
  }

  private open(stream: StreamFile, from: Position): void {
    const events = stream.forward(stream.offsetOf(from));
    const head = events.next().value;
    if (head === undefined || head.timestamp > this.end) events.return(undefined);
    else this.cursors.push({ stream, events, head, at: from });
  }

  private advance(cursor: Cursor): void {
    cursor.at = past(cursor.at, cursor.head);
    const head = cursor.events.next().value;
    if (head !== undefined && head.timestamp <= this.end) cursor.head = head;
    else {
      cursor.events.return(undefined);
      this.cursors = this.cursors.filter((other) => other !== cursor);
    }
  }

  private least(): Cursor | undefined {
    let least: Cursor | undefined;
    for (const cursor of this.cursors) {
      const difference = least ? cursor.head.timestamp - least.head.timestamp : -1;
      if (difference < 0 || (difference === 0 && least && cursor.stream.name < least.stream.name))
        least = cursor;
    }
    return least;
  }
}

function startOf(name: string, start: number, token: Token | undefined): Position {
  if (token === undefined || token.time < start) return { time: start, count: 0 };
  if (name === token.stream) return { time: token.time, count: token.count };
  // Events of the token's time have been given out for the streams whose names come first.
  return { time: name < token.stream ? token.time + 1 : token.time, count: 0 };
}

function answered(stream: string, event: StoredEvent, count: number) {
  const { timestamp, message, ingestionTime } = event;
  return {
    logStreamName: stream,
    timestamp,
    message,
    ingestionTime,
    eventId: eventId(stream, timestamp, count),
  };
}

const digests = new Map<string, string>();

/** 56 digits, as on AWS: the time, the stream, the place among the events of that time. */
function eventId(stream: string, time: number, count: number): string {
  let digest = digests.get(stream);
  if (digest === undefined) {
    digest = String(createHash("sha256").update(stream).digest().readUIntBE(0, 6)).padStart(15, "0");
    if (digests.size > 1000) digests.clear();
    digests.set(stream, digest);
  }
  return String(time).padStart(26, "0") + digest + String(count).padStart(15, "0");
}

const format = ({ time, count, stream }: Token) =>
  Buffer.from(JSON.stringify([time, count, stream])).toString("base64url");

function parse(text: string): Token {
  try {
    const [time, count, stream] = JSON.parse(Buffer.from(text, "base64url").toString());
    if (Number.isInteger(time) && Number.isInteger(count) && typeof stream === "string")
      return { time, count, stream };
  } catch {
    // Falls through to the error below.
  }
  throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
}
