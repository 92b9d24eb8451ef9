import assert from "node:assert/strict";
import type { LogEvent } from "../../../../../local/aws/logs/events.ts";
import { LogStream } from "../../../../../local/aws/training/observe/logStream.ts";

describe("a host's log", () => {
  function open(write: (events: LogEvent[]) => void, now = () => 5) {
    const errors: string[] = [];
    const stream = new LogStream({ write, delayMs: 0, now, onError: (error) => errors.push(error.message) });
    return { stream, errors };
  }

  it("is written in order, with a space for an empty line and times that never go back", async () => {
    const written: LogEvent[] = [];
    const times = [10, 9, 8, 12];
    const { stream } = open(
      (events) => written.push(...events),
      () => times.shift() ?? 12,
    );
    for (const line of ["a", "", "c"]) stream.push(line);
    await stream.end();
    assert.deepEqual(
      written.map(({ message }) => message),
      ["a", " ", "c"],
    );
    assert.deepEqual(
      written.map(({ timestamp }) => timestamp),
      [...written.map(({ timestamp }) => timestamp)].sort((a, b) => a - b),
    );
  });

  it("says how many lines a full disk has cost", async () => {
    const { stream, errors } = open(() => {
      throw new Error("ENOSPC");
    });
    stream.push("one");
    stream.push("two");
    await stream.end();
    assert.deepEqual(errors, ["ENOSPC", "2 lines are lost"]);
  });

  it("says each loss once, and goes on after its end: what the upload has to say comes later", async () => {
    const written: LogEvent[] = [];
    let full = true;
    const { stream, errors } = open((events) => {
      if (full) throw new Error("ENOSPC");
      written.push(...events);
    });
    stream.push("one");
    await stream.end();
    await stream.end();
    full = false;
    stream.push("note");
    await stream.end();
    assert.deepEqual(errors, ["ENOSPC", "1 lines are lost"]);
    assert.deepEqual(
      written.map(({ message }) => message),
      ["note"],
    );
  });
});
