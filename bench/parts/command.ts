// (a) and (b): one training in four ways. Imports are part of it: a user starts a process for it.
import { DescribeTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { testAws } from "../../test/engine/support/aws";
import { TestStack } from "../../test/engine/support/stack";
import { runScript, sdkClients } from "../clients";
import { type Figure, figure } from "../figures";
import { inTurns, median } from "../measure";
import { canHaveOptMl } from "../optMl";
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
  const text = script(short ? 1 : 4);
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
    const ways: Record<string, (round: number) => Promise<Run>> = {
      up: (round) => timed(() => deploy(stack, `up-${round}`, policies)),
      skipPreview: (round) => timed(() => deploy(stack, `skip-${round}`, ["--skip-preview"])),
      sdk2: sdk(clients.sdk2, "sdk2_fit.py"),
    };
    if (canHaveOptMl()) ways.sdk3 = sdk(clients.sdk3, "sdk3_train.py");
    const seen = await inTurns(short ? 1 : 5, ways, short ? 0 : 1);
    return figures(seen);
  } finally {
    await stack.dispose();
  }
}

const names: Record<string, string> = {
  sdk2: "SDK 2 fit()",
  sdk3: "SDK 3 ModelTrainer.train()",
  up: "`pulumi up` with preview and policies",
  skipPreview: "`pulumi up --skip-preview`",
};

function figures(seen: Record<string, Run[]>): Figure[] {
  const of = (way: string, what: keyof Run) => median(seen[way].map((run) => run[what]));
  const ways = Object.keys(names).filter((way) => way in seen);
  const fastest = Math.min(...ways.filter((way) => way.startsWith("sdk")).map((way) => of(way, "toJob")));
  const each = (what: keyof Run, text: string) =>
    ways.map((way) => figure(`${names[way]}, ${text}`, of(way, what), "s"));
  const ours = [...seen.up, ...seen.skipPreview].map(({ toEnd }) => toEnd);
  return [
    ...each("toJob", "command to CreateTrainingJob"),
    figure(`${names.up}, of the faster SDK`, of("up", "toJob") / fastest, "times", "upOfSdk"),
    figure(
      `${names.skipPreview}, of the faster SDK`,
      of("skipPreview", "toJob") / fastest,
      "times",
      "skipPreviewOfSdk",
    ),
    ...each("toResult", "job's end to the result"),
    ...each("toEnd", "job's end to the command's end"),
    figure("job's end to the command's end, both ways of `pulumi up`", median(ours), "s", "endSeconds"),
  ];
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
  let at = Number.NaN;
  // A preview shows outputs too: the last ones count.
  up.child.stdout?.on("data", (text: string) => {
    if (/^Outputs:$/m.test(text)) at = Date.now();
  });
  const { code, output } = await up.finished;
  const ended = Date.now();
  if (code !== 0) throw new Error(output);
  if (!output.includes("val_accuracy=0.99 last")) throw new Error(`A line of the log was lost:\n${output}`);
  return { job: String((await stack.outputs()).trainingJobName), at, ended };
}
