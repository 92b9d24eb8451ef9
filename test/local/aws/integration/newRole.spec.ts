import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { awsApi, awsClients } from "../../../../components/trainingJob/aws/sdk.ts";
import { createJob } from "../../../../components/trainingJob/run/createJob.ts";
import { spreadingMessages } from "../../../../local/aws/faults/schema.ts";
import { bucket, request, TestAws } from "./testAws.ts";

/** Twenty times as fast as time, for the program; the local AWS keeps the real one. */
const FAST = 20;
const clock = {
  now: () => Date.now() * FAST,
  sleep: async (ms: number) => {
    await delay(ms / FAST);
  },
};

describe("a new role on the local AWS", function () {
  this.timeout(120_000);
  let aws: TestAws;
  before(async () => {
    aws = await TestAws.start();
    await aws.put("data/a.txt", "a");
  });
  after(() => aws.remove());

  const create = (name: string, role: string, prefix: string, notes: string[]) => {
    const { endpoint, credentials } = aws.running;
    const config = { endpoint, region: "us-east-1", credentials, maxAttempts: 1 };
    const clientConfig = () => ({ ...config, forcePathStyle: true, requestHandler: {} }) as never;
    const s3DataSource = { S3DataType: "S3Prefix" as const, S3Uri: `s3://${bucket}/${prefix}` };
    return createJob(
      request(name, {
        RoleArn: `arn:aws:iam::000000000000:role/${role}`,
        InputDataConfig: [{ ChannelName: "train", DataSource: { S3DataSource: s3DataSource } }],
      }),
      {
        api: awsApi(
          awsClients({
            region: "us-east-1",
            clientConfig,
            account: async () => undefined,
            verifyAccount: async () => {},
          }),
        ),
        clock,
        progress: { note: (note: string) => notes.push(note) } as never,
        signal: new AbortController().signal,
      },
    );
  };

  it("is waited for through all that SageMaker says of one that has not spread", async () => {
    await aws.setFaults({ newRoles: { seconds: 4 } });
    await aws.createRole("young", "sagemaker.amazonaws.com");
    const notes: string[] = [];

    assert.equal(await create("young-job", "young", "data/", notes), "created");

    assert.equal(new Set(notes).size, spreadingMessages.length, notes.join("\n"));
  });

  it("does not hide that there is no data", async () => {
    await aws.setFaults({ newRoles: { seconds: 3600, messages: ["no S3 objects found"] } });
    await aws.createRole("empty", "sagemaker.amazonaws.com");
    const notes: string[] = [];
    const uri = `s3://${bucket}/nothing/here/`;
    await assert.rejects(create("empty-job", "empty", "nothing/here/", notes), ({ message }: Error) =>
      message.includes(`nothing is under ${uri}`),
    );
    assert.deepEqual(notes, []);
  });

  it("is given up after two minutes, with what it lacks", async () => {
    await aws.setFaults({ newRoles: { seconds: 3600, messages: ["access denied to output"] } });
    await assert.rejects(
      create("late-job", "empty", "data/", []),
      /grant .*role\/empty s3:PutObject .*Waited 2 minutes/s,
    );
  });
});
