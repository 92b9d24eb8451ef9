// What much data costs the local AWS: 500,000 log lines in one job, then a channel and an artifact of 3 GB. It needs 16 GB of disk below the
// system's temporary directory and ten minutes: npm run bench:local [logs|objects]
import { createReadStream, readdirSync, readFileSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  FilterLogEventsCommand,
  GetLogEventsCommand,
  paginateFilterLogEvents,
} from "@aws-sdk/client-cloudwatch-logs";
import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import type { DescribeTrainingJobCommandOutput } from "@aws-sdk/client-sagemaker";
import { bucket, TestAws } from "../test/local/aws/integration/testAws";
import { report, secondsSince } from "./measure";

const LINES = 500_000;
const BYTES = 3 * 1024 ** 3;
const LIMITS = { callSeconds: 1, stopSeconds: 3, lostSeconds: 5, megabytes: 600 };
const group = { logGroupName: "/aws/sagemaker/TrainingJobs" };

/** Makes calls of all kinds, one after the other, while work goes on; resolves with the slowest of each. */
async function probe(
  calls: Record<string, () => Promise<unknown>>,
  work: () => Promise<void>,
): Promise<Map<string, number>> {
  const slowest = new Map<string, number>();
  let going = true;
  const probing = (async () => {
    while (going) {
      for (const [name, call] of Object.entries(calls)) {
        const started = performance.now();
        await call();
        slowest.set(name, Math.max(slowest.get(name) ?? 0, secondsSince(started)));
      }
      await sleep(50);
    }
  })();
  try {
    await work();
  } finally {
    going = false;
    await probing;
  }
  return slowest;
}

const tell = (slowest: Map<string, number>) =>
  [...slowest].map(([name, seconds]) =>
    report(`slowest ${name}`, `${seconds.toFixed(2)} s`, {
      within: seconds < LIMITS.callSeconds,
      text: `< ${LIMITS.callSeconds} s`,
    }),
  );

/** Resident megabytes of the server and its ministack; the processes of jobs are the user's. */
function residentMegabytes(server: number): number {
  const own = readdirSync("/proc").filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    if (Number(pid) === server) return true;
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
      return Number(parent) === server && readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("serve.py");
    } catch {
      return false; // it has ended
    }
  });
  const kilobytes = own.map(
    (pid) => /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1],
  );
  return kilobytes.reduce((sum, value) => sum + Number(value) / 1024, 0);
}

/** The most memory that was seen during the work. */
async function peakMegabytes(server: number, work: () => Promise<void>): Promise<number> {
  let peak = 0;
  const look = () => {
    peak = Math.max(peak, residentMegabytes(server));
  };
  look();
  const timer = setInterval(look, 100);
  await work().finally(() => clearInterval(timer));
  return peak;
}

async function jobEnd(aws: TestAws, name: string): Promise<DescribeTrainingJobCommandOutput> {
  for (;;) {
    const job = await aws.describe(name);
    if (["Completed", "Failed", "Stopped"].includes(job.TrainingJobStatus ?? "")) return job;
    await sleep(200);
  }
}

async function count(aws: TestAws, job: string, filterPattern: string): Promise<string[]> {
  const found: string[] = [];
  const input = { ...group, logStreamNamePrefix: `${job}/`, filterPattern };
  for await (const page of paginateFilterLogEvents({ client: aws.logs }, input)) {
    found.push(...(page.events ?? []).map(({ message }) => message ?? ""));
  }
  return found;
}

