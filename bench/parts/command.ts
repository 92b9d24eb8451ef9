// (a) and (b): one training in four ways. Imports are part of it: a user starts a process for it.
import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { testAws } from "../../test/engine/support/aws";
import { TestStack } from "../../test/engine/support/stack";
import { runScript, sdkClients } from "../clients";
import { type Figure, figure } from "../figures";
import { inTurns, median } from "../measure";
import type { Scale } from "../parts";

/** Trains for a few seconds, with a line in each, so that a log is there to be read. */
const script = (seconds: number) => `
import os, time
for second in range(${seconds}):
    print(f"val_accuracy=0.{second}", flush=True)
    time.sleep(1)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
print("val_accuracy=0.99 last", flush=True)
`;

/** Seconds. */
interface Run {
  /** From the command to the moment when SageMaker had the request. */
  toJob: number;
  /** From the job's end, as SageMaker recorded it, to the result. */
  toResult: number;
  /** From there to the command's end. */
  toEnd: number;
}

const policies = [
  ...["--policy-pack", "policies"],
  ...["--policy-pack-config", "policies/examples/policy-config.dev.json"],
];

export async function command({ short }: Scale): Promise<Figure[]> {
  const text = script(short ? 1 : 5);
  const stack = await TestStack.create("bench", {
    script: text,
    config: { "training:deletePolicy": "retain" },
  });
  try {
    const clients = await sdkClients(text);
    const sdk = (python: string, name: string) => () =>
      timed(async () => {
        const { job, at } = await runScript(python, clients.env, name);
        return { job: String(job), at: Number(at) * 1000, ended: Date.now() };
      });
    const seen = await inTurns(
      short ? 1 : 5,
      {
        up: (round) => timed(() => deploy(stack, `up-${round}`, policies)),
        skipPreview: (round) => timed(() => deploy(stack, `skip-${round}`, ["--skip-preview"])),
        sdk2: sdk(clients.sdk2, "sdk2_fit.py"),
        sdk3: sdk(clients.sdk3, "sdk3_train.py"),
      },
      short ? 0 : 1,
    );
    const of = (runs: Run[], what: keyof Run) => median(runs.map((run) => run[what]));
    const toJob = (runs: Run[]) => of(runs, "toJob");
    const fastest = Math.min(toJob(seen.sdk2), toJob(seen.sdk3));
    return [
      figure("SDK 2 fit() to CreateTrainingJob", toJob(seen.sdk2), "s"),
      figure("SDK 3 ModelTrainer.train() to CreateTrainingJob", toJob(seen.sdk3), "s"),
      figure("`pulumi up` with preview and policies to CreateTrainingJob", toJob(seen.up), "s"),
      figure("the same, of the faster SDK", toJob(seen.up) / fastest, "times", "upOfSdk"),
      figure("`pulumi up --skip-preview` to CreateTrainingJob", toJob(seen.skipPreview), "s"),
      figure("the same, of the faster SDK", toJob(seen.skipPreview) / fastest, "times", "skipPreviewOfSdk"),
      figure("job's end to the result, SDK 2", of(seen.sdk2, "toResult"), "s"),
      figure("job's end to the result, SDK 3", of(seen.sdk3, "toResult"), "s"),
      figure("job's end to the result, `pulumi up`", of([...seen.up, ...seen.skipPreview], "toResult"), "s"),
      figure("job's end to the command's end, SDK 2", of(seen.sdk2, "toEnd"), "s"),
      figure("job's end to the command's end, SDK 3", of(seen.sdk3, "toEnd"), "s"),
      figure(
        "job's end to the command's end, `pulumi up`",
        of([...seen.up, ...seen.skipPreview], "toEnd"),
        "s",
        "endSeconds",
      ),
    ];
  } finally {
    await stack.dispose();
  }
}

interface Trained {
  job: string;
  /** When the result was there, and when the command had ended. */
  at: number;
  ended: number;
}

async function timed(train: () => Promise<Trained>): Promise<Run> {
  const started = Date.now();
  const { job, at, ended } = await train();
  const { created, finished } = await timesOf(job);
  const seconds = (from: number, to: number) => (to - from) / 1000;
  return {
    toJob: seconds(started, created),
    toResult: seconds(finished, at),
    toEnd: seconds(finished, ended),
  };
}

async function timesOf(name: string): Promise<{ created: number; finished: number }> {
  const { endpoint, credentials } = await testAws();
  const client = new SageMakerClient({ endpoint, region: "us-east-1", credentials });
  try {
    const job = await client.send(new DescribeTrainingJobCommand({ TrainingJobName: name }));
    const last = job.SecondaryStatusTransitions?.at(-1);
    return {
      created: job.CreationTime?.getTime() ?? Number.NaN,
      finished: last?.StartTime?.getTime() ?? Number.NaN,
    };
  } finally {
    client.destroy();
  }
}

/** `pulumi up` of a training that was not there yet. Its result is there when the outputs are shown. */
async function deploy(stack: TestStack, runId: string, args: string[]): Promise<Trained> {
  const up = stack.start(["up", "--yes", "-c", `training:runId=${runId}`, ...args]);
  const shown = up.until(/^Outputs:$/m).then(
    () => Date.now(),
    () => Number.NaN,
  );
  const { code, output } = await up.finished;
  const ended = Date.now();
  if (code !== 0) throw new Error(output);
  if (!output.includes("val_accuracy=0.99 last")) throw new Error(`A line of the log was lost:\n${output}`);
  return { job: String((await stack.outputs()).trainingJobName), at: await shown, ended };
}
