// Many experiments of a one-second script in one `up`, on the engine and the local AWS: whether all come out, and how much memory engine,
// program and provider take together. npm run bench:sweep [how many, default 40]
import { readdirSync, readFileSync } from "node:fs";
import { stopTestAws } from "../test/engine/support/aws";
import { TestStack } from "../test/engine/support/stack";
import { report, secondsSince } from "./measure";

const LIMITS = { megabytes: 600 };

/** Its metric follows from its seed: the highest is the best. */
const SCRIPT = `
import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--seed", type=int)
seed = parser.parse_args().seed
time.sleep(1)
print(f"val_accuracy={seed / 1000}", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;

interface Process {
  parent: number;
  kilobytes: number;
  command: string;
}

function processes(): Map<number, Process> {
  const found = new Map<number, Process>();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const status = readFileSync(`/proc/${pid}/status`, "utf8");
      const number = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
      const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
      found.set(Number(pid), { parent: number("PPid"), kilobytes: number("VmRSS"), command });
    } catch {
      // it has ended
    }
  }
  return found;
}

/** What a process of a deployment is. */
function roleOf(command: string): string {
  if (/dynamic-?provider/i.test(command)) return "provider of training jobs";
  if (/cmd\/run|languageHost|language-nodejs/i.test(command)) return "program and its host";
  if (/resource-aws|local\/provider/.test(command)) return "AWS provider";
  return /^\S*pulumi\b/.test(command) ? "engine" : "others";
}

/** Resident megabytes of a process and all below it, by what they are. */
function megabytesBelow(root: number): Record<string, number> {
  const all = processes();
  const below = (pid: number): boolean => {
    for (let at = pid; at > 1; at = all.get(at)?.parent ?? 0) if (at === root) return true;
    return false;
  };
  const sums: Record<string, number> = {};
  for (const [pid, { kilobytes, command }] of all) {
    if (below(pid)) sums[roleOf(command)] = (sums[roleOf(command)] ?? 0) + kilobytes / 1024;
  }
  return sums;
}

async function main(): Promise<void> {
  const count = Number(process.argv[2] ?? 40);
  const seeds = Array.from({ length: count }, (_, index) => index + 1);
  const stack = await TestStack.create("bench", {
    script: SCRIPT,
    config: { "training:grid": { seed: seeds } },
  });
  try {
    const started = performance.now();
    const up = stack.start(["up", "--yes", "--skip-preview", "--parallel", String(count)]);
    const peak: Record<string, number> = {};
    const timer = setInterval(() => {
      for (const [role, size] of Object.entries(megabytesBelow(up.child.pid as number))) {
        peak[role] = Math.max(peak[role] ?? 0, size);
      }
    }, 200);
    const { code, output } = await up.finished.finally(() => clearInterval(timer));
    if (code !== 0) throw new Error(output);
    const seconds = secondsSince(started);
    const { experiments, best } = await stack.outputs();
    const told = Object.values(experiments as Record<string, { status: string; modelArtifact: string }>);
    const artifacts = new Set(told.map(({ modelArtifact }) => modelArtifact)).size;
    const jobs = (await stack.jobs()).length;

    report("seconds", seconds.toFixed(0));
    const whole = report("experiments with a model of their own", String(artifacts), {
      within: artifacts === count && jobs === count,
      text: `${count} of ${jobs} jobs`,
    });
    const right = report("the best one", String((best as { value: number }).value), {
      within: (best as { value: number }).value === count / 1000,
      text: `${count / 1000}`,
    });
    for (const [role, size] of Object.entries(peak)) report(`most memory, ${role}`, `${size.toFixed(0)} MB`);
    const both = (peak.engine ?? 0) + (peak["provider of training jobs"] ?? 0);
    const small = report("most memory, engine and provider together", `${both.toFixed(0)} MB`, {
      within: both < LIMITS.megabytes,
      text: `below ${LIMITS.megabytes} MB`,
    });
    process.exitCode = whole && right && small ? 0 : 1;
  } finally {
    await stack.dispose();
    await stopTestAws();
  }
}

void main();
