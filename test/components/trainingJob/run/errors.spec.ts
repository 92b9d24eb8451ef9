import assert from "node:assert/strict";
import {
  CancelledError,
  explainFailure,
  isCapacityError,
  unlessCancelled,
} from "../../../../components/trainingJob/run/errors";
import type { TrainingJobFacts } from "../../../../components/trainingJob/state/facts";
import { failureOf } from "../../support/failure";

const failed = (more: Partial<TrainingJobFacts> = {}): TrainingJobFacts =>
  ({
    trainingJobName: "dense-0123abcd",
    status: "Failed",
    secondaryStatus: "Failed",
    attempts: [],
    logUrl: "https://logs",
    ...more,
  }) as TrainingJobFacts;

describe("explainFailure", () => {
  it("says what failed, what SageMaker said, where to look and what to do", () => {
    assert.equal(
      explainFailure(failed({ failureReason: "AlgorithmError: ValueError" }), ["one", "two"]),
      [
        "Training job dense-0123abcd ended Failed without a model artifact.",
        "SageMaker: AlgorithmError: ValueError",
        "Last lines of its log:",
        "  one",
        "  two",
        "Log: https://logs",
        "Next: mend the training script, then `pulumi up`: this job is in the state and will be replaced.",
      ].join("\n"),
    );
  });

  it("leaves out the log where there is none", () => {
    assert.ok(!explainFailure(failed(), []).includes("Last lines"));
  });

  it("cuts long lines", () => {
    const text = explainFailure(failed(), ["x".repeat(10_000)]);
    assert.ok(text.length < 1000);
    assert.match(text, /x…$/m);
  });

  it("takes the last attempt's reason where SageMaker gives none for the job", () => {
    const attempts = [{ reason: "no" }, { reason: "Stopped by the user" }] as TrainingJobFacts["attempts"];
    assert.match(explainFailure(failed({ attempts }), []), /^SageMaker: Stopped by the user$/m);
    assert.match(explainFailure(failed(), []), /^SageMaker: no reason given$/m);
  });

  for (const [facts, outcome, next] of [
    [{ status: "Stopped", secondaryStatus: "Stopped" }, "Stopped", "stopped from outside"],
    [
      { status: "Stopped", secondaryStatus: "MaxRuntimeExceeded" },
      "Stopped (MaxRuntimeExceeded)",
      "raise maxRun",
    ],
    [
      { status: "Stopped", secondaryStatus: "MaxWaitTimeExceeded" },
      "Stopped (MaxWaitTimeExceeded)",
      "set fallback to on-demand",
    ],
    [{ failureReason: "CapacityError: no machines" }, "Failed", "choose another instance type or region"],
    [{ failureReason: "ClientError: Data download failed" }, "Failed", "mend the input that SageMaker names"],
    [{ failureReason: "InternalServerError: We encountered an error" }, "Failed", "the fault is SageMaker's"],
    [{ failureReason: "AlgorithmError: it broke" }, "Failed", "mend the training script"],
  ] as [Partial<TrainingJobFacts>, string, string][]) {
    it(`tells what to do after ${facts.failureReason ?? outcome}`, () => {
      const lines = explainFailure(failed(facts), []).split("\n");
      assert.equal(lines[0], `Training job dense-0123abcd ended ${outcome} without a model artifact.`);
      assert.ok(lines.at(-1)?.startsWith("Next: ") && lines.at(-1)?.includes(next), lines.at(-1));
      assert.ok(lines.at(-1)?.includes("`pulumi up`"));
    });
  }
});

describe("isCapacityError", () => {
  for (const [reason, expected] of [
    ["CapacityError: Unable to provision requested ML compute capacity.", true],
    ["capacityError: please retry", true],
    ["AlgorithmError: CapacityError in my script", false],
    [undefined, false],
  ] as const) {
    it(`${expected ? "is" : "is not"} ${reason}`, () => assert.equal(isCapacityError(reason), expected));
  }
});

describe("unlessCancelled", () => {
  it("gives the work's result or failure", async () => {
    const { signal } = new AbortController();
    assert.equal(await unlessCancelled(Promise.resolve(1), signal), 1);
    assert.equal((await failureOf(unlessCancelled(Promise.reject(new Error("no")), signal))).message, "no");
  });

  it("does not wait for work that hangs, once cancelled", async () => {
    const operation = new AbortController();
    const result = failureOf(unlessCancelled(new Promise(() => {}), operation.signal));
    operation.abort(new CancelledError());
    assert.ok((await result) instanceof CancelledError);
    assert.ok(
      (await failureOf(unlessCancelled(new Promise(() => {}), operation.signal))) instanceof CancelledError,
    );
  });
});
