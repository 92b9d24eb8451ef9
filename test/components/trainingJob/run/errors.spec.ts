import assert from "node:assert/strict";
import { ObjectDeniedError } from "../../../../components/trainingJob/aws/denied";
import {
  CancelledError,
  explainDenied,
  explainFailure,
  explainHiddenArtifact,
  isCapacityError,
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
    [{ failureReason: "AlgorithmError: , exit code: 137" }, "Failed", "memory"],
    [{ failureReason: "AlgorithmError: ExecuteUserScriptError:\nExitCode -9" }, "Failed", "memory"],
    [{ failureReason: 'AlgorithmError: ErrorMessage "torch.OutOfMemoryError: CUDA"' }, "Failed", "memory"],
    [
      { failureReason: "AlgorithmError: InstallRequirementsError:\nExitCode 1" },
      "Failed",
      "requirements.txt",
    ],
    [
      {
        failureReason:
          "AlgorithmError: botocore: User: arn:role is not authorized to perform: s3:GetObject on resource: arn:object because no identity-based policy allows the s3:GetObject action",
      },
      "Failed",
      "grant arn:role s3:GetObject on arn:object",
    ],
    [{ failureReason: "ClientError: Data download failed:Access denied" }, "Failed", "execution role"],
    [{ failureReason: "ClientError: Please use an instance type with more memory" }, "Failed", "memory"],
    [{ failureReason: "ResourceLimitExceeded: the account-level service limit" }, "Failed", "Service Quotas"],
    [{ failureReason: "AlgorithmError: ValueError: exit code 1370" }, "Failed", "mend the training script"],
  ] as [Partial<TrainingJobFacts>, string, string][]) {
    it(`tells what to do after ${facts.failureReason ?? outcome}`, () => {
      const lines = explainFailure(failed(facts), []).split("\n");
      assert.equal(lines[0], `Training job dense-0123abcd ended ${outcome} without a model artifact.`);
      assert.ok(lines.at(-1)?.startsWith("Next: ") && lines.at(-1)?.includes(next), lines.at(-1));
      assert.ok(lines.at(-1)?.includes("`pulumi up`"));
    });
  }
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
