import assert from "node:assert/strict";
import { getBucket, getImage, getRepository } from "../../../../local/provider/invokes/lookups.ts";
import { awsError, fakeAws, inputsOf } from "../support/fakeAws.ts";

const repository = {
  repositoryName: "r",
  repositoryArn: "arn:r",
  registryId: "1",
  repositoryUri: "1.dkr.ecr.us-east-1.amazonaws.com/r",
  imageTagMutability: "MUTABLE",
};
const image = (digest: string, seconds: number) => ({
  imageDigest: digest,
  imageTags: [digest],
  imageSizeInBytes: 5,
  imagePushedAt: new Date(seconds * 1000),
  registryId: "1",
});
const ecr = {
  "ecr.describeRepositories": { repositories: [repository] },
  "ecr.describeImages": { imageDetails: [image("sha256:old", 1), image("sha256:new", 2)] },
};

describe("functions that look something up", () => {
  it("find a bucket", async () => {
    const result = await getBucket.invoke(fakeAws({}, "eu-west-1"), { bucket: "b" });
    assert.equal(result.arn, "arn:aws:s3:::b");
    assert.equal(result.bucketRegionalDomainName, "b.s3.eu-west-1.amazonaws.com");
  });

  it("find a repository and its newest image", async () => {
    const result = await getRepository.invoke(fakeAws(ecr), { name: "r" });
    assert.equal(result.repositoryUrl, repository.repositoryUri);
    assert.deepEqual(result.mostRecentImageTags, ["sha256:new"]);
  });

  it("find an image by tag, pinned to its digest", async () => {
    const aws = fakeAws({ ...ecr, "ecr.describeImages": { imageDetails: [image("sha256:a", 7)] } });
    const result = await getImage.invoke(aws, { repositoryName: "r", imageTag: "v1" });
    assert.equal(result.imageUri, "1.dkr.ecr.us-east-1.amazonaws.com/r@sha256:a");
    assert.equal(result.imagePushedAt, 7);
    assert.deepEqual(inputsOf(aws, "ecr.describeImages")[0].imageIds, [
      { imageTag: "v1", imageDigest: undefined },
    ]);
  });

  it("say what is missing", async () => {
    const gone = fakeAws({
      "s3.headBucket": awsError("NotFound"),
      "ecr.describeRepositories": awsError("RepositoryNotFoundException"),
    });
    await assert.rejects(getBucket.invoke(gone, { bucket: "b" }), /no bucket "b"/);
    await assert.rejects(getRepository.invoke(gone, { name: "r" }), /no ECR repository "r"/);
    const empty = fakeAws({ ...ecr, "ecr.describeImages": awsError("ImageNotFoundException") });
    await assert.rejects(
      getImage.invoke(empty, { repositoryName: "r", imageTag: "v" }),
      /"r" has no image "v": push it/,
    );
    await assert.rejects(getImage.invoke(empty, { repositoryName: "r" }), /which image of "r"\?/);
  });
});
