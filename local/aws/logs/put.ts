import { AwsError } from "../sagemaker/errors.ts";
import { eventOverhead, type LogEvent, maxBatchBytes } from "./events.ts";
import type { StreamFile } from "./streamFile.ts";

export interface PutRequest {
  logEvents: LogEvent[];
}

const hourMs = 60 * 60 * 1000;
/** What is older or newer is not taken, and the span of one call (API reference, PutLogEvents). */
const tooOldMs = 14 * 24 * hourMs;
const tooNewMs = 2 * hourMs;
const spanMs = 24 * hourMs;

/** PutLogEvents: everything that the limits allow, in one write. */
export function putEvents(stream: StreamFile, { logEvents }: PutRequest, now: number, kept: number) {
  const bytes = logEvents.reduce((sum, { message }) => sum + Buffer.byteLength(message) + eventOverhead, 0);
  if (bytes > maxBatchBytes) {
    throw invalid(`Upload too large: ${bytes} bytes exceeds limit of ${maxBatchBytes}`);
  }
  if (logEvents.some(({ timestamp }, index) => index > 0 && timestamp < logEvents[index - 1].timestamp)) {
    throw invalid("Log events in a single PutLogEvents request must be in chronological order.");
  }
  const [{ timestamp: first }] = logEvents;
  if (logEvents[logEvents.length - 1].timestamp - first > spanMs) {
    throw invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.");
  }
  const expired = logEvents.filter(({ timestamp }) => timestamp < kept).length;
  const old = logEvents.filter(({ timestamp }) => timestamp < now - tooOldMs).length;
  const future = logEvents.findIndex(({ timestamp }) => timestamp > now + tooNewMs);
  stream.append(logEvents.slice(Math.max(expired, old), future === -1 ? undefined : future), now);
  const rejected = {
    ...(future === -1 ? {} : { tooNewLogEventStartIndex: future }),
    ...(old === 0 ? {} : { tooOldLogEventEndIndex: old }),
    ...(expired === 0 ? {} : { expiredLogEventEndIndex: expired }),
  };
  return {
    nextSequenceToken: "49039859628732338998398423398598378384299294493",
    ...(Object.keys(rejected).length > 0 ? { rejectedLogEventsInfo: rejected } : {}),
  };
}

const invalid = (message: string) => new AwsError("InvalidParameterException", message);
