import assert from "node:assert/strict";
import { batches } from "../../../../../local/aws/training/observe/logStream.ts";

const event = (message: string) => ({ timestamp: 1, message });

describe("calls to PutLogEvents", () => {
  it("hold at most 10,000 events", () => {
    const sizes = batches(Array.from({ length: 25_000 }, () => event("x"))).map((batch) => batch.length);
    assert.deepEqual(sizes, [10_000, 10_000, 5_000]);
  });

  it("hold at most a megabyte, counting 26 bytes for each event and two for é", () => {
    const sizes = batches(Array.from({ length: 9 }, () => event("é".repeat(100_000)))).map(
      (batch) => batch.length,
    );
    assert.deepEqual(sizes, [5, 4]);
  });

  it("are none for no events", () => assert.deepEqual(batches([]), []));
});
