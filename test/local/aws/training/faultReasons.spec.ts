import assert from "node:assert/strict";
import {
  algorithmError,
  CapacityFault,
  ClientFault,
  failureReason,
  InternalFault,
  keptNote,
} from "../../../../local/aws/training/faultReasons.ts";

describe("FailureReason", () => {
  it("is what the container wrote, with the exit code", () => {
    assert.equal(
      algorithmError('ExecuteUserScriptError:\nExitCode 3\nErrorMessage "no"\n', 1),
      'AlgorithmError: ExecuteUserScriptError:\nExitCode 3\nErrorMessage "no", exit code: 1',
    );
  });

  it("is the exit code alone when the container wrote nothing", () => {
    assert.equal(algorithmError("", 137), "AlgorithmError: , exit code: 137");
  });

  it("has 1024 characters at most and keeps the exit code", () => {
    const reason = algorithmError("x".repeat(5000), 1);
    assert.equal(reason.length, 1024);
    assert.match(reason, /x, exit code: 1$/);
    assert.equal(failureReason(new ClientFault("y".repeat(5000))).length, 1024);
  });

  it("is cut between characters", () => {
    for (const shift of ["", "x"]) {
      const reason = algorithmError(shift + "\u{1F600}".repeat(2000), 1);
      assert.ok(reason.length <= 1024 && !/\p{Surrogate}/u.test(reason));
    }
  });

  it("keeps a note, however long the rest", () => {
    const note = keptNote("/state/kept/job");
    for (const reason of [
      algorithmError("x".repeat(5000), 1, note),
      failureReason(new Error("y".repeat(5000)), note),
    ]) {
      assert.equal(reason.length, 1024);
      assert.ok(reason.endsWith(" is kept in /state/kept/job)"), reason);
    }
    assert.equal(keptNote(undefined), "");
  });

  it("says whose fault it was", () => {
    assert.equal(failureReason(new ClientFault("no data")), "ClientError: no data");
    assert.match(
      failureReason(new CapacityFault()),
      /^CapacityError: Unable to provision requested ML compute capacity/,
    );
    assert.match(
      failureReason(new InternalFault()),
      /^InternalServerError: We encountered an internal error/,
    );
    assert.equal(failureReason(new TypeError("bug")), "InternalServerError: bug");
  });
});
