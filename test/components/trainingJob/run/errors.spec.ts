import assert from "node:assert/strict";
import { ObjectDeniedError } from "../../../../components/trainingJob/aws/denied";
import {
  CancelledError,
  explainDenied,
  explainFailure,
  explainHiddenArtifact,
  unlessCancelled,
} from "../../../../components/trainingJob/run/errors";
import type { TrainingJobFacts } from "../../../../components/trainingJob/state/facts";
import { awsError } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";

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
      explainFailure(failed({ failureReason: "AlgorithmError: ValueError" }), { lines: ["one", "two"] }),
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
    assert.ok(!explainFailure(failed(), { lines: [] }).includes("Last lines"));
  });

  it("cuts long lines", () => {
    const text = explainFailure(failed(), { lines: ["x".repeat(10_000)] });
    assert.ok(text.length < 1000);
    assert.match(text, /x…$/m);
  });

  it("takes the last attempt's reason where SageMaker gives none for the job", () => {
    const attempts = [{ reason: "no" }, { reason: "Stopped by the user" }] as TrainingJobFacts["attempts"];
    assert.match(explainFailure(failed({ attempts }), { lines: [] }), /^SageMaker: Stopped by the user$/m);
    assert.match(explainFailure(failed(), { lines: [] }), /^SageMaker: no reason given$/m);
  });

  it("says how it ended where that is more than its status", () => {
    const facts = failed({ status: "Stopped", secondaryStatus: "MaxRuntimeExceeded" });
    assert.match(
      explainFailure(facts, { lines: [] }),
      /^Training job dense-0123abcd ended Stopped \(MaxRuntimeExceeded\) /,
    );
  });

  const failureReason =
    'AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "ValueError: no such class"\nCommand "python train.py --lr 1", exit code: 1';

  it("says the error of a script once: in the lines, or else in the reason", () => {
    const without = "SageMaker: AlgorithmError: ExecuteUserScriptError, exit code 1";
    for (const [lines, reason] of [
      [["ValueError: no such class"], without],
      [["ValueError", ":", "no such class"], without],
      [["something else"], `${without}: ValueError: no such class`],
      [[], `${without}: ValueError: no such class`],
    ] as [string[], string][]) {
      assert.equal(explainFailure(failed({ failureReason }), { lines }).split("\n")[1], reason);
    }
  });

  it("repeats no lines that are on the display", () => {
    assert.deepEqual(
      explainFailure(failed({ failureReason }), { lines: ["ValueError: no such class"], areShown: true })
        .split("\n")
        .slice(1, 3),
      [
        "SageMaker: AlgorithmError: ExecuteUserScriptError, exit code 1: ValueError: no such class",
        "Log: https://logs (its last lines are above)",
      ],
    );
  });
});

describe("explainDenied", () => {
  const START = "User: arn:me is not authorized to perform: sagemaker:AddTags on resource: arn:job";

  it("says what failed, on which job, what AWS said and what to grant", () => {
    assert.equal(
      explainDenied("sagemaker:AddTags", "dense-0123abcd", awsError("AccessDeniedException", START)),
      `AWS denies sagemaker:AddTags on training job dense-0123abcd: ${START}\nNext: grant arn:me sagemaker:AddTags on arn:job, then \`pulumi up\`.`,
    );
  });

  it("names the action itself where AWS does not", () => {
    const text = explainDenied(
      "sagemaker:AddTags",
      "dense-0123abcd",
      awsError("AccessDeniedException", "no"),
    );
    assert.match(text, /^Next: grant your identity sagemaker:AddTags, then `pulumi up`\.$/m);
  });
});

describe("explainHiddenArtifact", () => {
  it("says that the model is there and paid for, and which permissions show it", () => {
    const denied = new ObjectDeniedError(
      "s3://bucket/dense/output/model.tar.gz",
      awsError("403", "UnknownError", 403),
    );
    const text = explainHiddenArtifact("dense-0123abcd", denied);
    assertSays(
      text,
      "Training job dense-0123abcd is Completed and paid for",
      "s3://bucket/dense/output/model.tar.gz",
      "s3:GetObject",
      "s3:ListBucket",
      "kms:Decrypt",
      "`pulumi up`",
      "nothing is trained again",
    );
  });
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
