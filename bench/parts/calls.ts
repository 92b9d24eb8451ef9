// (c) Calls to SageMaker in a minute in which jobs run: this project's watcher in one process, the SDKs with a thread for each job. All
// follow the same jobs at the same time: spot jobs that never get capacity, which need no machine.
import { CreateTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import type { JobDescription } from "../../components/trainingJob/aws/api";
import { type AwsClients, awsApi, awsClients } from "../../components/trainingJob/aws/sdk";
import { awsSession } from "../../components/trainingJob/aws/session";
import { systemClock } from "../../components/trainingJob/engine/clock";
import { Watcher } from "../../components/trainingJob/run/watcher";
import { testAws } from "../../test/engine/support/aws";
import { runScript, sdkClients } from "../clients";
import { type Figure, figure } from "../figures";
import { median } from "../measure";
import type { Scale } from "../parts";

const SIZES = [1, 10, 100];

export async function calls({ short }: Scale): Promise<Figure[]> {
  const sizes = short ? [1, 3] : SIZES;
  const minute = short ? 5 : 60;
  // Until the SDKs have started; the two of them take a while for a hundred jobs.
  const settle = short ? 5 : 30;
  const aws = await testAws();
  await aws.faults({ jobs: [{ noSpotCapacity: true }] });
  Object.assign(process.env, aws.env);
  const clients = await sdkClients("");
  const session = awsSession(() => undefined, "us-east-1");
  const starter = awsClients(session);
  const names: string[] = [];
  // Then they end, evenly, within so many seconds.
  const [lifetime, ending] = short ? [settle + minute + 15, 3] : [settle + minute + 45, 15];
  try {
    for (let index = 0; index < Math.max(...sizes); index++) {
      const name = `watched-${Date.now()}-${index}`;
      await start(starter, name, lifetime + Math.round((index * ending) / Math.max(...sizes)));
      names.push(name);
    }
    const env = { ...clients.env, BENCH_SETTLE: String(settle) };
    const sdk = (python: string, version: string, size: number) =>
      runScript(python, env, "watch.py", version, String(minute), ...names.slice(0, size));
    const [ours, sdk2, sdk3] = await Promise.all([
      Promise.all(sizes.map((size) => watched(names.slice(0, size), settle, minute))),
      Promise.all(sizes.map((size) => sdk(clients.sdk2, "2", size))),
      Promise.all(sizes.map((size) => sdk(clients.sdk3, "3", size))),
    ]);
    const perMinute = (count: unknown) => (Number(count) * 60) / minute;
    const late = await Promise.all(ours.flatMap(({ ends }) => ends));
    return [
      ...sizes.flatMap((size, at) => [
        figure(`${jobs(size)}, SDK 2`, perMinute(sdk2[at].sagemaker), "calls"),
        figure(`${jobs(size)}, SDK 3`, perMinute(sdk3[at].sagemaker), "calls"),
        figure(jobs(size), perMinute(ours[at].calls), "calls", size === 100 ? "callsAt100" : undefined),
      ]),
      figure("an end is seen after", median(late), "s"),
      figure("an end is seen after, the latest", Math.max(...late), "s"),
    ];
  } finally {
    await aws.faults({});
  }
}

const jobs = (size: number): string => (size === 1 ? "1 job" : `${size} jobs`);

/** Follows jobs with a watcher; counts for a minute, and tells how late each end was seen. */
async function watched(
  names: string[],
  settle: number,
  minute: number,
): Promise<{ calls: number; ends: Promise<number>[] }> {
  const clients = awsClients(awsSession(() => undefined, "us-east-1"));
  const counter = counted(clients);
  const watcher = new Watcher(awsApi(clients), systemClock);
  let ended = 0;
  const ends = names.map(async (name) => {
    const job = await watcher.watch(name, { signal: new AbortController().signal });
    ended += 1;
    return secondsLate(job);
  });
  await systemClock.sleep(settle * 1000);
  const before = counter.calls;
  await systemClock.sleep(minute * 1000);
  if (ended > 0) throw new Error(`${ended} jobs ended before the minute was over`);
  return { calls: counter.calls - before, ends };
}

/** Counts the calls that a watcher's client makes. */
function counted(clients: AwsClients): { calls: number } {
  const counter = { calls: 0 };
  clients.sagemakerClient().middlewareStack.add(
    (next) => (args) => {
      counter.calls += 1;
      return next(args);
    },
    { step: "finalizeRequest", name: "counter" },
  );
  return counter;
}

/** Seconds from the job's end, as SageMaker recorded it, to now. */
function secondsLate(job: JobDescription): number {
  const ended = job.SecondaryStatusTransitions?.at(-1)?.StartTime?.getTime() ?? Number.NaN;
  return (Date.now() - ended) / 1000;
}

async function start(clients: AwsClients, name: string, maxWait: number): Promise<void> {
  await clients.sagemakerClient().send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn: "arn:aws:iam::000000000000:role/bench-sdk",
      AlgorithmSpecification: {
        TrainingImage: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-cpu-py311",
        TrainingInputMode: "File",
      },
      OutputDataConfig: { S3OutputPath: "s3://test-data/out" },
      ResourceConfig: { InstanceType: "ml.m5.large", InstanceCount: 1, VolumeSizeInGB: 10 },
      EnableManagedSpotTraining: true,
      StoppingCondition: { MaxRuntimeInSeconds: maxWait, MaxWaitTimeInSeconds: maxWait },
    }),
  );
}
