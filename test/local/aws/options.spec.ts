import assert from "node:assert/strict";
import { readOptions } from "../../../local/aws/options.ts";

const flags = ["--state", "/s", "--training-python", "/t", "--ministack-python", "/m"];

describe("the options of the local AWS", () => {
  it("have SageMaker's grace period and sensible defaults", () => {
    const options = readOptions(flags, {});
    assert.equal(options.stateDir, "/s");
    assert.equal(options.port, 0);
    assert.equal(options.stopGraceSeconds, 120);
    assert.equal(options.spotPriceRatio, 0.3);
    assert.equal(options.auth, false);
    assert.ok(options.maxJobs >= 4);
  });

  it("come from flags and the environment", () => {
    const options = readOptions([...flags, "--port", "4566"], {
      LOCAL_AWS_STOP_GRACE_SECONDS: "0.5",
      LOCAL_AWS_MAX_JOBS: "100",
      LOCAL_AWS_AUTH: "true",
    });
    assert.equal(options.port, 4566);
    assert.equal(options.stopGraceSeconds, 0.5);
    assert.equal(options.maxJobs, 100);
    assert.equal(options.auth, true);
  });

  it("are refused by name", () => {
    assert.throws(() => readOptions([], {}), /needs --state/);
    // What follows a colon would be another folder in the PATH of jobs.
    assert.throws(() => readOptions(["--state", "/a:b", ...flags.slice(2)], {}), /colon/);
    assert.throws(() => readOptions([...flags, "--port", "x"], {}), /--port must be a port/);
    assert.throws(
      () => readOptions(flags, { LOCAL_AWS_MAX_JOBS: "many" }),
      /LOCAL_AWS_MAX_JOBS must be a number/,
    );
  });
});
