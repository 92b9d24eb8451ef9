import assert from "node:assert/strict";
import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import { createJob } from "../../../../components/trainingJob/run/createJob";
import { awsError, denied, throttled, validation } from "../../support/awsErrors";
import { assertSays, failureOf } from "../../support/failure";
import { TrainingWorld } from "../../support/trainingWorld";

const REQUEST = {
  TrainingJobName: "dense-0123abcd",
  RoleArn: "arn:aws:iam::111122223333:role/dense-role-abc",
  ResourceConfig: { InstanceType: "ml.g5.xlarge" },
  EnableManagedSpotTraining: true,
} as CreateTrainingJobRequest;

const NOT_YET = () => validation("Could not assume role arn:aws:iam::111122223333:role/dense-role-abc.");

async function refused(error: Error, request = REQUEST): Promise<Error> {
  const world = new TrainingWorld();
  world.aws.fail("create", error, 100);
  return failureOf(createJob(request, world.context()));
}

describe("createJob", () => {
  it("creates the job, or tells that the name is taken", async () => {
    const world = new TrainingWorld();
    assert.equal(await createJob(REQUEST, world.context()), "created");
    assert.equal(await createJob(REQUEST, world.context()), "exists");
  });

  it("waits for a role that was made a moment ago, and says so", async () => {
    const world = new TrainingWorld();
    world.aws.fail("create", NOT_YET(), 3);

    assert.equal(await createJob(REQUEST, world.context()), "created");

    assert.deepEqual(world.clock.sleeps, [5000, 5000, 5000]);
    assertSays(world.engine.rows.join("\n"), "waiting for the new role dense-role-abc");
  });

  for (const text of [
    'No S3 objects found under S3 URL "s3://data/train/". Please ensure that the role has "s3:ListBucket" permissions.',
    "User: arn:aws:sts::1:assumed-role/r/SageMaker is not authorized to perform: s3:ListBucket because no identity-based policy allows the s3:ListBucket action",
  ]) {
    it(`waits for the permissions of a role that was made a moment ago: ${text.slice(0, 40)}`, async () => {
      const world = new TrainingWorld();
      world.aws.fail("create", validation(text), 2);
      assert.equal(await createJob(REQUEST, world.context()), "created");
      assert.deepEqual(world.clock.sleeps, [5000, 5000]);
    });
  }

  it("says to look at the data, once the role's permissions must be in place", async () => {
    const world = new TrainingWorld();
    world.aws.fail("create", validation("No S3 objects found under S3 URL"), 100);
    const { message } = await failureOf(createJob(REQUEST, world.context()));
    assertSays(message, "No S3 objects found", "correct the input");
    assert.ok(!message.includes("trust policy"));
  });

  it("waits for a role no longer than a minute", async () => {
    const world = new TrainingWorld();
    world.aws.fail("create", NOT_YET(), 100);
    const before = world.clock.now();

    const { message } = await failureOf(createJob(REQUEST, world.context()));

    assert.ok(world.clock.now() - before <= 60_000);
    assertSays(message, "Could not assume role", "trust policy");
  });

  it("stops waiting for a role when it is cancelled", async () => {
    const world = new TrainingWorld();
    world.aws.fail("create", NOT_YET(), 100);
    const [error] = await Promise.all([failureOf(createJob(REQUEST, world.context())), world.cancelAfter(7)]);
    assert.equal(error.name, "CancelledError");
    assert.equal(world.aws.jobs.size, 0);
  });

  for (const [error, ...words] of [
    [validation("No S3 objects found"), "ValidationException: No S3 objects found", "correct the input"],
    [
      awsError("ResourceLimitExceeded", "limit is 0 Instances"),
      "ResourceLimitExceeded: limit is 0 Instances",
      '"ml.g5.xlarge for spot training job usage"',
    ],
    [
      denied("iam:PassRole"),
      "AccessDeniedException: not authorized",
      "iam:PassRole on arn:aws:iam::111122223333",
    ],
  ] as [Error, ...string[]][]) {
    it(`says what to do about ${error.name}, and leaves its class`, async () => {
      const { name, message } = await refused(error);
      assert.equal(name, error.name);
      assertSays(message, "SageMaker refused training job dense-0123abcd", "Next: ", ...words);
    });
  }

  it("names the quota of on-demand jobs for one", async () => {
    const { message } = await refused(awsError("ResourceLimitExceeded"), {
      ...REQUEST,
      EnableManagedSpotTraining: false,
    });
    assertSays(message, '"ml.g5.xlarge for training job usage"');
  });

  it("leaves what may pass as it is", async () => {
    assert.equal((await refused(throttled())).message, "Rate exceeded");
  });
});
