// (h) What work costs the local AWS: how soon a script runs, alone and with others, many log lines, a large artifact.
import { TestAws } from "../../test/local/aws/integration/testAws";
import { type Figure, figure } from "../figures";
import { jobEnd, jobSeconds } from "../localAws/jobs";
import { manyLines } from "../localAws/lines";
import { largeObject } from "../localAws/object";
import { median } from "../measure";
import type { Scale } from "../parts";

/** Says when it runs, by its own clock. */
const SCRIPT = "import time\nprint(f'at {time.time()}', flush=True)";

export async function localAws({ short }: Scale): Promise<Figure[]> {
  const [alone, together] = short ? [1, 2] : [15, 40];
  const aws = await TestAws.start();
  try {
    const first: number[] = [];
    for (let index = 0; index < alone + 1; index++) first.push(await firstLine(aws, `first-${index}`));
    const started = performance.now();
    const names = Array.from({ length: together }, (_, index) => `together-${index}`);
    await Promise.all(names.map((name) => aws.createJob(name, SCRIPT)));
    await Promise.all(names.map((name) => jobEnd(aws, name)));
    const seconds = (performance.now() - started) / 1000;
    return [
      // The first one finds no file in the system's cache.
      figure("CreateTrainingJob to the script's first line", median(first.slice(1)), "s", "firstLineSeconds"),
      figure(`${together} jobs at once, to the end of the last`, seconds, "s"),
      ...(await manyLines(aws, short ? 2_000 : 200_000)),
      ...(await largeObject(aws, short ? 8 : 1024)),
    ];
  } finally {
    await aws.remove();
  }
}

/** Seconds. */
async function firstLine(aws: TestAws, name: string): Promise<number> {
  await aws.createJob(name, SCRIPT);
  const job = await jobEnd(aws, name);
  const line = (await aws.logLines(name)).find((each) => each.startsWith("at ")) ?? "";
  return jobSeconds(job, Number(line.slice(3)));
}
