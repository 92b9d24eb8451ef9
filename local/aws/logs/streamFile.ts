import {
  appendFileSync,
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { decodeEvent, encodeEvent, type LogEvent, linesOf, type StoredEvent, timeAt } from "./events.ts";

/** Read at once. A line has at most 256 KB, twice that when all of it is escaped. */
const blockBytes = 256 * 1024;
const format = 1;

/** A place between two events: after the first `count` events of that time. It stays right whatever is added elsewhere. */
export interface Position {
  time: number;
  count: number;
}

/**
 * One log stream: an append-only file of lines in the order of their times, after a line about the stream itself.
 *
 * Nothing of it is held in memory but its size and its first and last event: an event is found by halving the file, so that a stream of a
 * million lines costs no more to write, open or follow than one of ten.
 */
export class StreamFile {
  readonly name: string;
  readonly creationTime: number;
  readonly file: string;
  private readonly head: number;
  private size: number;
  private firstEvent: StoredEvent | undefined;
  private lastEvent: StoredEvent | undefined;

  /** Makes a file for a new stream. */
  static create(file: string, name: string, creationTime: number): StreamFile {
    writeFileSync(file, `${JSON.stringify({ format, stream: name, creationTime })}\n`, { mode: 0o600 });
    return new StreamFile(file);
  }

  /** Opens one that exists; throws for a file that is none. What a crash left unfinished at its end is cut off. */
  constructor(file: string) {
    this.file = file;
    const fd = openSync(file, "r");
    try {
      const { size } = fstatSync(fd);
      const [header] = linesOf(read(fd, 0, Math.min(size, blockBytes)));
      if (header === undefined) throw new Error("it has no header");
      this.head = header[1] + 1;
      const { stream, creationTime } = JSON.parse(read(fd, 0, header[1]).toString());
      this.name = stream;
      this.creationTime = creationTime;
      this.size = wholeLines(fd, this.head, size);
      if (this.size < size) truncateSync(file, this.size);
      this.firstEvent = this.readFirst();
      this.lastEvent = this.backward(this.size, fd).at(-1);
    } finally {
      closeSync(fd);
    }
  }

  get bytes(): number {
    return this.size - this.head;
  }

  get first(): StoredEvent | undefined {
    return this.firstEvent;
  }

  get last(): StoredEvent | undefined {
    return this.lastEvent;
  }

  /** Adds events that are in the order of their times; all of them or, with an error, none. */
  append(events: readonly LogEvent[], ingestionTime: number): void {
    if (events.length === 0) return;
    if (this.lastEvent && events[0].timestamp < this.lastEvent.timestamp) this.merge(events, ingestionTime);
    else this.add(events, ingestionTime);
  }

  private add(events: readonly LogEvent[], ingestionTime: number): void {
    const text = events.map((event) => encodeEvent(event, ingestionTime)).join("");
    try {
      appendFileSync(this.file, text, { mode: 0o600 });
    } catch (error) {
      truncateSync(this.file, this.size); // a full disk takes half of it
      throw error;
    }
    this.size += Buffer.byteLength(text);
    const stored = (event: LogEvent, start: number): StoredEvent => ({
      ...event,
      ingestionTime,
      start,
      end: 0,
    });
    const last = events[events.length - 1];
    this.lastEvent = stored(last, this.size - Buffer.byteLength(encodeEvent(last, ingestionTime)));
    this.firstEvent ??= stored(events[0], this.head);
  }

  /** Forgets events before a time. */
  expire(before: number): void {
    if (this.firstEvent === undefined || this.firstEvent.timestamp >= before) return;
    // Rewriting a file costs its size: only one that has expired whole is emptied, older events of others are not read any more.
    if (this.lastEvent && this.lastEvent.timestamp >= before) return;
    truncateSync(this.file, this.head);
    this.size = this.head;
    this.firstEvent = undefined;
    this.lastEvent = undefined;
  }

  /** The events from an offset on, one block in memory at a time. */
  *forward(from: number): Generator<StoredEvent, undefined> {
    const fd = openSync(this.file, "r");
    try {
      let at = from;
      let length = blockBytes;
      while (at < this.size) {
        const block = read(fd, at, Math.min(length, this.size - at));
        let used = 0;
        for (const [start, end] of linesOf(block)) {
          used = end + 1;
          yield decodeEvent(block, start, end, at);
        }
        // A line longer than a block is read with a longer one.
        length = used === 0 ? length * 2 : blockBytes;
        if (used === 0 && block.length < length / 2) return undefined;
        at += used;
      }
      return undefined;
    } finally {
      closeSync(fd);
    }
  }

  private readFirst(): StoredEvent | undefined {
    for (const event of this.forward(this.head)) return event; // a loop that is left closes the file, `next` does not
    return undefined;
  }

  /** Some of the events before an offset, at least one when there is one, in their order. */
  backward(until: number, open?: number): StoredEvent[] {
    const fd = open ?? openSync(this.file, "r");
    try {
      for (let length = blockBytes; ; length *= 2) {
        const from = Math.max(this.head, until - length);
        const block = read(fd, from, until - from);
        const lines = [...linesOf(block)];
        // A block that does not begin with the first event begins inside of one.
        const whole = from === this.head ? lines : lines.slice(1);
        if (whole.length > 0 || from === this.head)
          return whole.map(([a, b]) => decodeEvent(block, a, b, from));
      }
    } finally {
      if (open === undefined) closeSync(fd);
    }
  }

  /** The offset of a position. */
  offsetOf({ time, count }: Position): number {
    let offset = this.seek(time);
    if (count === 0) return offset;
    let left = count;
    for (const event of this.forward(offset)) {
      if (event.timestamp !== time || left === 0) break;
      offset = event.end;
      left -= 1;
    }
    return offset;
  }

  /** The position just before an event. */
  positionOf(event: StoredEvent): Position {
    let count = 0;
    for (const other of this.forward(this.seek(event.timestamp))) {
      if (other.start >= event.start) break;
      count += 1;
    }
    return { time: event.timestamp, count };
  }

  /** The offset of the first event of a time or later. */
  private seek(time: number): number {
    if (this.firstEvent === undefined || time <= this.firstEvent.timestamp) return this.head;
    if (this.lastEvent === undefined || time > this.lastEvent.timestamp) return this.size;
    const fd = openSync(this.file, "r");
    try {
      // It does not begin before `low`, which is the start of a line; all before `high` that matters is halved.
      let low = this.head;
      let high = this.size;
      while (high - low > blockBytes) {
        const middle = Math.floor((low + high) / 2);
        const block = read(fd, middle, Math.min(blockBytes, high - middle));
        const line = block.indexOf(10) + 1;
        // No line begins there, or its time is not in this block: what is found at last is the same, after a longer walk.
        if (line === 0 || middle + line >= high || block.indexOf(32, line) === -1) high = middle;
        else if (timeAt(block, line) < time) low = middle + line;
        else high = middle + line;
      }
      for (const event of this.forward(low)) if (event.timestamp >= time) return event.start;
      return this.size;
    } finally {
      closeSync(fd);
    }
  }

  /** Puts events that came late where they belong; only what follows them is written again. */
  private merge(events: readonly LogEvent[], ingestionTime: number): void {
    const from = this.seek(events[0].timestamp + 1);
    const tail = [...this.forward(from), ...events.map((event) => ({ ...event, ingestionTime }))].sort(
      (a, b) => a.timestamp - b.timestamp,
    );
    const text = Buffer.from(tail.map((event) => encodeEvent(event, event.ingestionTime)).join(""));
    // Beside it, then in its place: a crash leaves the old stream or the new one.
    const aside = `${this.file}.new`;
    try {
      copyFileSync(this.file, aside);
      truncateSync(aside, from);
      appendFileSync(aside, text);
      renameSync(aside, this.file);
    } catch (error) {
      rmSync(aside, { recursive: true, force: true });
      throw error;
    }
    this.size = from + text.length;
    this.firstEvent = this.readFirst();
    this.lastEvent = this.backward(this.size).at(-1);
  }
}

function read(fd: number, from: number, length: number): Buffer {
  const buffer = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const count = readSync(fd, buffer, done, length - done, from + done);
    if (count === 0) break;
    done += count;
  }
  return buffer.subarray(0, done);
}

/** Where the last whole line ends. */
function wholeLines(fd: number, head: number, size: number): number {
  for (let end = size; end > head; end -= blockBytes) {
    const from = Math.max(head, end - blockBytes);
    const found = read(fd, from, end - from).lastIndexOf(10);
    if (found !== -1) return from + found + 1;
  }
  return head;
}
