import { modelArtifactOutput } from "../../../policies/rules/modelArtifactOutput";
import { examineStack } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

const artifact = "s3://artifacts/mednist/output/model.tar.gz";

describe("model-artifact-output", () => {
  forEvery(kinds, ({ job }) => {
    it("passes a stack that exports the artifact", () => {
      assertPasses(examineStack(modelArtifactOutput, [job()], { modelArtifact: artifact }));
    });

    it("refuses a stack without the output, and names those it has", () => {
      assertRefuses(
        examineStack(modelArtifactOutput, [job()], { trainingJobName: "mednist-1" }),
        'the stack has no output "modelArtifact" (its outputs: trainingJobName)',
        "a stack that trains must have it",
        'Export the S3 URI of the model artifact as "modelArtifact"',
      );
      assertRefuses(examineStack(modelArtifactOutput, [job()]), "(its outputs: none)");
    });

    it("refuses a value that is not the URI of an artifact", () => {
      for (const value of ["", "s3://artifacts/mednist", "https://artifacts/model.tar.gz", 7, null]) {
        assertRefuses(
          examineStack(modelArtifactOutput, [job()], { modelArtifact: value }),
          `the stack output "modelArtifact" is ${JSON.stringify(value)}`,
          "must be the S3 URI of a model.tar.gz",
        );
      }
    });

    it("looks at every artifact of a map or list", () => {
      assertPasses(
        examineStack(modelArtifactOutput, [job()], { modelArtifact: { a: artifact, b: [artifact] } }),
      );
      assertRefuses(
        examineStack(modelArtifactOutput, [job()], { modelArtifact: { a: artifact, b: "" } }),
        '"modelArtifact.b" is ""',
      );
      assertRefuses(
        examineStack(modelArtifactOutput, [job()], { modelArtifact: [] }),
        '"modelArtifact" is []',
      );
    });

    it("asks for the configured name", () => {
      const config = { outputName: "model" };
      assertPasses(examineStack(modelArtifactOutput, [job()], { model: artifact }, config));
      assertRefuses(
        examineStack(modelArtifactOutput, [job()], { modelArtifact: artifact }, config),
        '"model"',
      );
    });

    it("sees the name at preview, and says that the value comes later", () => {
      const outputs = { modelArtifact: unknown.text, other: unknown.text };
      assertUnseen(examineStack(modelArtifactOutput, [job()], outputs), "modelArtifact");
    });
  });

  it("asks nothing of a stack that does not train", () => {
    assertPasses(
      examineStack(modelArtifactOutput, [{ type: "aws:s3/bucket:Bucket", name: "data", props: {} }]),
    );
  });
});
