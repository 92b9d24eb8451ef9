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

const DATA = "s3://data/train/";
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

  it("waits for a role that was made a moment ago, and says why on the row", async () => {
    const world = new TrainingWorld();
    world.aws.fail("create", NOT_YET(), 3);

    assert.equal(await createJob(REQUEST, world.context()), "created");

    assert.deepEqual(world.clock.sleeps, [5000, 5000, 5000]);
    assertSays(
      world.engine.rows.join("\n"),
      "waiting for role dense-role-abc to spread",
      "Could not assume role",
    );
  });

  // What terraform-provider-aws retries (training_job.go), and SageMaker's other words for a role that cannot list yet.
  const SPREADING = [
    "Could not assume role arn:aws:iam::111122223333:role/dense-role-abc.",
    "User: arn:aws:sts::1:assumed-role/r/SageMaker is not authorized to perform: s3:ListBucket because no identity-based policy allows the s3:ListBucket action",
    `No S3 objects found under S3 URL "${DATA}". Please ensure that the role has "s3:ListBucket" permissions.`,
    `Unauthorized to List objects under S3 URL: ${DATA}`,
    "Access denied to OutputDataConfig S3 bucket: bucket",
    "Access denied for repository: pytorch in registry ID: 763104351884.",
    "Access denied to hub content arn:aws:sagemaker:us-east-1:aws:hub-content/SageMakerPublicHub/Model/m/1",
  ];
  for (const text of SPREADING) {
    it(`waits for the permissions of a role that was made a moment ago: ${text.slice(0, 40)}`, async () => {
      const world = new TrainingWorld();
      world.aws.objects.set(`${DATA}a`, "etag");
      world.aws.fail("create", validation(text), 2);
      assert.equal(await createJob(REQUEST, world.context()), "created");
      assert.deepEqual(world.clock.sleeps, [5000, 5000]);
      assertSays(world.engine.rows.join("\n"), text.slice(0, 40));
    });

    it(`waits for it two minutes by the clock, however long a call takes: ${text.slice(0, 40)}`, async () => {
      const world = new TrainingWorld();
      world.aws.objects.set(`${DATA}a`, "etag");
      const began = world.clock.now();
      for (let call = 0; call < 100; call++) {
        world.aws.once("create", () => {
          world.clock.advance(7_000);
          throw validation(text);
        });
      }

      const { message } = await failureOf(createJob(REQUEST, world.context()));

      const waited = world.clock.now() - began;
      assert.ok(waited >= 115_000 && waited <= 132_000, `${waited}`);
      assertSays(message, text, "Next: ", "dense-role-abc", "Waited 2 minutes");
    });
  }

  it("says at once that there is no data, where whoever deploys sees none either", async () => {
    for (const text of [SPREADING[2], SPREADING[3]]) {
      const world = new TrainingWorld();
      world.aws.fail("create", validation(text), 100);
      const { message } = await failureOf(createJob(REQUEST, world.context()));
      assert.deepEqual(world.clock.sleeps, []);
      assertSays(message, text, "Next: ", `nothing is under ${DATA}`);
    }
  });

  it("waits where whoever deploys may not look", async () => {
    const world = new TrainingWorld();
    world.aws.fail("listObjects", denied("s3:ListBucket")).fail("create", validation(SPREADING[2]), 2);
    assert.equal(await createJob(REQUEST, world.context()), "created");
    assert.equal(world.aws.called("listObjects").length, 1);
  });

  it("stops waiting for a role when it is cancelled", async () => {
    const world = new TrainingWorld();
    world.aws.fail("create", NOT_YET(), 100);
    const [error] = await Promise.all([failureOf(createJob(REQUEST, world.context())), world.cancelAfter(7)]);
    assert.equal(error.name, "CancelledError");
    assert.equal(world.aws.jobs.size, 0);
  });

  for (const [error, ...words] of [
    [validation("1 error detected"), "ValidationException: 1 error detected", "correct the input"],
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

  it("names the one action that AWS names", async () => {
    const { message } = await refused(
      awsError(
        "AccessDeniedException",
        "User: arn:aws:iam::1:user/me is not authorized to perform: sagemaker:AddTags on resource: arn:job because no identity-based policy allows the sagemaker:AddTags action",
      ),
    );
    assertSays(message, "Next: grant arn:aws:iam::1:user/me sagemaker:AddTags on arn:job");
    assert.ok(!message.includes("PassRole"));
  });

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
