import { AwsError } from "../sagemaker/errors.ts";
import { eventOverhead, maxBatchBytes, maxBatchEvents, type StoredEvent } from "./events.ts";
import type { Position, StreamFile } from "./streamFile.ts";

export interface GetRequest {
  /** Epoch milliseconds; included. */
  startTime?: number;
  /** Not included. */
  endTime?: number;
  limit?: number;
  startFromHead?: boolean;
  nextToken?: string;
}

/** One page of GetLogEvents. At the end the forward token is the one that came, as on AWS. */
export function getEvents(stream: StreamFile, request: GetRequest, kept: number) {
  const start = Math.max(request.startTime ?? 0, kept);
  const end = request.endTime ?? Number.POSITIVE_INFINITY;
  const limit = request.limit ?? maxBatchEvents;
  const token = request.nextToken === undefined ? undefined : parse(request.nextToken);
  const forward = token ? token.forward : request.startFromHead === true;
  const page = forward
    ? after(stream, later(token?.position, { time: start, count: 0 }), end, limit)
    : before(stream, token?.position, start, end, limit);
  return {
    events: page.events.map(({ timestamp, message, ingestionTime }) => ({
      timestamp,
      message,
      ingestionTime,
    })),
    nextForwardToken: format("f", page.to),
    nextBackwardToken: format("b", page.from),
  };
}

interface Page {
  events: StoredEvent[];
  from: Position;
  to: Position;
}

function after(stream: StreamFile, from: Position, end: number, limit: number): Page {
  const events: StoredEvent[] = [];
  let to = from;
  let bytes = 0;
  for (const event of stream.forward(stream.offsetOf(from))) {
    bytes += Buffer.byteLength(event.message) + eventOverhead;
    if (event.timestamp >= end || (events.length > 0 && bytes > maxBatchBytes)) break;
    events.push(event);
    to = past(to, event);
    if (events.length === limit) break;
  }
  return { events, from, to };
}

function before(
  stream: StreamFile,
  token: Position | undefined,
  start: number,
  end: number,
  limit: number,
): Page {
  const until = Math.min(
    stream.offsetOf({ time: end, count: 0 }),
    token ? stream.offsetOf(token) : Number.POSITIVE_INFINITY,
  );
  const events: StoredEvent[] = [];
  let bytes = 0;
  let offset = until;
  let full = false;
  while (!full) {
    const block = stream.backward(offset);
    if (block.length === 0) break;
    offset = block[0].start;
    for (const event of block.reverse()) {
      bytes += Buffer.byteLength(event.message) + eventOverhead;
      full =
        event.timestamp < start || events.length === limit || (events.length > 0 && bytes > maxBatchBytes);
      if (full) break;
      events.push(event);
    }
  }
  events.reverse();
  const nothing = token ?? { time: start, count: 0 };
  const last = events.at(-1);
  return {
    events,
    from: events.length > 0 ? stream.positionOf(events[0]) : nothing,
    to: last ? past(stream.positionOf(last), last) : nothing,
  };
}

/** The position after an event that follows `at`. */
export function past(at: Position, event: StoredEvent): Position {
  return { time: event.timestamp, count: event.timestamp === at.time ? at.count + 1 : 1 };
}

function later(a: Position | undefined, b: Position): Position {
  if (a === undefined || a.time < b.time) return b;
  return a;
}

const format = (direction: string, { time, count }: Position) => `${direction}/${time}/${count}`;

function parse(text: string): { forward: boolean; position: Position } {
  const [, direction, time, count] = /^([fb])\/(\d{1,15})\/(\d{1,15})$/.exec(text) ?? [];
  if (direction === undefined) {
    throw new AwsError("InvalidParameterException", "The specified nextToken is invalid.");
  }
  return { forward: direction === "f", position: { time: Number(time), count: Number(count) } };
}
