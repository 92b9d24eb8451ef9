// (g) bench/train.py, with one thread and with two; or what it printed on a machine with a GPU.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Figure, figure } from "../figures";
import type { Scale } from "../parts";

const report = (line: string) => console.error(`    ${line}`);

/** What train.py measured: images a second, of each script and of the plain loop. */
interface Measured {
  device: string;
  speeds: { script: string; imagesPerSecond: number; ofPlain: number }[];
}

export async function training({ short }: Scale): Promise<Figure[]> {
  const { ensureTrainingPython } = await import("../../local/python/python.ts");
  const { ensureTrainingData } = await import("../../local/data/data.ts");
  const { cacheDir } = await import("../../local/paths.ts");
  const python = await ensureTrainingPython(report);
  const images = await ensureTrainingData({ trainingPython: python, cacheDir, report });
  const figures: Figure[] = [];
  for (const threads of short ? [1] : [1, 2]) {
    const steps = short ? ["--steps", "3", "--rounds", "1"] : ["--rounds", "5"];
    const measured = await speed(python, ["speed", images, ...steps], threads);
    figures.push(...figuresOf(measured, threads === 1 ? ", 1 thread" : `, ${threads} threads`, short));
  }
  return figures;
}

/** @param file output of `python bench/train.py speed IMAGES --json` on another machine */
export function measuredElsewhere(file: string): { device: string; figures: Figure[] } {
  const measured = lastLine(readFileSync(file, "utf8"));
  return { device: measured.device, figures: figuresOf(measured, "", false) };
}

function figuresOf({ speeds }: Measured, how: string, short: boolean): Figure[] {
  return speeds.flatMap(({ script, imagesPerSecond, ofPlain }) => {
    // What comes before the first step is in no figure: of minimal.py that is all its reading of images.
    const name = `${script}${script.endsWith("minimal.py") ? " from memory" : ""}${how}`;
    const seen = [figure(name, imagesPerSecond, "images/s")];
    // minimal.py is one page to read, and promises nothing.
    const target = script.endsWith("train.py") && !short ? "trainOfPlain" : undefined;
    if (ofPlain !== 1) seen.push(figure(`${name}, of the plain loop`, ofPlain, "times", target));
    return seen;
  });
}

function lastLine(printed: string): Measured {
  const last = printed.trimEnd().split("\n").at(-1) ?? "";
  if (!last.startsWith("{")) throw new Error(`bench/train.py did not come to its end:\n${printed}`);
  return JSON.parse(last);
}

function speed(python: string, args: string[], threads: number): Promise<Measured> {
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
      try {
        resolve(lastLine(printed));
      } catch (error) {
        reject(error);
      }
    });
  });
}
