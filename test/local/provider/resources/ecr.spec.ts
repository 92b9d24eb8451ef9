import assert from "node:assert/strict";
import { lifecyclePolicy } from "../../../../local/provider/resources/ecr/lifecyclePolicy.ts";
import { repository } from "../../../../local/provider/resources/ecr/repository.ts";
import { awsError, fakeAws, inputsOf } from "../support/fakeAws.ts";

const found = {
  repositoryName: "r",
  repositoryArn: "arn:r",
  registryId: "1",
  repositoryUri: "1.dkr.ecr.us-east-1.amazonaws.com/r",
  imageTagMutability: "IMMUTABLE",
};

describe("aws.ecr.Repository", () => {
  it("reports what the program needs, with the defaults that ECR leaves out", async () => {
    const aws = fakeAws({ "ecr.describeRepositories": { repositories: [found] } });
    assert.deepEqual(await repository.read(aws, "r", {}), {
      name: "r",
      arn: "arn:r",
      registryId: "1",
      repositoryUrl: "1.dkr.ecr.us-east-1.amazonaws.com/r",
      imageTagMutability: "IMMUTABLE",
      encryptionConfigurations: [{ encryptionType: "AES256", kmsKey: "" }],
      imageScanningConfiguration: { scanOnPush: false },
      tags: {},
    });
  });

  it("deletes images with it only when told to", async () => {
    const aws = fakeAws();
    await repository.delete(aws, "r", {});
    await repository.delete(aws, "r", { forceDelete: true });
    assert.deepEqual(
      inputsOf(aws, "ecr.deleteRepository").map((input) => input.force),
      [false, true],
    );
  });

  it("changes in place what ECR can change", async () => {
    const aws = fakeAws({ "ecr.describeRepositories": { repositories: [found] } });
    const olds = {
      imageTagMutability: "MUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      tags: { a: "1" },
    };
    const news = { imageTagMutability: "IMMUTABLE", tags: { b: "2" } };
    await repository.update?.(aws, "r", { olds, news, changed: () => true });
    assert.equal(inputsOf(aws, "ecr.putImageTagMutability")[0].imageTagMutability, "IMMUTABLE");
    assert.deepEqual(inputsOf(aws, "ecr.putImageScanningConfiguration")[0].imageScanningConfiguration, {
      scanOnPush: false,
    });
    assert.deepEqual(inputsOf(aws, "ecr.untagResource"), [{ resourceArn: "arn:r", tagKeys: ["a"] }]);
    assert.deepEqual(inputsOf(aws, "ecr.tagResource")[0].tags, [{ Key: "b", Value: "2" }]);
  });
});

describe("aws.ecr.LifecyclePolicy", () => {
  it("belongs to a repository, and is gone with it", async () => {
    const aws = fakeAws({
      "ecr.getLifecyclePolicy": awsError("RepositoryNotFoundException"),
      "ecr.deleteLifecyclePolicy": awsError("LifecyclePolicyNotFoundException"),
    });
    assert.equal(await lifecyclePolicy.create(aws, { repository: "r", policy: "{}" }), "r");
    assert.equal(await lifecyclePolicy.read(aws, "r", {}), undefined);
    await lifecyclePolicy.delete(aws, "r", {});
  });
});
