// (e) One deployment of one job, and one of a hundred: the most memory of the processes, and how much the state grows by each job.
import { statSync } from "node:fs";
import path from "node:path";
import { TestStack } from "../../test/engine/support/stack";
import { type Figure, figure } from "../figures";
import type { Scale } from "../parts";
import { observed, type Role, roleOf } from "../processes";

/** All run at the same time: none ends before the last is started. Its metric follows from its seed. */
const SCRIPT = `
import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
parser.add_argument("--gate")
arguments = parser.parse_args()
while not os.path.exists(arguments.gate):
    time.sleep(1)
print(f"val_accuracy={arguments.seed / 1000}", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;

interface Seen {
  /** Megabytes at the most. */
  peak: Record<Role, number>;
  stateBytes: number;
}

export async function memory({ short }: Scale): Promise<Figure[]> {
  const many = short ? 3 : 100;
  const one = await deployed("one", 1);
  const all = await deployed("many", many);
  const provider = ({ peak }: Seen) => peak["dynamic provider"];
  return [
    figure("provider of the jobs, 1 job", provider(one), "MB"),
    figure(`provider of the jobs, ${many} jobs`, provider(all), "MB"),
    figure("more than with 1 job", provider(all) - provider(one), "MB", short ? undefined : "providerGrowth"),
    figure(`engine, ${many} jobs`, all.peak.engine, "MB"),
    figure(`program, ${many} jobs`, all.peak.program, "MB"),
    figure(`AWS provider, ${many} jobs`, all.peak["AWS provider"], "MB"),
    figure("state, for each job", (all.stateBytes - one.stateBytes) / (many - 1), "bytes"),
  ];
}

async function deployed(name: string, count: number): Promise<Seen> {
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  const stack = await TestStack.create(`memory-${name}`, {
    script: SCRIPT,
    gated: true,
    config: { "training:grid": { seed: seeds } },
  });
  try {
    const up = stack.start(["up", "--yes", "--skip-preview", "--parallel", String(count * 4 + 16)]);
    const peak = {} as Seen["peak"];
    const look = (found: Parameters<Parameters<typeof observed>[2]>[0]) => {
      const now = {} as Seen["peak"];
      for (const [, { command, kilobytes }] of found) {
        now[roleOf(command)] = (now[roleOf(command)] ?? 0) + kilobytes / 1024;
      }
      for (const [role, size] of Object.entries(now))
        peak[role as Role] = Math.max(peak[role as Role] ?? 0, size);
    };
    const { code, output } = await observed(up.child.pid as number, 200, look, async () => {
      await Promise.race([started(stack, count), up.finished]);
      stack.openGate();
      return up.finished;
    });
    if (code !== 0) throw new Error(output);
    const { best, experiments } = await stack.outputs();
    const value = (best as { value: number } | undefined)?.value;
    if (count > 1 && value !== count / 1000) throw new Error(`The best of ${count} is told to be ${value}`);
    const models = new Set(Object.values(experiments ?? {}).map((each) => each.modelArtifact));
    if (models.size !== count) throw new Error(`${models.size} models of ${count} experiments`);
    return { peak, stateBytes: statSync(stateFile(stack)).size };
  } finally {
    await stack.dispose();
  }
}

const stateFile = (stack: TestStack): string =>
  path.join(stack.dir, "backend", ".pulumi", "stacks", "training", "test.json");

/** Every job is there, and followed: more run at the same time than the machine has cores for. */
async function started(stack: TestStack, count: number): Promise<void> {
  while ((await stack.jobs()).length < count) await new Promise((resolve) => setTimeout(resolve, 500));
}
