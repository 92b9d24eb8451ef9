import assert from "node:assert/strict";
import { mock } from "node:test";
import { faultsSchema, type JobFault } from "../../../../../local/aws/faults/schema.ts";
import { Interruption } from "../../../../../local/aws/training/run/interruption.ts";

const fault = (change: object): JobFault => faultsSchema.parse({ jobs: [change] }).jobs[0];

describe("an interruption", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout"] }));
  afterEach(() => mock.timers.reset());

  it("comes after the time that was said, from the start of the processes", () => {
    const interruption = new Interruption(fault({ spotInterruptions: 1, interruptAfterSeconds: 3 }), 0);
    mock.timers.tick(10_000);
    interruption.onStarted();
    mock.timers.tick(2_999);
    assert.equal(interruption.signal.aborted, false);
    mock.timers.tick(1);
    assert.equal(interruption.signal.aborted, true);
  });

  it("comes with the line that was named, and not before", () => {
    const interruption = new Interruption(fault({ spotInterruptions: 1, interruptOnLine: "epoch=2" }), 0);
    interruption.onStarted();
    mock.timers.tick(60_000);
    interruption.onLine("epoch=1");
    assert.equal(interruption.signal.aborted, false);
    interruption.onLine("epoch=2 loss=1");
    assert.equal(interruption.signal.aborted, true);
  });

  it("does not come more often than said, nor after the attempt, nor without a fault", () => {
    const often = new Interruption(fault({ spotInterruptions: 1, interruptOnLine: "x" }), 1);
    often.onLine("x");
    const over = new Interruption(fault({ spotInterruptions: 1 }), 0);
    over.onStarted();
    over.end();
    const none = new Interruption(undefined, 0);
    none.onStarted();
    none.onLine("x");
    mock.timers.tick(60_000);
    assert.deepEqual(
      [often, over, none].map(({ signal }) => signal.aborted),
      [false, false, false],
    );
  });
});
