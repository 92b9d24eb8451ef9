import assert from "node:assert/strict";
import { CancelledError, TrainingError } from "../../../../components/trainingJob/run/errors";
import { asResult } from "../../../../components/trainingJob/run/result";
import { factsOf, type TrainingJobFacts } from "../../../../components/trainingJob/state/facts";
import { awsError, throttled } from "../../support/awsErrors";
import { fails } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const REFUSED = awsError("ResourceLimitExceeded", "the account-level service limit is 0 Instances");

function world(onFailure?: string) {
  const made = new TrainingWorld(onFailure === undefined ? {} : { onFailure });
  const job = made.aws.existing(made.name, fails("AlgorithmError: no"), made.claimedTags, 60);
  const facts = { ...factsOf(made.inputs, "us-east-1", job.describe()), modelArtifact: null };
  /** What is known of a job that was asked for, and of which AWS has said nothing. */
  const asked = factsOf(made.inputs, "us-east-1", {
    TrainingJobName: made.name,
    TrainingJobStatus: "InProgress",
  } as Parameters<typeof factsOf>[2]);
  const result = (error: Error, known?: TrainingJobFacts) =>
    asResult(error, made.inputs, known, made.progress());
  return { made, facts, asked, result };
}

describe("asResult", () => {
  for (const how of [undefined, "fail"]) {
    it(`throws what ended the training, with onFailure ${how}`, () => {
      const { facts, result } = world(how);
      const error = new TrainingError("it failed", facts);
      assert.throws(() => result(error, facts), error);
    });
  }

  for (const how of ["retry", "record"]) {
    describe(`with onFailure ${how}`, () => {
      it("tells of a job that failed, and warns of it on its row", () => {
        const { made, facts, result } = world(how);
        assert.deepEqual(result(new TrainingError("it failed", facts), facts), facts);
        assert.deepEqual(made.engine.messages("warning"), ["it failed"]);
      });

      it("tells why a job that completed has no model to hand on", () => {
        const { facts, result } = world(how);
        const hidden = { ...facts, status: "Completed", failureReason: null };
        const found = result(new TrainingError("S3 does not show its model", hidden), hidden);
        assert.deepEqual([found.status, found.failureReason], ["Completed", "S3 does not show its model"]);
      });

      it("tells of a job that AWS refused to start", () => {
        const { asked, result } = world(how);
        const found = result(REFUSED, asked);
        assert.equal(found.status, "Failed");
        assert.match(String(found.failureReason), /service limit is 0/);
        assert.equal(found.modelArtifact, null);
        assert.equal(found.attempts.at(-1)?.status, "Failed");
        assert.match(String(found.attempts.at(-1)?.reason), /service limit is 0/);
      });

      it("throws where it is no end, or where nothing is known", () => {
        const { asked, facts, result } = world(how);
        const running = { ...asked, trainingJobArn: "arn:aws:sagemaker:us-east-1:1:training-job/a" };
        for (const [error, known] of [
          [new CancelledError(), asked],
          [throttled(), asked],
          [REFUSED, running],
          [REFUSED, undefined],
          [new TrainingError("there is no job to adopt"), undefined],
          [new TrainingError("it runs", { ...facts, status: "InProgress" }), facts],
        ] as const) {
          assert.throws(() => result(error, known), error);
        }
      });
    });
  }
});
