/** An event as PutLogEvents takes it. Times are epoch milliseconds. */
export interface LogEvent {
  timestamp: number;
  message: string;
}

/** An event as it lies in a stream's file. */
export interface StoredEvent extends LogEvent {
  ingestionTime: number;
  /** Where its line begins in the file, and where the next one does. */
  start: number;
  end: number;
}

/** What an event counts beside its text, for every limit of CloudWatch Logs (API reference, PutLogEvents). */
export const eventOverhead = 26;
/** Bytes of one PutLogEvents call, and of one page that is read. */
export const maxBatchBytes = 1_048_576;
/** Events of one PutLogEvents call, and of one page that is read. */
export const maxBatchEvents = 10_000;

const newline = 10;
const space = 32;

/** One line: the time, how much later the event came in, the message with its line breaks escaped. */
export function encodeEvent({ timestamp, message }: LogEvent, ingestionTime: number): string {
  return `${timestamp} ${ingestionTime - timestamp} ${/[\\\n\r]/.test(message) ? escaped(message) : message}\n`;
}

/** The event in `buffer` from `from` to the line break at `to`; the buffer begins at `base` of the file. */
export function decodeEvent(buffer: Buffer, from: number, to: number, base: number): StoredEvent {
  const second = buffer.indexOf(space, from) + 1;
  const third = buffer.indexOf(space, second) + 1;
  const timestamp = Number(buffer.toString("latin1", from, second - 1));
  const message = buffer.toString("utf8", third, to);
  return {
    timestamp,
    message: message.includes("\\") ? unescaped(message) : message,
    ingestionTime: timestamp + Number(buffer.toString("latin1", second, third - 1)),
    start: base + from,
    end: base + to + 1,
  };
}

/** The time of the event whose line begins at `from`. */
export function timeAt(buffer: Buffer, from: number): number {
  return Number(buffer.toString("latin1", from, buffer.indexOf(space, from)));
}

/** Where each whole line in a buffer begins and its line break is. */
export function* linesOf(buffer: Buffer): Generator<[from: number, to: number]> {
  let from = 0;
  for (let to = buffer.indexOf(newline); to !== -1; to = buffer.indexOf(newline, from)) {
    yield [from, to];
    from = to + 1;
  }
}

const escapes: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" };
const escaped = (text: string) => text.replace(/[\\\n\r]/g, (found) => escapes[found]);
const unescaped = (text: string) =>
  text.replace(/\\([\\nr])/g, (_, letter: string) => (letter === "n" ? "\n" : letter === "r" ? "\r" : "\\"));
