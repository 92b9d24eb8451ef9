// How long the policy pack takes to load, and what it adds to a preview: medians of five runs, in turns.
// Run it on an idle machine: npm run bench:policies
import { spawn } from "node:child_process";
import path from "node:path";
import { PolicyEngine, type Program } from "../test/engine/support/policyEngine";

const runs = 5;
/** Seconds, on two cores. */
const limits = { load: 3, added: 1.5 };

const projectDir = path.resolve(__dirname, "..");
const pack = path.join(projectDir, "policies");

const program: Program = {
  resources: ["first", "second"].map((name) => ({
    kind: "StandIn",
    name,
    args: {
      enableManagedSpotTraining: true,
      resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 1 },
      stoppingCondition: { maxRuntimeInSeconds: 3600, maxWaitTimeInSeconds: 7200 },
    },
  })),
  outputs: { modelArtifact: "s3://artifacts/mednist/output/model.tar.gz" },
};

/** Seconds from the start of the pack's process until it answers: then it prints its port. */
function load({ env }: PolicyEngine): Promise<number> {
  const started = performance.now();
  const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
  const child = spawn(process.execPath, [runner, "127.0.0.1:0", pack], {
    cwd: pack,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    child.stdout.once("data", () => {
      resolve(secondsSince(started));
      child.kill();
    });
    child.once("exit", (code) => reject(new Error(`the policy pack ended with ${code}`)));
  });
}

async function preview(engine: PolicyEngine, withPack: boolean): Promise<number> {
  const started = performance.now();
  const { code, output } = await engine.preview(program, withPack ? {} : { pack: false });
  if (code !== 0) throw new Error(output);
  return secondsSince(started);
}

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

function median(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function report(what: string, value: number, limit?: number): boolean {
  const within = limit === undefined || value <= limit;
  const bound = limit === undefined ? "" : `   at most ${limit.toFixed(2)} s: ${within ? "ok" : "TOO SLOW"}`;
  console.log(`${what.padEnd(34)} ${value.toFixed(2).padStart(6)} s${bound}`);
  return within;
}

async function main(): Promise<void> {
  const engine = await PolicyEngine.start();
  try {
    const loads: number[] = [];
    const without: number[] = [];
    const withPack: number[] = [];
    // Once unmeasured: compiled code and file caches are there for every later run.
    await load(engine);
    await preview(engine, true);
    for (let run = 0; run < runs; run++) {
      loads.push(await load(engine));
      without.push(await preview(engine, false));
      withPack.push(await preview(engine, true));
    }
    console.log(`Medians of ${runs} runs\n`);
    const loaded = report("pack loads in", median(loads), limits.load);
    report("preview without the pack", median(without));
    report("preview with the pack", median(withPack));
    const added = report("the pack adds", median(withPack) - median(without), limits.added);
    process.exitCode = loaded && added ? 0 : 1;
  } finally {
    await engine.dispose();
  }
}

void main();
