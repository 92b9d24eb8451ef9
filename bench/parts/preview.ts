// (d) A preview without changes, beside that of a program that does nothing but import the same SDKs, and where the time goes.
import { rmSync } from "node:fs";
import { TestStack } from "../../test/engine/support/stack";
import { compilePack, loadPack, packSources } from "../compiledPack";
import { type Figure, figure } from "../figures";
import { inTurns, median } from "../measure";
import type { Scale } from "../parts";
import { observed, type Role, roleOf, roles } from "../processes";

/** What `pulumi new aws-typescript` makes, but for the bucket: Pulumi loads index.ts with ts-node. */
const BARE = {
  "Pulumi.yaml": "name: training\nruntime: nodejs\n",
  "package.json": JSON.stringify({ name: "training", main: "index.ts" }),
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      strict: true,
      outDir: "bin",
      target: "es2020",
      module: "commonjs",
      moduleResolution: "node",
      sourceMap: true,
      experimentalDecorators: true,
      pretty: true,
      noFallthroughCasesInSwitch: true,
      noImplicitReturns: true,
      forceConsistentCasingInFileNames: true,
    },
    files: ["index.ts"],
  }),
  "index.ts": `
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
export const sdks = [typeof aws.s3.Bucket, typeof aws.iam.Role, typeof aws.cloudwatch.LogGroup, typeof pulumi.Config].join();
`,
};
/** What Pulumi does unless it is told otherwise; the local language host leaves types alone. */
const CHECKED = { PULUMI_NODEJS_TRANSPILE_ONLY: "false" };
const UNCHECKED = { PULUMI_NODEJS_TRANSPILE_ONLY: "true" };

/** Seconds in all, and seconds of CPU by process. */
interface Run {
  seconds: number;
  cpu: Record<Role, number>;
}

export async function preview({ short }: Scale): Promise<Figure[]> {
  const full = await TestStack.create("preview-full");
  const bare = await TestStack.create("preview-bare", { files: BARE, env: CHECKED });
  const quick = await TestStack.create("preview-quick", { files: BARE, env: UNCHECKED });
  const stacks = [full, bare, quick];
  const compiled = compilePack();
  try {
    for (const stack of stacks) await stack.ok(["up", "--yes", "--skip-preview"]);
    const previewed = (stack: TestStack, ...more: string[]) =>
      run(stack, ["preview", "--expect-no-changes", ...more]);
    const up = (stack: TestStack) => run(stack, ["up", "--yes", "--skip-preview", "--expect-no-changes"]);
    const warmUp = short ? 0 : 1;
    const seen = await inTurns(
      short ? 1 : 5,
      {
        bare: () => previewed(bare),
        quick: () => previewed(quick),
        full: () => previewed(full),
        withPack: () => previewed(full, "--policy-pack", compiled),
        upBare: () => up(bare),
        upQuick: () => up(quick),
        upFull: () => up(full),
      },
      warmUp,
    );
    const loads = await inTurns(
      short ? 1 : 5,
      {
        sources: () => loadPack(packSources, full.env),
        compiled: () => loadPack(compiled, full.env),
      },
      warmUp,
    );
    const seconds = (runs: Run[]) => median(runs.map((each) => each.seconds));
    const cpu = (runs: Run[], role: Role) => median(runs.map((each) => each.cpu[role] ?? 0));
    const used = roles.filter((role) => seen.withPack.some((each) => each.cpu[role] > 0));
    return [
      figure("preview, bare program", seconds(seen.bare), "s"),
      figure("preview, bare program without a check of its types", seconds(seen.quick), "s"),
      figure("preview", seconds(seen.full), "s"),
      figure("preview, of the bare program's", seconds(seen.full) / seconds(seen.bare), "times"),
      figure(
        "preview, of that without a check of types",
        seconds(seen.full) / seconds(seen.quick),
        "times",
        "previewOfBare",
      ),
      figure("preview with the compiled pack", seconds(seen.withPack), "s"),
      figure("update without changes, bare program", seconds(seen.upBare), "s"),
      figure("update without changes, bare program without a check of its types", seconds(seen.upQuick), "s"),
      figure("update without changes", seconds(seen.upFull), "s"),
      figure("policy pack loads, from its sources", median(loads.sources), "s"),
      figure("policy pack loads, compiled", median(loads.compiled), "s", "packSeconds"),
      ...used.flatMap((role) => [
        figure(`CPU in a preview of the bare program: ${role}`, cpu(seen.bare, role), "s"),
        figure(`CPU in a preview with the pack: ${role}`, cpu(seen.withPack, role), "s"),
      ]),
    ];
  } finally {
    for (const stack of stacks) await stack.dispose();
    rmSync(compiled, { recursive: true, force: true });
  }
}

/** How often a process is looked at: what it used after the last look is not seen. */
const LOOK_EVERY_MS = 20;

async function run(stack: TestStack, args: string[]): Promise<Run> {
  const started = performance.now();
  const { child, finished } = stack.start(args);
  const used = new Map<number, { role: Role; cpuSeconds: number }>();
  const look = (found: Parameters<Parameters<typeof observed>[2]>[0]) => {
    for (const [pid, { command, cpuSeconds }] of found) {
      // One that has ended and is not gone yet has no command any more.
      const role = command ? roleOf(command) : (used.get(pid)?.role ?? "others");
      used.set(pid, { role, cpuSeconds });
    }
  };
  const { code, output } = await observed(child.pid as number, LOOK_EVERY_MS, look, () => finished);
  const seconds = (performance.now() - started) / 1000;
  if (code !== 0) throw new Error(output);
  const cpu = {} as Run["cpu"];
  for (const { role, cpuSeconds } of used.values()) cpu[role] = (cpu[role] ?? 0) + cpuSeconds;
  return { seconds, cpu };
}
