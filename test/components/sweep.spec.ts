import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "../../components/config";
import { Sweep } from "../../components/sweep";
import { planSweep } from "../../components/sweepPlan";
import { checkInputs } from "../../components/trainingJob/check/check";
import { stackCostLimit } from "../../policies/rules/stackCostLimit";
import { stackInstanceLimit } from "../../policies/rules/stackInstanceLimit";
import { examineStack } from "../policies/support/examine";
import { assertPasses, assertRefuses } from "../policies/support/expect";
import { IMAGE, JOB } from "./support/experimentProgram";
import { inputsOf, type Program, runProgram, settled, typesOf } from "./support/program";

type Config = ReturnType<typeof parseConfig>;

/** Previews a program of several experiments, whose jobs came out before with what is in `made`, by their names in the state. */
function runSweep(
  changes: Record<string, unknown>,
  secret: Partial<Config> = {},
  made: Record<string, Record<string, unknown>> = {},
) {
  const config = parseConfig({
    train: "s3://data/train",
    val: "s3://data/val/",
    experiment: "dense",
    metrics: { loss: "loss=(.*)" },
    hyperparameters: { lr: 0.01, epochs: 4 },
    ...changes,
  });
  return runProgram(
    () => new Sweep("dense", { ...config, ...hidden(secret), variants: planSweep(config).variants }),
    {
      config: { "aws:region": "us-east-1" },
      lookups: { "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": { registryPath: IMAGE } },
      made,
      preview: true,
    },
  );
}

const NULLS = ["attempts", "trainingSeconds", "billableSeconds", "failureReason", "logUrl", "consoleUrl"];
/** What a finished job hands out. */
const COMPLETED = {
  ...Object.fromEntries(NULLS.map((key) => [key, null])),
  ...{ status: "Completed", trainingJobName: "dense-0123", trainingJobArn: "arn", image: "image", cost: {} },
};

const hidden = (values: object): object =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, pulumi.secret(value)]));
const jobs = ({ resources }: Program<unknown>) => resources.filter(({ type }) => type === JOB);
const inputs = (program: Program<unknown>, name: string) => inputsOf(program, JOB, name);

