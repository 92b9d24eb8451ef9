import assert from "node:assert/strict";
import { InferenceImage, inferenceTag } from "../../components/inferenceImage";
import { failureOf } from "./support/failure";
import { runProgram, settled } from "./support/program";

const TRAINED = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
const PREBUILT = "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage";

describe("InferenceImage", () => {
  it("is AWS's image that serves, of the version that trained", async () => {
    const registryPath = TRAINED.replace("training", "inference");
    const { result, calls } = await runProgram(
      () => new InferenceImage("image", { trainingImage: TRAINED }),
      {
        lookups: { [PREBUILT]: { registryPath } },
      },
    );
    assert.equal(await settled(result.uri), registryPath);
    assert.equal(
      await settled(result.repositoryArn),
      "arn:aws:ecr:us-east-1:763104351884:repository/pytorch-inference",
    );
    assert.deepEqual(
      calls.filter(({ token }) => token === PREBUILT).map(({ inputs }) => inputs),
      [{ repositoryName: "pytorch-inference", imageTag: "2.4.0-cpu-py311" }],
    );
  });

  it("is built for the processor, and may be of another version", () => {
    assert.equal(inferenceTag({ trainingImage: TRAINED, processor: "gpu" }), "2.4.0-gpu-py311");
    assert.equal(inferenceTag({ trainingImage: TRAINED, frameworkVersion: "2.6.0" }), "2.6.0-cpu-py312");
  });

  it("is any image by its path", async () => {
    const uri = "123456789012.dkr.ecr.us-east-1.amazonaws.com/serve:1";
    const { result, calls } = await runProgram(
      () => new InferenceImage("image", { trainingImage: TRAINED, uri }),
    );
    assert.equal(await settled(result.uri), uri);
    assert.ok(!calls.some(({ token }) => token === PREBUILT));
  });

  for (const [what, trainingImage, message] of [
    [
      "a version that AWS serves with no more",
      TRAINED.replace("2.4.0", "2.8.0"),
      /PyTorch 2\.8\.0: AWS's newest image that serves is of PyTorch 2\.6\.0\. Name a version/,
    ],
    [
      "an image that does not tell its version",
      "123456789012.dkr.ecr.us-east-1.amazonaws.com/mine@sha256:0",
      /does not tell the PyTorch version/,
    ],
  ] as const) {
    it(`asks for more with ${what}`, () => {
      assert.throws(() => inferenceTag({ trainingImage }), message);
    });
  }

  it("says which image could not be looked up", async () => {
    const { message } = await failureOf(
      runProgram(() => new InferenceImage("image", { trainingImage: TRAINED })).then(({ result }) =>
        (result.uri as unknown as { promise(): Promise<string> }).promise(),
      ),
    );
    assert.match(message, /AWS's image pytorch-inference:2\.4\.0-cpu-py311 could not be looked up/);
  });
});