async function logs(aws: TestAws): Promise<boolean[]> {
  const script = `for i in range(${LINES}): print(f'line {i:07d} ' + 'x' * 90)`;
  const calls = {
    DescribeTrainingJob: () => aws.describe("lines"),
    "/_local/health": () => aws.control("GET", "health"),
    "S3 PutObject": () => aws.put("probe", "x"),
    GetLogEvents: async () => {
      const [logStreamName] = await aws.logStreams("lines");
      if (logStreamName)
        await aws.logs.send(new GetLogEventsCommand({ ...group, logStreamName, limit: 100 }));
    },
    "FilterLogEvents, one page": async () => {
      const [logStreamName] = await aws.logStreams("lines");
      if (!logStreamName) return;
      await aws.logs.send(new FilterLogEventsCommand({ ...group, filterPattern: "nowhere" }));
    },
  };
  const verdicts: boolean[] = [];
  const started = performance.now();
  await aws.createJob("lines", script);
  let peak = 0;
  const slowest = await probe(calls, async () => {
    peak = await peakMegabytes(aws.running.pid, async () => {
      await jobEnd(aws, "lines");
    });
  });
  report(`job of ${LINES} lines`, `${secondsSince(started).toFixed(1)} s`);
  report("memory, server and ministack", `${peak.toFixed(0)} MB`);
  verdicts.push(...tell(slowest));
  const lines = await count(aws, "lines", '"line 0"');
  verdicts.push(
    report("lines in CloudWatch Logs", `${lines.length}`, {
      within: lines.length === LINES,
      text: `all ${LINES}`,
    }),
  );
  const stopping = performance.now();
  await aws.stop();
  const seconds = secondsSince(stopping);
  verdicts.push(
    report("stop", `${seconds.toFixed(1)} s`, {
      within: seconds < LIMITS.stopSeconds,
      text: `< ${LIMITS.stopSeconds} s`,
    }),
  );
  const starting = performance.now();
  await aws.launch();
  report("start", `${secondsSince(starting).toFixed(1)} s`);

  await aws.createJob(
    "killed",
    "import time\nwhile True:\n  print(f'at {time.time()}', flush=True)\n  time.sleep(0.01)",
  );
  await aws.waitForLine("killed", "at ");
  await sleep(5000);
  const killed = Date.now() / 1000;
  await aws.kill();
  await aws.launch();
  const times = (await count(aws, "killed", '"at "')).map((line) => Number(line.slice(3)));
  const lost = killed - Math.max(...times);
  verdicts.push(
    report("lost with kill -9, of a job that ran", `${lost.toFixed(2)} s`, {
      within: lost < LIMITS.lostSeconds,
      text: `< ${LIMITS.lostSeconds} s`,
    }),
  );
  verdicts.push(
    report("lines of the large job after it", `${(await count(aws, "lines", '"line 0"')).length}`),
  );
  return verdicts;
}

async function objects(aws: TestAws): Promise<boolean[]> {
  const file = path.join(tmpdir(), `large-${process.pid}.bin`);
  const verdicts: boolean[] = [];
  const within = (megabytes: number) => ({
    within: megabytes < LIMITS.megabytes,
    text: `< ${LIMITS.megabytes} MB`,
  });
  try {
    const handle = await open(file, "w", 0o600);
    const block = Buffer.alloc(16 * 1024 * 1024);
    for (let done = 0; done < BYTES; done += block.length) {
      block.writeUIntBE(done, 0, 6);
      await handle.write(block);
    }
    await handle.close();
    await aws.put("probe", "x");
    const calls = {
      "S3 HeadObject": () => aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "probe" })),
      "S3 PutObject": () => aws.put("probe", "x"),
      DescribeLogGroups: () => aws.logStreams("none"),
    };
    const step = async (what: string, work: () => Promise<void>) => {
      const started = performance.now();
      let peak = 0;
      const slowest = await probe(calls, async () => {
        peak = await peakMegabytes(aws.running.pid, work);
      });
      report(what, `${secondsSince(started).toFixed(1)} s`);
      verdicts.push(
        report("memory, server and ministack", `${peak.toFixed(0)} MB`, within(peak)),
        ...tell(slowest),
      );
    };
    await step("PutObject of 3 GB", async () => {
      const Body = createReadStream(file, { highWaterMark: 1024 * 1024 });
      await aws.s3.send(
        new PutObjectCommand({ Bucket: bucket, Key: "large/data.bin", Body, ContentLength: BYTES }),
      );
    });
    const script = [
      "import os, shutil",
      "source = os.environ['SM_CHANNEL_LARGE'] + '/data.bin'",
      "shutil.copyfile(source, os.environ['SM_MODEL_DIR'] + '/model.bin')",
      "print(os.path.getsize(source))",
    ].join("\n");
    await step("job with a channel and an artifact of 3 GB", async () => {
      await aws.createJob("large", script, {
        InputDataConfig: [
          {
            ChannelName: "large",
            DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: `s3://${bucket}/large/` } },
          },
        ],
        OutputDataConfig: { S3OutputPath: `s3://${bucket}/out`, CompressionType: "NONE" },
        StoppingCondition: { MaxRuntimeInSeconds: 7200 },
      });
      const { TrainingJobStatus, FailureReason } = await jobEnd(aws, "large");
      if (TrainingJobStatus !== "Completed") throw new Error(`${TrainingJobStatus}: ${FailureReason}`);
    });
    const Key = "out/large/output/model/model.bin";
    const head = await aws.s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
    verdicts.push(
      report("bytes of the artifact", `${head.ContentLength}`, {
        within: head.ContentLength === BYTES,
        text: "all",
      }),
    );
  } finally {
    rmSync(file, { force: true });
  }
  return verdicts;
}

async function main(): Promise<void> {
  const parts = { logs, objects };
  const chosen = Object.entries(parts).filter(
    ([name]) => process.argv.length < 3 || process.argv.includes(name),
  );
  const aws = await TestAws.start();
  try {
    for (const [, part] of chosen) if ((await part(aws)).includes(false)) process.exitCode = 1;
  } finally {
    await aws.remove();
  }
}

void main();
