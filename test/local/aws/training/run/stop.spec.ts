import assert from "node:assert/strict";
import { mock } from "node:test";
import { isStop, Stopped, StopSwitch } from "../../../../../local/aws/training/run/stop.ts";

describe("the stop of a job", () => {
  beforeEach(() => mock.timers.enable({ apis: ["setTimeout", "Date"] }));
  afterEach(() => mock.timers.reset());

  it("happens once, for the first reason", () => {
    const stop = new StopSwitch();
    stop.stopAfter(10, "maxRuntime");
    stop.stop("user");
    mock.timers.tick(20_000);
    assert.equal(stop.why, "user");
    assert.ok(stop.signal.reason instanceof Stopped);
  });

  it("comes when the time is over", () => {
    const stop = new StopSwitch();
    stop.stopAfter(10, "maxRuntime");
    stop.stopAfter(20, "maxWait");
    mock.timers.tick(9_999);
    assert.equal(stop.why, undefined);
    mock.timers.tick(1);
    assert.equal(stop.why, "maxRuntime");
  });

  it("can be 28 days away, which is more than a timer holds", () => {
    const stop = new StopSwitch();
    stop.stopAfter(28 * 86_400, "maxRuntime");
    mock.timers.tick(27 * 86_400_000);
    assert.equal(stop.why, undefined);
    mock.timers.tick(86_400_000);
    assert.equal(stop.why, "maxRuntime");
  });

  it("does not come after the job has ended", () => {
    const stop = new StopSwitch();
    stop.stopAfter(10, "maxRuntime");
    stop.clear();
    mock.timers.tick(20_000);
    assert.equal(stop.why, undefined);
  });

  it("does not come after the processes have ended, for whatever reason", () => {
    const stop = new StopSwitch();
    stop.stopAfter(10, "maxRuntime");
    stop.close();
    mock.timers.tick(20_000);
    stop.stop("shutdown");
    assert.equal(stop.why, undefined);
  });

  it("is recognised in what libraries throw, and only then", () => {
    const stop = new StopSwitch();
    const abort = Object.assign(new Error("aborted"), { name: "AbortError" });
    assert.equal(isStop(abort, stop), false);
    stop.stop("user");
    assert.equal(isStop(abort, stop), true);
    assert.equal(isStop(stop.signal.reason, stop), true);
    assert.equal(isStop(new Error("other"), stop), false);
  });
});
