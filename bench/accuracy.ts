// The accuracy that train.py and minimal.py reach, with three seeds each: npm run bench:accuracy. On two cores a quarter of an hour.
import { spawnSync } from "node:child_process";
import path from "node:path";

async function main(): Promise<void> {
  const { ensureTrainingPython } = await import("../local/python/python.ts");
  const { ensureTrainingData } = await import("../local/data/data.ts");
  const { cacheDir } = await import("../local/paths.ts");
  const report = (line: string) => console.log(line);
  const python = await ensureTrainingPython(report);
  const images = await ensureTrainingData({ trainingPython: python, cacheDir, report });
  const script = path.join(__dirname, "train.py");
  const { status } = spawnSync(python, [script, "accuracy", images], { stdio: "inherit" });
  process.exitCode = status ?? 1;
}

void main();