describe("Sweep", () => {
  it("trains a job for each experiment, with bucket, code, role and image in common", async () => {
    const program = await runSweep({ grid: { lr: [0.1, 0.2], batch: [8] } });
    assert.deepEqual(
      jobs(program).map(({ name }) => name),
      ["dense-batch=8,lr=0.1-training", "dense-batch=8,lr=0.2-training"],
    );
    assert.deepEqual(
      typesOf(program).filter((type) => type === "aws:s3/bucket:Bucket" || type === "aws:iam/role:Role"),
      ["aws:iam/role:Role", "aws:s3/bucket:Bucket"],
    );
    const [one, two] = jobs(program).map(({ name }) => inputs(program, name));
    assert.deepEqual(one.hyperparameters, { lr: 0.1, epochs: 4, batch: 8 });
    assert.deepEqual(two.hyperparameters, { lr: 0.2, epochs: 4, batch: 8 });
    for (const key of ["roleArn", "sourceUri", "outputDataConfig", "baseJobName", "algorithmSpecification"]) {
      assert.deepEqual(one[key], two[key], key);
    }
  });

  it("keeps what a stack of one experiment made: the same component, and the job that trained the same", async () => {
    const program = await runSweep({
      experiments: { a: { hyperparameters: { lr: "0.01" } }, b: { runId: "2" } },
    });
    const component = program.resources.find(({ name }) => name === "dense");
    assert.equal(component?.type, "training:index:Experiment");
    const aliases = Object.fromEntries(jobs(program).map(({ name, aliases: each }) => [name, each]));
    assert.deepEqual(aliases, { "dense-lr=0.01-training": ["dense-training"], "dense-runId=2-training": [] });
    const plain = await runSweep({ experiments: { base: {}, b: { runId: "2" } } });
    assert.deepEqual(
      jobs(plain).map(({ name }) => name),
      ["dense-training", "dense-runId=2-training"],
    );
  });

  it("hands on what an experiment has for itself: machine with its image, script, data and limits", async () => {
    const program = await runSweep({
      experiments: {
        gpu: {},
        cpu: {
          instanceType: "ml.m5.large",
          entryPoint: "minimal.py",
          train: "s3://more/images",
          maxRun: "10m",
        },
      },
    });
    const cpu = inputs(program, jobs(program)[1].name);
    assert.deepEqual(cpu.resourceConfig, { instanceType: "ml.m5.large", instanceCount: 1 });
    assert.equal(cpu.entryPoint, "minimal.py");
    assert.equal(cpu.maxRun, "10m");
    const tags = program.calls
      .filter(({ token }) => token.includes("getPrebuiltEcrImage"))
      .map(({ inputs: { imageTag } }) => imageTag);
    assert.deepEqual(tags, ["2.4.0-gpu-py311", "2.4.0-cpu-py311"]);
    const { policy } = inputsOf(program, "aws:iam/rolePolicy:RolePolicy", "dense-execution-policy");
    for (const uri of ["data/train/", "data/val/", "more/images/"])
      assert.ok(String(policy).includes(uri), uri);
  });

  it("refuses a script that is not in the code, before anything is created", async () => {
    await assert.rejects(
      async () => runSweep({ experiments: { a: {}, b: { entryPoint: "none.py" } } }),
      /entryPoint none\.py is not in train/,
    );
  });

  it("keeps what is secret so, where an experiment adds to it", async () => {
    const program = await runSweep(
      { experiments: { a: { hyperparameters: { lr: 1 } } } },
      { hyperparameters: { token: "t0ken" } },
    );
    const { hyperparameters, secretInputs } = inputs(program, "dense-lr=1-training");
    assert.deepEqual(secretInputs, [["hyperparameters"]]);
    assert.ok(JSON.stringify(hyperparameters).includes("t0ken"));
    assert.ok(!JSON.stringify(program.result.experiments.a.settings).includes("t0ken"));
  });

  it("takes a failure for a result, or has it tried again", async () => {
    const failure = async (changes: object) => {
      const program = await runSweep({ experiments: { a: { runId: "1" } }, ...changes });
      return inputs(program, "dense-runId=1-training").onFailure;
    };
    assert.equal(await failure({}), "retry");
    assert.equal(await failure({ onFailure: "record" }), "record");
  });

  it("hands on the best one's outputs, and tells how each came out", async () => {
    const { result } = await runSweep(
      { experiments: { a: { runId: "1" }, b: { runId: "2" }, c: { runId: "3" } } },
      {},
      {
        "dense-runId=1-training": { ...COMPLETED, modelArtifact: "s3://a", metrics: { loss: 2 } },
        "dense-runId=2-training": { ...COMPLETED, modelArtifact: "s3://b", metrics: { loss: 1 } },
        "dense-runId=3-training": {
          ...COMPLETED,
          status: "Failed",
          modelArtifact: null,
          metrics: { loss: 0 },
        },
      },
    );
    assert.deepEqual(await settled(result.best), {
      experiment: "b",
      metric: "loss",
      goal: "minimize",
      value: 1,
    });
    assert.equal(await settled(result.job.modelArtifact), "s3://b");
    assert.deepEqual(await settled(result.job.metrics), { loss: 1 });
    assert.deepEqual(await settled(pulumi.output(result.experiments.a.status)), "Completed");
    assert.deepEqual(result.experiments.c.settings, { runId: "3" });
    assert.equal(await settled(result.experiments.c.modelArtifact as pulumi.Output<unknown>), null);
  });

  it("is judged by the rules on a stack as the sum of its jobs, at preview", async () => {
    const program = await runSweep({ grid: { lr: [1, 2, 3, 4], instanceCount: [3] }, maxRun: "10h" });
    const resources = jobs(program).map(({ name, inputs: each }) => ({
      type: JOB,
      name,
      props: checkInputs({ ...each, outputDataConfig: { s3OutputPath: "s3://b/artifacts" } }).inputs,
    })) as unknown as Parameters<typeof examineStack>[1];
    assert.equal(resources.length, 4);
    assertRefuses(
      examineStack(stackInstanceLimit, resources, {}, { maxStackInstances: 11 }),
      "runs on 12 instances at a time",
      "the limit is 11",
    );
    assertPasses(examineStack(stackInstanceLimit, resources, {}, { maxStackInstances: 12 }));
    // 4 x 3 x ml.g5.xlarge for 10 h.
    assertRefuses(examineStack(stackCostLimit, resources, {}, { maxStackCostUsd: 100 }), "may cost up to 1");
    assertPasses(examineStack(stackCostLimit, resources, {}, { maxStackCostUsd: 200 }));
  });
});
