import assert from "node:assert/strict";
import type { z } from "zod";
import { CONFIG_KEYS, schema } from "../../components/configSchema";
import { KEY, runExperiment } from "./support/experimentProgram";
import type { Program } from "./support/program";

/** Everything that a program asked for, as one text. */
/** What a program asks for. The first one of a process has the provider started besides. */
const seen = ({ resources, calls }: Program<unknown>): string =>
  JSON.stringify([resources, calls.filter(({ token }) => !token.endsWith("sagemaker:start"))]);

/** A change of each key, with what the key needs beside it: what it does alone is another test's. */
const CHANGES: Record<string, Record<string, unknown>> = {
  experiment: { experiment: "other" },
  runId: { runId: "2" },
  sourceDir: { sourceDir: "components", entryPoint: "config.ts" },
  entryPoint: { entryPoint: "data.py" },
  hyperparameters: { hyperparameters: { epochs: 5 } },
  environment: { environment: { SEED: "1" } },
  distribution: { distribution: "pytorchddp" },
  metrics: { metrics: { loss: "x" } },
  primaryMetric: { metrics: { accuracy: "y", loss: "x" }, primaryMetric: "accuracy" },
  train: { train: "s3://other/train/" },
  val: { val: "s3://other/val/" },
  fingerprintData: { fingerprintData: true },
  instanceType: { instanceType: "ml.g5.2xlarge" },
  instanceCount: { instanceCount: 2 },
  maxRun: { maxRun: "3h" },
  spot: { spot: false },
  maxWait: { maxWait: "9h" },
  fallback: { fallback: "on-demand" },
  keepAlive: { spot: false, keepAlive: "10m" },
  onCancel: { onCancel: "stop" },
  deletePolicy: { deletePolicy: "delete" },
  livePrices: { livePrices: true },
  dashboard: { dashboard: true },
  notify: { notify: ["a@example.org"] },
  frameworkVersion: { frameworkVersion: "2.5.1" },
  pythonVersion: { frameworkVersion: "99.0.0", pythonVersion: "py312" },
  dockerfile: { dockerfile: "docker/Dockerfile" },
  imageRepository: { imageRepository: "team/trainer", imageTag: "v1" },
  imageTag: { imageRepository: "team/trainer", imageTag: "v2" },
  bucketName: { bucketName: "ours" },
  roleArn: { roleArn: "arn:aws:iam::1:role/theirs" },
  kmsKeyArn: { kmsKeyArn: KEY },
  subnets: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] },
  securityGroupIds: { subnets: ["subnet-1"], securityGroupIds: ["sg-2"] },
  imageUri: { imageUri: "111122223333.dkr.ecr.us-east-1.amazonaws.com/a:b" },
  permissionsBoundary: { permissionsBoundary: "arn:aws:iam::aws:policy/x" },
  dataKmsKeyArns: { dataKmsKeyArns: [KEY] },
  networkIsolation: { networkIsolation: true },
  tags: { tags: { team: "imaging" } },
};

/** What only several experiments have: sweep.spec.ts and halving.spec.ts see to it. */
const OF_SEVERAL = ["experiments", "grid", "halving", "primaryGoal", "onFailure"];
/** What is about the model of an experiment: gate/gate.spec.ts sees to it. */
const OF_THE_MODEL = ["gate"];

describe("Experiment", () => {
  let base: string;
  before(async () => {
    base = seen(await runExperiment());
    assert.equal(seen(await runExperiment()), base, "without a change nothing changes");
  });

  it("may be changed in every key of the configuration, each to be seen in what it asks for", async function () {
    this.timeout(600_000);
    assert.deepEqual(
      [...Object.keys(CHANGES), ...OF_SEVERAL, ...OF_THE_MODEL].sort(),
      [...CONFIG_KEYS].sort(),
    );
    const all = new Set([base]);
    for (const [key, change] of Object.entries(CHANGES)) {
      const program = await runExperiment(change);
      assert.ok(!all.has(seen(program)), `${key} changes nothing`);
      all.add(seen(program));
    }
  });

  it("drops no key: set alone, each changes what is asked for or is refused by its name", async function () {
    this.timeout(600_000);
    for (const [key, type] of Object.entries(schema.shape)) {
      if (key === "experiments" || key === "grid" || key === "gate") continue; // taken elsewhere
      for (const value of samples(key, type)) {
        let after: string;
        try {
          after = seen(await runExperiment({ [key]: value }));
        } catch (error) {
          assert.match((error as Error).message, new RegExp(`training:${key}\\b|\\b${key} `), key);
          continue;
        }
        assert.notEqual(after, base, `${key}: ${JSON.stringify(value)} changes nothing`);
      }
    }
  });
});

/** Texts that a key may be about: what it takes of them is tried. */
const TEXTS = [
  "other",
  "minimize",
  "s3://other/data/",
  "ml.g5.2xlarge",
  "9h",
  "2.5.1",
  "py312",
  "arn:aws:iam::111122223333:role/theirs",
  "arn:aws:iam::111122223333:policy/boundary",
  "111122223333.dkr.ecr.us-east-1.amazonaws.com/team/trainer:v1",
  KEY,
];

/** Values that the schema takes for a key, other than its default: derived from its type, so that a new key is tried too. */
function samples(key: string, type: z.ZodType): unknown[] {
  const byDefault = type.safeParse(undefined).data;
  const options = (type.def as { innerType?: { options?: string[] } }).innerType?.options ?? [];
  const candidates = [
    true,
    false,
    2,
    { a: "b" },
    ["subnet-1"],
    [KEY],
    ["a@example.org"],
    ...options,
    ...TEXTS,
  ];
  const taken = candidates.filter(
    (value) => type.safeParse(value).success && JSON.stringify(value) !== JSON.stringify(byDefault),
  );
  assert.ok(taken.length > 0, `no sample for ${key}: add a text that it takes`);
  return options.length > 0 ? taken : taken.slice(0, 1);
}
