// Before the tests: what is built or fetched once per machine, so that no test's time runs out over it. Go compiles while Python packages
// are fetched. `npm test` runs it; a single spec makes what it needs by itself.
import { ensureEngine } from "../local/engine/engine.ts";
import { ensureMinistackPython, ensureTrainingPython } from "../local/python/python.ts";
import { ensureSdk2Python, ensureSdk3Python } from "./clients/environments";
import { ensureYamlHost } from "./engine/support/yaml/host";

const report = (line: string) => console.error(line);

async function compile(): Promise<void> {
  const { env } = await ensureEngine(report);
  await ensureYamlHost({ ...process.env, ...env });
}

async function fetchPackages(): Promise<void> {
  for (const ensure of [ensureTrainingPython, ensureMinistackPython, ensureSdk2Python, ensureSdk3Python]) {
    await ensure(report);
  }
}

Promise.all([compile(), fetchPackages()]).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
