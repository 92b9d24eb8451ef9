import path from "node:path";

type Report = (line: string) => void;

const pythons = {
  range: ">=3.10.0 <3.14.0",
  words: "3.10 to 3.13",
  reason: "the versions that its packages have builds for",
};

/** Path of a Python with the SageMaker SDK v2 and the AWS CLI. */
export function ensureSdk2Python(report: Report): Promise<string> {
  return ensure("sdk2", "the SageMaker SDK v2 and the AWS CLI v1", ["sagemaker.pytorch", "awscli"], report);
}

/** Path of a Python with ModelTrainer, the SageMaker SDK v3. */
export function ensureSdk3Python(report: Report): Promise<string> {
  return ensure("sdk3", "the SageMaker SDK v3 (ModelTrainer)", ["sagemaker.train"], report);
}

async function ensure(name: string, what: string, imports: string[], report: Report): Promise<string> {
  const { ensureEnvironment } = await import("../../local/python/environment.ts");
  const lock = path.relative(
    path.resolve(__dirname, "../../local/python"),
    path.join(__dirname, `${name}.txt`),
  );
  return ensureEnvironment(
    {
      name,
      what: `the Python environment of the tests with ${what}`,
      expect: "under two minutes, once per machine",
      locks: [lock],
      python: pythons,
      imports,
    },
    report,
  );
}
