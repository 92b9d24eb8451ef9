import assert from "node:assert/strict";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "../../components/config";
import { isUnread } from "../../components/sourceArguments";
import type { SourceFile } from "../../components/sourceFiles";
import { Sweep } from "../../components/sweep";
import { planSweep } from "../../components/sweepPlan";
import { UNKNOWN } from "../../components/trainingJob/args/unknown";
import { checkInputs } from "../../components/trainingJob/check/check";
import { moneyRules } from "../../policies/rules/index";
import { stackCostLimit } from "../../policies/rules/stackCostLimit";
import { stackInstanceLimit } from "../../policies/rules/stackInstanceLimit";
import { examine, examineStack } from "../policies/support/examine";
import { assertPasses, assertRefuses } from "../policies/support/expect";
import { IMAGE, JOB } from "./support/experimentProgram";
import { inputsOf, type Program, runProgram, settled } from "./support/program";

type Made = Record<string, Record<string, unknown>>;

/** Previews a program with successive halving, whose jobs came out before with what is in `made`, by their names in the state. */
function runHalving(changes: Record<string, unknown> = {}, made: Made = {}, secret: object = {}) {
  const config = parseConfig({
    ...{ train: "s3://data/train", val: "s3://data/val/", experiment: "dense", spot: false },
    metrics: { f1: "f1=(.*)" },
    grid: { lr: [1, 2, 3, 4] },
    halving: { epochs: [1, 2, 4] },
    ...changes,
  });
  const { variants } = planSweep(config);
  return runProgram(() => new Sweep("dense", { ...config, ...secret, variants }), {
    config: { "aws:region": "us-east-1" },
    lookups: { "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": { registryPath: IMAGE } },
    made,
    preview: true,
  });
}

/** What a finished job hands out. */
const completed = (name: string, f1: number | undefined, changes: object = {}) => ({
  ...{
    status: "Completed",
    trainingJobName: name,
    trainingJobArn: "arn",
    image: "image",
    cost: { basis: "b" },
  },
  ...{ failureReason: null, logUrl: "log", consoleUrl: "console", timeline: [] },
  ...{ trainingSeconds: 40, billableSeconds: 40, attempts: [{ trainingJobName: name, trainingSeconds: 40 }] },
  ...{ modelArtifact: `s3://b/${name}`, metrics: f1 === undefined ? {} : { f1 } },
  ...changes,
});
const FAILED = { status: "Failed", modelArtifact: null, failureReason: "AlgorithmError: no" };
/** The first rung: lr=3 before lr=2, lr=1 and lr=4. */
const FIRST: Made = {
  "dense-lr=1-training": completed("dense-00000001-2", 0.4),
  "dense-lr=2-training": completed("dense-00000002", 0.6),
  "dense-lr=3-training": completed("dense-00000003-3-od", 0.8),
  "dense-lr=4-training": completed("dense-00000004", 0.1),
};

const jobs = ({ resources }: Program<unknown>) => resources.filter(({ type }) => type === JOB);
const names = (program: Program<unknown>) => jobs(program).map(({ name }) => name);
const inputs = (program: Program<unknown>, name: string) => inputsOf(program, JOB, name);
/** The job of a later rung that trains with this learning rate. */
function later(program: Program<unknown>, lr: number) {
  const found = jobs(program).filter(
    ({ name, inputs: { hyperparameters: each } }) =>
      name.includes("-rung") && (each as { lr?: number }).lr === lr,
  );
  assert.equal(found.length, 1, `lr=${lr}`);
  return found[0].inputs;
}
/** What a provider gets in place of a value that is not known yet. */
const asSent = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll('{"__pulumiUnknown":true}', JSON.stringify(UNKNOWN)));

