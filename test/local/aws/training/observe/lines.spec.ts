import assert from "node:assert/strict";
import { LineSplitter } from "../../../../../local/aws/training/observe/lines.ts";

function split(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

describe("lines of a log", () => {
  it("are whole however the bytes come", () => {
    assert.deepEqual(split("one\ntw", "o\n\nthree"), ["one", "two", "", "three"]);
  });

  it("keep characters that are cut between chunks", () => {
    const bytes = Buffer.from("accuracy 99 % \u{1F600}\n");
    assert.deepEqual(split(bytes.subarray(0, 16), bytes.subarray(16)), ["accuracy 99 % \u{1F600}"]);
  });

  it("lose a carriage return at their end only", () => {
    assert.deepEqual(split("a\rb\r\n"), ["a\rb"]);
  });

  it("come in pieces that a log event can hold", () => {
    const pieces = split(`${"é".repeat(400_000)}\n`);
    assert.ok(pieces.length > 1);
    assert.ok(pieces.every((piece) => Buffer.byteLength(piece) <= 256 * 1024 - 26));
    assert.equal(pieces.join(""), "é".repeat(400_000));
  });

  it("come in pieces of whole characters", () => {
    for (const line of [`a${"\u{1F600}".repeat(100_000)}`, "\u{1F600}".repeat(100_000)]) {
      const pieces = split(...(line.match(/.{1,30000}/gsu) ?? []), "\n");
      assert.equal(Buffer.from(pieces.join("")).includes("\uFFFD"), false);
      assert.ok(pieces.every((piece) => !/\p{Surrogate}/u.test(piece)));
      assert.equal(pieces.join(""), line);
    }
  });

  it("do not pile up without a line break", () => {
    const lines: string[] = [];
    const splitter = new LineSplitter((line) => lines.push(line));
    for (let i = 0; i < 10; i++) splitter.push(Buffer.alloc(100_000, "x"));
    assert.ok(lines.length >= 2);
  });
});
