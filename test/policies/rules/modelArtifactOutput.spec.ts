import assert from "node:assert/strict";
import { modelArtifactOutput } from "../../../policies/rules/modelArtifactOutput";
import { tuningType } from "../../../policies/training/adapter";
import { examineStack } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, jobKinds, kinds, unknown } from "../support/jobs";
import { ways } from "../support/ways";

const artifact = "s3://artifacts/mednist/output/model.tar.gz";
const folder = "s3://artifacts/mednist/mednist-1/output/model/";
const uncompressed = { "outputDataConfig.compressionType": "NONE" };

describe("model-artifact-output", () => {
  forEvery(kinds, ({ job }) => {
    it("passes a stack that exports the artifact", () => {
      assertPasses(examineStack(modelArtifactOutput, [job()], { modelArtifact: artifact }));
    });

    it("takes the name in the spelling of any language, and for several", () => {
      for (const name of [
        "model_artifact",
        "model-artifact",
        "ModelArtifact",
        "modelArtifacts",
        "model_artifacts",
      ]) {
        assertPasses(examineStack(modelArtifactOutput, [job()], { [name]: [artifact] }));
      }
      assertRefuses(examineStack(modelArtifactOutput, [job()], { model: artifact }), "(its outputs: model)");
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

    it("refuses a value that is not the URI of an artifact, and says what it is without showing it", () => {
      for (const [value, kind] of [
        ["", "empty"],
        ["s3://other/mednist", "the S3 URI of something else"],
        ["https://artifacts/model.tar.gz", "a text that is no S3 URI"],
        ["plainsecret7-not-an-uri", "a text that is no S3 URI"],
        [7, "a number"],
        [null, "empty"],
      ] as const) {
        const verdict = examineStack(modelArtifactOutput, [job()], { modelArtifact: value });
        assertRefuses(
          verdict,
          `the stack output "modelArtifact" is ${kind}; it must be the S3 URI of a model artifact`,
        );
        if (value) assert.ok(!verdict.violations.join().includes(String(value)));
      }
    });

    it("looks at every artifact of a map or list", () => {
      assertPasses(
        examineStack(modelArtifactOutput, [job()], { modelArtifact: { a: artifact, b: [artifact] } }),
      );
      assertRefuses(
        examineStack(modelArtifactOutput, [job()], { modelArtifact: { a: artifact, b: "" } }),
        '"modelArtifact.b" is empty',
      );
      assertRefuses(
        examineStack(modelArtifactOutput, [job()], { modelArtifact: [] }),
        '"modelArtifact" is an empty list',
      );
    });

    it("takes the folder of a job that does not compress its artifact, and of no other", () => {
      assertPasses(examineStack(modelArtifactOutput, [job(uncompressed)], { modelArtifact: folder }));
      assertRefuses(
        examineStack(modelArtifactOutput, [job({ "outputDataConfig.s3OutputPath": "s3://x/y" })], {
          modelArtifact: folder,
        }),
        "something else",
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
      const unknownPath = job({ outputDataConfig: unknown.object });
      assertPasses(examineStack(modelArtifactOutput, [unknownPath], { modelArtifact: artifact }));
    });
  });

  it("takes what a job itself reports as its artifact", () => {
    const [job] = jobKinds;
    const own = "s3://artifacts/mednist/of-a-later-version";
    const done = job?.job({ modelArtifact: own }) as never;
    assertPasses(examineStack(modelArtifactOutput, [done], { modelArtifact: own }));
  });

  it("takes the place where a tuning job leaves the artifacts of its jobs, as it reports none", () => {
    const tuning = kinds.find(({ type }) => type === tuningType);
    for (const value of [
      "s3://artifacts/mednist",
      "s3://artifacts/mednist/",
      "s3://artifacts/mednist/best",
    ]) {
      assertPasses(examineStack(modelArtifactOutput, [tuning?.job() as never], { modelArtifact: value }));
    }
    assertRefuses(
      examineStack(modelArtifactOutput, [tuning?.job() as never], {
        modelArtifact: "s3://artifacts/mednist2",
      }),
      "something else",
    );
  });

  it("asks the same of a job in a template or another provider, and nothing of one that is started later", () => {
    for (const { job, later } of ways) {
      const verdict = examineStack(modelArtifactOutput, [job()]);
      if (later) assertPasses(verdict);
      else assertRefuses(verdict, 'no output "modelArtifact"');
    }
  });

  it("asks nothing of a stack that does not train", () => {
    const template = { templateBody: JSON.stringify({ Resources: { Net: { Type: "AWS::EC2::VPC" } } }) };
    assertPasses(
      examineStack(modelArtifactOutput, [
        { type: "aws:s3/bucket:Bucket", name: "data", props: {} },
        { type: "aws:cloudformation/stack:Stack", name: "network", props: template },
        { type: "aws:cloudformation/stack:Stack", name: "later", props: { templateBody: unknown.text } },
      ]),
    );
  });
});
