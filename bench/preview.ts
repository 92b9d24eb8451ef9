// How long a preview without changes takes, against a program that does nothing but import @pulumi/aws. Both without type checking, on the
// same kind of backend; medians of five runs, in turns. Run it on an idle machine: npm run bench:preview
import { stopTestAws } from "../test/engine/support/aws";
import { TestStack } from "../test/engine/support/stack";
import { median, report, secondsSince } from "./measure";

const RUNS = 5;
/** Times as long as the bare program's. */
const LIMIT = 1.83;

const BARE = `
import * as aws from "@pulumi/aws";
export const provider = typeof aws.s3;
`;

async function preview(stack: TestStack): Promise<number> {
  const started = performance.now();
  await stack.ok(["preview", "--expect-no-changes"]);
  return secondsSince(started);
}

async function main(): Promise<void> {
  const full = await TestStack.create("bench");
  const bare = await TestStack.create("bare", { program: BARE });
  try {
    for (const stack of [full, bare]) {
      await stack.ok(["up", "--yes", "--skip-preview"]);
      await preview(stack); // once unmeasured: compiled code and file caches are there for every later run
    }
    const took = { full: [] as number[], bare: [] as number[] };
    for (let run = 0; run < RUNS; run++) {
      took.bare.push(await preview(bare));
      took.full.push(await preview(full));
    }
    const ratio = median(took.full) / median(took.bare);
    console.log(`Medians of ${RUNS} previews without changes\n`);
    report("bare program on @pulumi/aws", `${median(took.bare).toFixed(2)} s`);
    report("this program", `${median(took.full).toFixed(2)} s`);
    const within = report("ratio", ratio.toFixed(2), { within: ratio <= LIMIT, text: `at most ${LIMIT}` });
    process.exitCode = within ? 0 : 1;
  } finally {
    await full.dispose();
    await bare.dispose();
    await stopTestAws();
  }
}

void main();
