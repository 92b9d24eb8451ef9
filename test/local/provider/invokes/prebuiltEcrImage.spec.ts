import assert from "node:assert/strict";
import {
  deepLearningAccount,
  getPrebuiltEcrImage,
} from "../../../../local/provider/invokes/prebuiltEcrImage.ts";
import { fakeAws } from "../support/fakeAws.ts";

const find = (args: Record<string, unknown>, region?: string) =>
  getPrebuiltEcrImage.invoke(fakeAws({}, region), { repositoryName: "pytorch-training", ...args });

describe("getPrebuiltEcrImage", () => {
  it("gives the path of the image in the provider's region", async () => {
    assert.deepEqual(await find({ imageTag: "2.4.0-gpu-py311" }), {
      id: "763104351884",
      registryId: "763104351884",
      repositoryName: "pytorch-training",
      imageTag: "2.4.0-gpu-py311",
      region: "us-east-1",
      dnsSuffix: undefined,
      registryPath: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311",
    });
  });

  it("knows the accounts and domains of other regions and partitions", async () => {
    const path = async (region: string) => (await find({ region })).registryPath;
    assert.equal(
      await path("eu-south-1"),
      "692866216735.dkr.ecr.eu-south-1.amazonaws.com/pytorch-training:1",
    );
    assert.equal(
      await path("cn-north-1"),
      "727897471807.dkr.ecr.cn-north-1.amazonaws.com.cn/pytorch-training:1",
    );
    assert.equal(
      await path("us-gov-west-1"),
      "442386744353.dkr.ecr.us-gov-west-1.amazonaws.com/pytorch-training:1",
    );
  });

  it("takes a region and a domain from the arguments first", async () => {
    const { registryPath } = await find({ region: "eu-west-1", dnsSuffix: "example.com" }, "cn-north-1");
    assert.equal(registryPath, "763104351884.dkr.ecr.eu-west-1.example.com/pytorch-training:1");
  });

  it("has twelve-digit accounts only", () => {
    for (const region of ["us-east-1", "af-south-1", "il-central-1", "mx-central-1", "us-isob-east-1"]) {
      assert.match(String(deepLearningAccount(region)), /^\d{12}$/);
    }
  });

  it("refuses a region without images, and other repositories", async () => {
    await assert.rejects(
      find({ region: "eu-nowhere-1" }),
      /region \(eu-nowhere-1\).*AWS publishes .* us-west-2/,
    );
    await assert.rejects(
      find({ repositoryName: "xgboost" }),
      /only knows the deep learning containers.*"xgboost"/,
    );
    await assert.rejects(find({ repositoryName: undefined }), /"repositoryName" is required/);
  });
});
