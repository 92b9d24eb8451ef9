// (g) bench/train.py, with one thread and with two. On a machine with a GPU: python bench/train.py speed IMAGES.
import { spawn } from "node:child_process";
import path from "node:path";
import { type Figure, figure } from "../figures";
import type { Scale } from "../parts";

const report = (line: string) => console.error(`    ${line}`);

/** Images a second, of a script and of the plain loop. */
interface Speed {
  script: string;
  imagesPerSecond: number;
  ofPlain: number;
}

export async function training({ short }: Scale): Promise<Figure[]> {
  const { ensureTrainingPython } = await import("../../local/python/python.ts");
  const { ensureTrainingData } = await import("../../local/data/data.ts");
  const { cacheDir } = await import("../../local/paths.ts");
  const python = await ensureTrainingPython(report);
  const images = await ensureTrainingData({ trainingPython: python, cacheDir, report });
  const figures: Figure[] = [];
  for (const threads of short ? [1] : [1, 2]) {
    const steps = short ? ["--steps", "3", "--rounds", "1"] : ["--rounds", "2"];
    const speeds = await speed(python, ["speed", images, ...steps], threads);
    for (const { script, imagesPerSecond, ofPlain } of speeds) {
      // What comes before the first step is in no figure: of minimal.py that is all its reading of images.
      const read = script.endsWith("minimal.py") ? " from memory" : "";
      const name = `${script}${read}, ${threads === 1 ? "1 thread" : `${threads} threads`}`;
      figures.push(figure(name, imagesPerSecond, "images/s"));
      // minimal.py is one page to read, and promises nothing.
      const target = script.endsWith("train.py") && !short ? "trainOfPlain" : undefined;
      if (ofPlain !== 1) figures.push(figure(`${name}, of the plain loop`, ofPlain, "times", target));
    }
  }
  return figures;
}

/** What train.py measured, from its last line. */
function speed(python: string, args: string[], threads: number): Promise<Speed[]> {
  const env = { ...process.env, OMP_NUM_THREADS: String(threads) };
  const script = path.join(__dirname, "..", "train.py");
  const child = spawn(python, [script, ...args, "--json"], { env, stdio: ["ignore", "pipe", "inherit"] });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text) => {
    printed += text;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    // It ends with 1 where the scripts are too slow, which is for the targets to say.
    child.once("close", () => {
      const last = printed.trimEnd().split("\n").at(-1) ?? "";
      if (last.startsWith("[")) resolve(JSON.parse(last));
      else reject(new Error(`bench/train.py did not come to its end:\n${printed}`));
    });
  });
}
