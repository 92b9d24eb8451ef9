// How long the policy pack takes to load, from its sources and compiled, and what it adds to a preview of many jobs.
// Run it on an idle machine: npm run bench:policies
import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { PolicyEngine, type Program } from "../test/engine/support/policyEngine";
import { median, report, secondsSince } from "./measure";

const loads = 5;
const previews = 3;
const jobs = 500;
/** On two cores. */
const limits = { sourcesSeconds: 2, compiledSeconds: 1, addedMsPerJob: 10 };

const projectDir = path.resolve(__dirname, "..");
const sources = path.join(projectDir, "policies");

const program: Program = {
  resources: Array.from({ length: jobs }, (_, index) => ({
    kind: "StandIn",
    name: `job${index}`,
    args: {
      enableManagedSpotTraining: true,
      resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 1 },
      stoppingCondition: { maxRuntimeInSeconds: 3600, maxWaitTimeInSeconds: 7200 },
      checkpointConfig: { s3Uri: `s3://artifacts/checkpoints/${index}` },
      enableNetworkIsolation: true,
      outputDataConfig: { s3OutputPath: "s3://artifacts/mednist", kmsKeyId: "alias/artifacts" },
      tags: { owner: "imaging", "cost-center": "4711" },
    },
  })),
  outputs: { modelArtifact: "s3://artifacts/mednist/output/model.tar.gz" },
};

/** The pack as a published one is: compiled, in a folder of its own. */
function compiledPack(): string {
  const dir = mkdtempSync(path.join(tmpdir(), "guardrails-compiled-"));
  for (const name of ["main.js", "package.json", "PulumiPolicy.yaml", "README.md"]) {
    cpSync(path.join(sources, name), path.join(dir, name));
  }
  symlinkSync(path.join(projectDir, "node_modules"), path.join(dir, "node_modules"));
  const tsc = path.join(projectDir, "node_modules", ".bin", "tsc");
  const options = [
    "-p",
    "tsconfig.json",
    "--outDir",
    path.join(dir, "dist"),
    "--rootDir",
    ".",
    "--noLib",
    "false",
  ];
  execFileSync(tsc, options, { cwd: sources });
  return dir;
}

/** Seconds from the start of the pack's process until it answers: then it prints its port. */
function load(pack: string, { env }: PolicyEngine): Promise<number> {
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
      // As the engine ends it, but not before it is ready: it writes its compile cache now.
      setTimeout(() => child.kill(), 500);
    });
    child.once("exit", (code) => reject(new Error(`the policy pack ended with ${code}`)));
  });
}

async function preview(engine: PolicyEngine, pack: string | false): Promise<number> {
  const started = performance.now();
  const { code, output } = await engine.preview(program, { pack });
  if (code !== 0) throw new Error(output);
  return secondsSince(started);
}

async function inTurns<Name extends string>(
  runs: number,
  measure: Record<Name, () => Promise<number>>,
): Promise<Record<Name, number>> {
  const names = Object.keys(measure) as Name[];
  const values = new Map<Name, number[]>(names.map((name) => [name, []]));
  // Once unmeasured: compiled code and file caches are there for every later run.
  for (let run = -1; run < runs; run++) {
    for (const name of names) {
      const value = await measure[name]();
      if (run >= 0) values.get(name)?.push(value);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(values.get(name) ?? [])])) as Record<
    Name,
    number
  >;
}

const within = (value: number, limit: number, unit: string) => ({
  within: value <= limit,
  text: `at most ${limit} ${unit}`,
});

async function main(): Promise<void> {
  const engine = await PolicyEngine.start();
  const compiled = compiledPack();
  try {
    console.log(`Medians of ${loads} loads and ${previews} previews of ${jobs} jobs, in turns\n`);
    const loaded = await inTurns(loads, {
      sources: () => load(sources, engine),
      compiled: () => load(compiled, engine),
    });
    const took = await inTurns(previews, {
      without: () => preview(engine, false),
      withPack: () => preview(engine, compiled),
    });
    const added = ((took.withPack - took.without - loaded.compiled) * 1000) / jobs;
    const seconds = (value: number) => `${value.toFixed(2)} s`;
    const verdicts = [
      report(
        "pack loads from its sources in",
        seconds(loaded.sources),
        within(loaded.sources, limits.sourcesSeconds, "s"),
      ),
      report(
        "pack loads compiled in",
        seconds(loaded.compiled),
        within(loaded.compiled, limits.compiledSeconds, "s"),
      ),
      report("preview without the pack", seconds(took.without)),
      report("preview with the compiled pack", seconds(took.withPack)),
      report(
        "the pack adds, once loaded, per job",
        `${added.toFixed(1)} ms`,
        within(added, limits.addedMsPerJob, "ms"),
      ),
    ];
    process.exitCode = verdicts.every(Boolean) ? 0 : 1;
  } finally {
    await engine.dispose();
    rmSync(compiled, { recursive: true, force: true });
  }
}

void main();
