import { trainingCompleted } from "../../../policies/rules/trainingCompleted";
import { dynamicType, nativeType, tuningType } from "../../../policies/training/adapter";
import { examineStack } from "../support/examine";
import { assertNotApplicable, assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { unknown } from "../support/jobs";
import { ways } from "../support/ways";

const artifact = "s3://artifacts/mednist/output/model.tar.gz";
const examine = (type: string, props: object) =>
  examineStack(trainingCompleted, [{ type, name: "mednist", props: { ...props } }]);

describe("training-completed", () => {
  it("passes a completed job with an artifact", () => {
    assertPasses(examine(dynamicType, { status: "Completed", modelArtifact: artifact }));
  });

  it("refuses any other end, and gives the reason", () => {
    for (const status of ["Failed", "Stopped", "InProgress"]) {
      assertRefuses(
        examine(dynamicType, {
          status,
          failureReason: "AlgorithmError: exit code 1",
          modelArtifact: artifact,
        }),
        `"mednist" is ${status} (AlgorithmError: exit code 1)`,
        "it must be Completed",
      );
    }
  });

  it("refuses a completed job without an artifact", () => {
    assertRefuses(examine(dynamicType, { status: "Completed" }), "left no model artifact", "SM_MODEL_DIR");
  });

  it("has nothing to say of a job that is not part of the update", () => {
    for (const type of [nativeType, tuningType, dynamicType]) assertPasses(examine(type, {}));
  });

  it("refuses a resource that does not tell how its job ended, at preview and whatever it reports later", () => {
    for (const [type, name] of [
      [nativeType, "aws.sagemaker.TrainingJob"],
      [tuningType, "aws.sagemaker.HyperParameterTuningJob"],
    ] as const) {
      for (const props of [
        { roleArn: "r" },
        { status: unknown.text },
        { status: "InProgress" },
        { status: "Completed" },
      ]) {
        assertRefuses(
          examine(type, props),
          "does not tell how its training ended",
          name,
          "waits for the job",
        );
      }
    }
    for (const { job, later } of ways) {
      const verdict = examineStack(trainingCompleted, [job()]);
      if (later) assertPasses(verdict);
      else assertRefuses(verdict, "does not tell how its training ended");
    }
  });

  it("does not apply before the job has run", () => {
    assertNotApplicable(examine(dynamicType, { roleArn: "r" }), "mednist not run yet");
  });

  it("says that it could not look at a value which is not known yet", () => {
    assertUnseen(examine(dynamicType, { status: unknown.text }), "status");
  });
});
