import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { repositoryArn, TrainingImage, type TrainingImageArgs } from "../../components/trainingImage";
import { failureOf } from "./support/failure";
import { runProgram, settled } from "./support/program";

const AWS_IMAGE = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
const PREBUILT = "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage";

const image = (args?: TrainingImageArgs) =>
  runProgram(() => new TrainingImage("image", args), {
    lookups: {
      [PREBUILT]: { registryPath: AWS_IMAGE },
      "aws:ecr/getRepository:getRepository": {
        repositoryUrl: "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/trainer",
      },
      "aws:ecr/getImage:getImage": { imageDigest: "sha256:0123" },
    },
  });

const lookups = async (args?: TrainingImageArgs) =>
  (await image(args)).calls.filter(({ token }) => token !== "aws:index/getPartition:getPartition");

describe("TrainingImage", () => {
  it("is AWS's image for PyTorch 2.4.0 on GPU", async () => {
    const { result } = await image();
    assert.equal(await settled(result.uri), AWS_IMAGE);
    assert.equal(
      await settled(result.repositoryArn),
      "arn:aws:ecr:us-east-1:763104351884:repository/pytorch-training",
    );
    assert.deepEqual(await lookups(), [
      { token: PREBUILT, inputs: { repositoryName: "pytorch-training", imageTag: "2.4.0-gpu-py311" } },
    ]);
  });

  it("is AWS's image for another version and processor, with the Python that AWS publishes for it", async () => {
    const tag = async (args: TrainingImageArgs) => (await lookups(args))[0].inputs.imageTag;
    assert.equal(await tag({ frameworkVersion: "2.6.0", processor: "cpu" }), "2.6.0-cpu-py312");
    assert.equal(await tag({ frameworkVersion: "2.5.1", pythonVersion: "py311" }), "2.5.1-gpu-py311");
    assert.equal(await tag({ frameworkVersion: "9.0.0", pythonVersion: "py399" }), "9.0.0-gpu-py399");
  });

  it("is any image in ECR by its path", async () => {
    const uri = "111122223333.dkr.ecr.mx-central-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311";
    const { result } = await image({ uri });
    assert.equal(await settled(result.uri), uri);
    assert.equal(
      await settled(result.repositoryArn),
      "arn:aws:ecr:mx-central-1:111122223333:repository/pytorch-training",
    );
    assert.deepEqual(await lookups({ uri }), []);
  });

  it("is an image of an own repository, pinned to the digest that its tag names", async () => {
    const { result, calls } = await image({ repository: "team/trainer", tag: "v7" });
    assert.equal(
      await settled(result.uri),
      "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/trainer@sha256:0123",
    );
    assert.equal(
      await settled(result.repositoryArn),
      "arn:aws:ecr:us-east-1:111122223333:repository/team/trainer",
    );
    assert.deepEqual(calls.find(({ token }) => token === "aws:ecr/getImage:getImage")?.inputs, {
      repositoryName: "team/trainer",
      imageTag: "v7",
    });
  });

  it("asks which image of an own repository it should be", async () => {
    const { message } = await failureOf(image({ repository: "team/trainer" }));
    assert.match(message, /repository team\/trainer needs a tag \(imageTag/);
  });

  for (const [what, args] of Object.entries<TrainingImageArgs>({
    "frameworkVersion has no effect beside repository": {
      frameworkVersion: "2.4.0",
      repository: "a",
      tag: "b",
    },
    "pythonVersion has no effect beside uri": { pythonVersion: "py311", uri: AWS_IMAGE },
    "repository has no effect beside uri": { repository: "a", tag: "b", uri: AWS_IMAGE },
    "tag b has no effect without repository": { tag: "b" },
    "pythonVersion: the image of PyTorch 2.6.0 has py312, not py311": {
      frameworkVersion: "2.6.0",
      pythonVersion: "py311",
    },
  })) {
    it(`is refused: ${what}`, async () => {
      const failure = await failureOf(image(args));
      assert.ok(pulumi.RunError.isInstance(failure), "shown without a stack trace");
      assert.ok(failure.message.startsWith(what), failure.message);
    });
  }
});

describe("repositoryArn", () => {
  for (const [uri, partition, arn] of [
    [AWS_IMAGE, "aws", "arn:aws:ecr:us-east-1:763104351884:repository/pytorch-training"],
    [
      "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training:2.4.0-gpu-py311",
      "aws-cn",
      "arn:aws-cn:ecr:cn-north-1:727897471807:repository/pytorch-training",
    ],
    ["1.dkr.ecr.eu-west-1.amazonaws.com/a/b/c@sha256:0", "aws", "arn:aws:ecr:eu-west-1:1:repository/a/b/c"],
    ["1.dkr.ecr.eu-west-1.amazonaws.com/untagged", "aws", "arn:aws:ecr:eu-west-1:1:repository/untagged"],
  ]) {
    it(`reads ${uri}`, () => assert.equal(repositoryArn(uri, partition), arn));
  }

  for (const uri of ["pytorch:latest", "docker.io/library/python:3.11", "public.ecr.aws/x/y:1"]) {
    it(`refuses ${uri}, which is not in ECR`, () => {
      assert.throws(() => repositoryArn(uri, "aws"), /is not an image in ECR/);
    });
  }
});
