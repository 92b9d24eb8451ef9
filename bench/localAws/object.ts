import { createReadStream, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { bucket, type TestAws } from "../../test/local/aws/integration/testAws";
import type { Figure } from "../figures";
import { jobEnd } from "./jobs";
import { watched } from "./watch";

const SCRIPT = `
import os, shutil
shutil.copyfile(os.environ["SM_CHANNEL_LARGE"] + "/data.bin", os.environ["SM_MODEL_DIR"] + "/model.bin")
`;

/** A large object up, through a job as its channel and its artifact, and down again. */
export async function largeObject(aws: TestAws, megabytes: number): Promise<Figure[]> {
  const bytes = megabytes * 1024 * 1024;
  const file = path.join(tmpdir(), `training-bench-${process.pid}.bin`);
  const calls = {
    HeadObject: () => aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "probe" })),
    PutObject: () => aws.put("probe", "x"),
    DescribeLogGroups: () => aws.logStreams("none"),
  };
  const step = (what: string, work: () => Promise<void>) =>
    watched(`${megabytes} MB ${what}`, aws.running.pid, calls, work);
  await aws.put("probe", "x");
  try {
    await makeFile(file, bytes);
    const up = await step("up", async () => {
      const Body = createReadStream(file, { highWaterMark: 1024 * 1024 });
      await aws.s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: "large/data.bin", Body, ContentLength: bytes }),
      );
    });
    const through = await step("through a job, as channel and artifact", async () => {
      const source = { S3DataType: "S3Prefix", S3Uri: `s3://${bucket}/large/` } as const;
      await aws.createJob("large", SCRIPT, {
        InputDataConfig: [{ ChannelName: "large", DataSource: { S3DataSource: source } }],
        OutputDataConfig: { S3OutputPath: `s3://${bucket}/out`, CompressionType: "NONE" },
        StoppingCondition: { MaxRuntimeInSeconds: 7200 },
      });
      await jobEnd(aws, "large");
    });
    const down = await step("down", () => download(aws, "out/large/output/model/model.bin", bytes));
    return [...up, ...through, ...down];
  } finally {
    rmSync(file, { force: true });
  }
}

async function makeFile(file: string, bytes: number): Promise<void> {
  const handle = await open(file, "w", 0o600);
  const block = Buffer.alloc(4 * 1024 * 1024);
  for (let done = 0; done < bytes; done += block.length) {
    block.writeUIntBE(done, 0, 6);
    await handle.write(block);
  }
  await handle.close();
}

async function download(aws: TestAws, Key: string, bytes: number): Promise<void> {
  const { Body } = await aws.s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
  let count = 0;
  const counter = new Writable({
    write(chunk, _encoding, done) {
      count += chunk.length;
      done();
    },
  });
  await pipeline(Body as NodeJS.ReadableStream, counter);
  if (count !== bytes) throw new Error(`${count} bytes of ${bytes} came back`);
}
