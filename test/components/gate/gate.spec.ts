import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { Gate, type GateArgs } from "../../../components/gate/gate";
import { type Model, modelOf } from "../../../components/model";
import { inputsOf, type Program, runProgram, settled } from "../support/program";

const TYPE = "pulumi-nodejs:dynamic/training:Gate";
const READ = "pulumi:pulumi:readStackOutputs";
const model: Model = {
  artifact: "s3://b/m.tar.gz",
  image: "image",
  trainingJobName: "dense-1",
  metrics: { f1: 0.5 },
};
const accepted = {
  modelArtifact: "s3://b/m.tar.gz",
  image: "image",
  trainingJobName: "dense-1",
  metrics: { f1: 0.5 },
};

type Options = Omit<Parameters<typeof runProgram>[1] & {}, "config">;
const run = (rule: Partial<GateArgs>, options: Options = {}) =>
  runProgram(
    () => new Gate("gate", { metric: "f1", goal: "maximize", candidate: pulumi.output(model), ...rule }),
    { made: { gate: accepted }, ...options },
  );
const verdictOf = (program: Program<unknown>) =>
  inputsOf(program, TYPE, "gate").verdict as Record<string, unknown>;
const serving = (modelInService: unknown) => ({ [READ]: { outputs: { modelInService } } });

describe("Gate", () => {
  it("records the model and its verdict, and hands on what it remembers", async () => {
    const program = await run({ limit: 0.4 });
    const { __provider: provider, ...inputs } = inputsOf(program, TYPE, "gate");
    const verdict = { passed: true, metric: "f1", value: 0.5, threshold: 0.4, trainingJobName: "dense-1" };
    assert.deepEqual(inputs, { candidate: model, verdict });
    assert.match(String(provider), /components\/gate\/provider"/);
    assert.deepEqual(program.calls, [], "no stack is asked");
    assert.deepEqual(await settled(program.result.outcome), { ...verdict, accepted: "dense-1" });
    assert.deepEqual(await settled(modelOf(program.result)), model);
  });

  it("asks the stack that serves what is in service, and judges by it", async () => {
    const program = await run(
      { betterThan: "o/d/s" },
      { lookups: serving({ trainingJobName: "dense-0", metrics: { f1: 0.4 }, more: true }) },
    );
    assert.deepEqual(program.calls, [{ token: READ, inputs: { name: "o/d/s" } }]);
    const { passed, threshold } = verdictOf(program);
    assert.deepEqual([passed, threshold], [true, 0.4]);
  });

  it("lets pass what reaches its limit where nothing is in service", async () => {
    const rule = { betterThan: "o/d/s", limit: 0.4 };
    const { passed, threshold } = verdictOf(await run(rule, { lookups: serving(null) }));
    assert.deepEqual([passed, threshold], [true, 0.4]);
  });

  it("claims nothing at preview of a model that is not trained yet, and asks for the stack then", async () => {
    const candidate = pulumi.output(pulumi.unknown as unknown as Model);
    const lookups = serving({ trainingJobName: "dense-0", metrics: { f1: 0.4 } });
    const program = await run({ betterThan: "o/d/s", candidate }, { lookups, preview: true, made: {} });
    assert.equal(program.calls.length, 1);
    const { candidate: judged, verdict } = inputsOf(program, TYPE, "gate");
    assert.deepEqual([judged, verdict], [pulumi.unknown, pulumi.unknown]);
    const known = (program.result.modelArtifact as unknown as { isKnown: Promise<boolean> }).isKnown;
    assert.equal(await known, false);
  });
});
