// Images per second of train.py and minimal.py beside the plain loop of tutorials, and the accuracy that they reach: npm run bench:train
// [speed|accuracy]. On two cores 3 minutes and a quarter of an hour; OMP_NUM_THREADS says with how many threads.
import { spawnSync } from "node:child_process";
import path from "node:path";

async function main(): Promise<void> {
  const { ensureTrainingPython } = await import("../local/python/python.ts");
  const { ensureTrainingData } = await import("../local/data/data.ts");
  const { cacheDir } = await import("../local/paths.ts");
  const report = (line: string) => console.log(line);
  const python = await ensureTrainingPython(report);
  const images = await ensureTrainingData({ trainingPython: python, cacheDir, report });
  const chosen = process.argv[2] ? [process.argv[2]] : ["speed", "accuracy"];
  for (const what of chosen) {
    const { status } = spawnSync(python, [path.join(__dirname, "train.py"), what, images], {
      stdio: "inherit",
    });
    if (status !== 0) process.exitCode = 1;
  }
}

void main();
