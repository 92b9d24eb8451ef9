import assert from "node:assert/strict";
import { loopback } from "../../../../../local/aws/training/process/loopback.ts";

describe("the interface between the hosts of a job", () => {
  const address = (text: string) => [{ address: text }] as never;

  it("is the one with 127.0.0.1, whatever the system calls it", () => {
    assert.equal(loopback({ en0: address("10.0.0.2"), lo0: address("127.0.0.1") }), "lo0");
    assert.equal(loopback({ lo: address("127.0.0.1") }), "lo");
    assert.equal(loopback({}), "lo");
  });
});
