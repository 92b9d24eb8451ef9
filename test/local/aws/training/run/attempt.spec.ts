import assert from "node:assert/strict";
import { threadsEach } from "../../../../../local/aws/training/run/attempt.ts";

describe("the threads of a host", () => {
  for (const [cores, hosts, threads] of [
    [2, 1, 2],
    [2, 2, 1],
    [8, 3, 2],
    [2, 5, 1],
  ]) {
    it(`are ${threads} where ${hosts} run on ${cores} cores`, () =>
      assert.equal(threadsEach(cores, hosts), threads));
  }
});
