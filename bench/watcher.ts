// How many calls the watcher makes for 100 jobs in one process, and how late it sees each of them end, against the SageMaker API of the
// local AWS. The jobs are spot jobs that never get capacity, so they need no machine: npm run bench:watcher
import { CreateTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import type { JobDescription } from "../components/trainingJob/aws/api";
import { type AwsClients, awsApi, awsClients } from "../components/trainingJob/aws/sdk";
import { awsSession } from "../components/trainingJob/aws/session";
import { systemClock } from "../components/trainingJob/engine/clock";
import { Watcher } from "../components/trainingJob/run/watcher";
import { stopTestAws, testAws } from "../test/engine/support/aws";
import { ensureTestRole } from "../test/engine/support/plainJob";
import { median, report } from "./measure";

const JOBS = 100;
/** Seconds in which all of them run. */
const RUNNING = 60;
/** Seconds in which they end, evenly, after that; and room for starting them. */
const ENDING = 30;
const STARTING = 30;
const LIMITS = { callsPerMinute: 40, seconds: 10 };

/** Counts the calls that the watcher's client makes. */
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

async function start(clients: AwsClients, name: string, maxWait: number): Promise<void> {
  await clients.sagemakerClient().send(
    new CreateTrainingJobCommand({
      TrainingJobName: name,
      RoleArn: await ensureTestRole(),
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

/** Seconds from the job's end, as SageMaker recorded it, to now. */
function secondsLate(job: JobDescription): number {
  const ended = job.SecondaryStatusTransitions?.at(-1)?.StartTime?.getTime() ?? Number.NaN;
  return (Date.now() - ended) / 1000;
}

async function main(): Promise<void> {
  process.env.LOCAL_AWS_MAX_JOBS = String(JOBS);
  const aws = await testAws();
  try {
    await aws.faults({ jobs: [{ noSpotCapacity: true }] });
    Object.assign(process.env, aws.env);
    const session = awsSession(() => undefined, "us-east-1");
    const clients = awsClients(session);
    const counter = counted(clients);
    const watcher = new Watcher(awsApi(clients), systemClock);

    const late: number[] = [];
    const starter = awsClients(session);
    const ends: Promise<void>[] = [];
    for (let index = 0; index < JOBS; index++) {
      const name = `watched-${index}`;
      await start(starter, name, STARTING + RUNNING + Math.round((index * ENDING) / JOBS));
      const { signal } = new AbortController();
      ends.push(watcher.watch(name, { signal }).then((job) => void late.push(secondsLate(job))));
    }
    const before = counter.calls;
    await systemClock.sleep(RUNNING * 1000);
    const calls = counter.calls - before;
    if (late.length > 0) throw new Error(`${late.length} jobs ended before the minute was over`);
    await Promise.all(ends);

    const all = counter.calls - before - calls;
    console.log(`${JOBS} jobs that run for ${RUNNING} s, and then end within ${ENDING} s\n`);
    const perMinute = (calls * 60) / RUNNING;
    const few = report("calls a minute while they run", perMinute.toFixed(0), {
      within: perMinute <= LIMITS.callsPerMinute,
      text: `at most ${LIMITS.callsPerMinute}`,
    });
    report("calls while they end, one or more for each", all.toFixed(0));
    report("an end is seen after, median", `${median(late).toFixed(1)} s`);
    const worst = Math.max(...late);
    const soon = report("an end is seen after, at most", `${worst.toFixed(1)} s`, {
      within: worst <= LIMITS.seconds,
      text: `at most ${LIMITS.seconds} s`,
    });
    process.exitCode = few && soon ? 0 : 1;
  } finally {
    await stopTestAws();
  }
}

void main();