describe("a Sweep with successive halving", () => {
  it("trains all for the first rung, with checkpoints also without spot", async () => {
    const program = await runHalving();
    const first = inputs(program, "dense-lr=1-training");
    assert.deepEqual(first.hyperparameters, { lr: 1, epochs: 4, stop_after_epoch: 1 });
    assert.deepEqual(first.checkpointConfig, { s3Uri: "s3://dense-store-bucket-1a2b/checkpoints/{job}" });
    assert.equal(first.enableManagedSpotTraining, undefined);
    assert.equal(first.spot, undefined);
  });

  it("shows every place at preview, with all that does not depend on who takes it", async () => {
    const program = await runHalving();
    assert.deepEqual(names(program).slice(4), [
      "dense-rung2-1-training",
      "dense-rung2-2-training",
      "dense-rung3-1-training",
    ]);
    const first = inputs(program, "dense-lr=1-training");
    for (const name of names(program).slice(4)) {
      const place = inputs(program, name);
      assert.ok(pulumi.isUnknown(place.hyperparameters), name);
      for (const key of [
        "resourceConfig",
        "maxRun",
        "entryPoint",
        "environment",
        "checkpointConfig",
        "roleArn",
      ]) {
        assert.deepEqual(place[key], first[key], `${name}: ${key}`);
      }
    }
  });

  it("takes the best on from their checkpoints", async () => {
    const program = await runHalving({}, FIRST);
    const [one, two] = [2, 3].map((lr) => later(program, lr));
    assert.deepEqual(one.hyperparameters, { lr: 2, epochs: 4, stop_after_epoch: 2 });
    assert.deepEqual(two.hyperparameters, { lr: 3, epochs: 4, stop_after_epoch: 2 });
    // An attempt's number is no part of where its checkpoints are.
    const channel = (place: typeof one) => (place.inputDataConfig as { channelName: string }[])[2];
    assert.deepEqual(channel(one), {
      channelName: "checkpoint",
      dataSource: {
        s3DataSource: {
          s3DataType: "S3Prefix",
          s3Uri: "s3://dense-store-bucket-1a2b/checkpoints/dense-00000002/",
          s3DataDistributionType: "FullyReplicated",
        },
      },
    });
    assert.match(JSON.stringify(channel(two)), /checkpoints\/dense-00000003\/"/);
    assert.deepEqual(
      (one.inputDataConfig as object[]).slice(0, 2),
      inputs(program, "dense-lr=2-training").inputDataConfig,
    );
    // And its own are in a place of its own: those of the first rung stay as they are.
    assert.deepEqual(one.checkpointConfig, { s3Uri: "s3://dense-store-bucket-1a2b/checkpoints/{job}" });
  });

  it("sets another script's argument, and nothing else", async () => {
    const program = await runHalving({ halving: { epochs: [10, 20], argument: "epochs" } }, FIRST);
    assert.deepEqual(inputs(program, "dense-lr=1-training").hyperparameters, { lr: 1, epochs: 10 });
    assert.deepEqual(later(program, 3).hyperparameters, { lr: 3, epochs: 20 });
  });

  it("hands on the best of the last rung, and tells how far each went and what was saved", async () => {
    const { result } = await runHalving(
      {},
      {
        ...FIRST,
        "dense-rung2-1-training": completed("dense-00000021", 0.75),
        "dense-rung2-2-training": completed("dense-00000022", 0.7),
        "dense-rung3-1-training": completed("dense-00000031", 0.5),
      },
    );
    // The first place is lr=3's. lr=2 has the higher figure, of fewer epochs.
    assert.deepEqual(await settled(result.best), {
      experiment: "lr=3",
      metric: "f1",
      goal: "maximize",
      value: 0.5,
    });
    assert.equal(await settled(result.job.modelArtifact), "s3://b/dense-00000031");
    assert.equal(await settled(result.job.trainingSeconds), 120);
    const told = await settled(pulumi.output(result.experiments));
    const far = Object.entries(told).map(([label, { rung, epochs, trainingJobName }]) => [
      label,
      rung,
      epochs,
      trainingJobName,
    ]);
    assert.deepEqual(far, [
      ["lr=1", 1, 1, "dense-00000001-2"],
      ["lr=2", 2, 2, "dense-00000022"],
      ["lr=3", 3, 4, "dense-00000031"],
      ["lr=4", 1, 1, "dense-00000004"],
    ]);
    const table = (await settled(result.leaderboard)).split("\n");
    assert.match(table[0], /\| lr \| epochs \| f1 /);
    assert.deepEqual(
      table.slice(2).map((line) => line.split(" | ").slice(1, 5)),
      [
        ["lr=3", "3", "4", "0.5"],
        ["lr=2", "2", "2", "0.7"],
        ["lr=1", "1", "1", "0.4"],
        ["lr=4", "4", "1", "0.1"],
      ],
    );
    assert.match(await settled(result.readme), /Best: \*\*lr=3\*\*, f1 0\.5/);
    const saved = await settled(result.halving as pulumi.Output<{ secondsSpent: number }>);
    assert.equal(saved.secondsSpent, 7 * 40);
  });

  it("leaves places empty where fewer are left, and has no best one where none came to the end", async () => {
    const program = await runHalving(
      { onFailure: "record" },
      {
        ...FIRST,
        "dense-lr=1-training": completed("dense-00000001", undefined),
        "dense-lr=2-training": completed("dense-00000002", 0.9, FAILED),
        "dense-lr=4-training": completed("dense-00000004", 0.9, FAILED),
        "dense-rung2-1-training": completed("dense-00000013", 0.9, FAILED),
      },
    );
    assert.deepEqual(names(program).slice(4), ["dense-rung2-1-training"]);
    assert.deepEqual(inputs(program, "dense-rung2-1-training").hyperparameters, {
      lr: 3,
      epochs: 4,
      stop_after_epoch: 2,
    });
    assert.equal(inputs(program, "dense-rung2-1-training").onFailure, "record");
    assert.equal(await settled(program.result.best), undefined);
    const { rung, epochs, status } = await settled(pulumi.output(program.result.experiments["lr=3"]));
    assert.deepEqual([rung, epochs, status], [2, 1, "Failed"]);
  });

  it("hands on what an experiment has for itself, and keeps secrets so", async () => {
    const grid = { lr: [1, 2], "environment.MODE": ["a", "b"], entryPoint: ["train.py", "minimal.py"] };
    const made = Object.fromEntries(
      [1, 2].flatMap((lr) =>
        ["a", "b"].flatMap((mode) =>
          ["train", "minimal"].map((script) => [
            `dense-entryPoint=${script}.py,environment.MODE=${mode},lr=${lr}-training`,
            completed(`dense-0000000${lr}`, lr + (mode === "a" ? 0 : 10) + (script === "train" ? 0 : 100)),
          ]),
        ),
      ),
    );
    const hyperparameters = pulumi.secret({ token: "t0ken" });
    const program = await runHalving({ grid, halving: { epochs: [1, 2], keep: 0.1 } }, made, {
      hyperparameters,
    });
    const place = inputs(program, "dense-rung2-1-training");
    assert.equal(place.entryPoint, "minimal.py");
    assert.deepEqual(place.environment, { MODE: "b" });
    assert.ok(JSON.stringify(place.hyperparameters).includes("t0ken"));
    assert.deepEqual(place.secretInputs, [["hyperparameters"]]);
  });

  it("warns of a source that would pass the checkpoints over", async () => {
    const file = (content: string) => [{ path: "a.py", content: Buffer.from(content) }] as SourceFile[];
    for (const read of ["env['SM_CHANNEL_CHECKPOINT']", "/opt/ml/input/data/checkpoint", "SM_CHANNELS"])
      assert.equal(isUnread(file(read), "checkpoint"), false);
    assert.equal(isUnread(file("SM_CHANNEL_TRAIN /opt/ml/checkpoints"), "checkpoint"), true);
  });

  it("is judged by every rule on money at the first preview, each place as a job of the first rung", async () => {
    const program = await runHalving({ maxRun: "100h", instanceType: "ml.p4d.24xlarge", instanceCount: 99 });
    const [first, place] = ["dense-lr=1-training", "dense-rung2-1-training"].map((name) => ({
      type: JOB,
      name: "dense",
      props: checkInputs(asSent(inputs(program, name)) as Record<string, unknown>)
        .inputs as unknown as Record<string, unknown>,
    }));
    let refused = 0;
    for (const policy of moneyRules) {
      if (!("validateResource" in policy)) continue;
      const verdict = examine(policy as ResourceValidationPolicy, place);
      assert.deepEqual(verdict, examine(policy as ResourceValidationPolicy, first), policy.name);
      refused += verdict.violations.length;
    }
    assert.ok(refused >= 4, `${refused} violations`);
  });

  it("is judged by the rules on a stack as the sum of all its rungs, at the first preview", async () => {
    const program = await runHalving({ maxRun: "10h", instanceCount: 3, spot: true });
    const resources = jobs(program).map(({ name, inputs: each }) => ({
      type: JOB,
      name,
      props: checkInputs(asSent(each) as Record<string, unknown>).inputs,
    })) as unknown as Parameters<typeof examineStack>[1];
    assert.equal(resources.length, 4 + 2 + 1);
    assert.equal(JSON.stringify(resources).split(`"hyperparameters":"${UNKNOWN}"`).length, 1 + 2 + 1);
    const instances = (maxStackInstances: number) =>
      examineStack(stackInstanceLimit, resources, {}, { maxStackInstances });
    assertRefuses(instances(20), "runs on 21 instances at a time", "the limit is 20");
    assertPasses(instances(21));
    // 7 x 3 x ml.g5.xlarge for 10 h.
    const usd = (maxStackCostUsd: number) => examineStack(stackCostLimit, resources, {}, { maxStackCostUsd });
    assertRefuses(usd(250), "may cost up to 29");
    assertPasses(usd(350));
  });
});
