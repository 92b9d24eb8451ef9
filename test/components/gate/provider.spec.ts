import assert from "node:assert/strict";
import { gateProvider } from "../../../components/gate/provider";
import type { GateInputs, GateState } from "../../../components/gate/state";
import { UNKNOWN } from "../../../components/trainingJob/args/unknown";

const model = (name: string) => ({
  artifact: `s3://b/${name}/model.tar.gz`,
  image: "image",
  trainingJobName: name,
  metrics: { f1: 0.5 },
});
const judged = (name: string, passed: boolean, threshold = 0.9): GateInputs => ({
  candidate: model(name),
  verdict: {
    passed,
    metric: "f1",
    value: 0.5,
    threshold,
    trainingJobName: name,
    ...(passed ? {} : { reason: "no" }),
  },
});
const { diff, create, update } = gateProvider as Required<typeof gateProvider>;
const accepted = ({ modelArtifact, image, trainingJobName, metrics }: GateState) => ({
  modelArtifact,
  image,
  trainingJobName,
  metrics,
});
const of = (name: string) => {
  const { artifact, ...others } = model(name);
  return { modelArtifact: artifact, ...others };
};
const made = async (inputs: GateInputs): Promise<GateState> =>
  (await create({ ...inputs, __provider: "text" })).outs;
const updated = async (olds: GateState, inputs: GateInputs): Promise<GateState> =>
  (await update("gate", olds, { ...inputs, __provider: "text" })).outs;
const NONE = { modelArtifact: undefined, image: undefined, trainingJobName: undefined, metrics: undefined };

describe("the memory of a gate", () => {
  it("has the model that passed, and records one that did not", async () => {
    const first = await made(judged("a", false));
    assert.deepEqual(accepted(first), NONE);
    assert.ok(!("modelArtifact" in first), "a value that is undefined cannot go to the engine");
    assert.deepEqual(first.verdict, judged("a", false).verdict);
    const passed = await updated(first, judged("b", true));
    assert.deepEqual(accepted(passed), of("b"));
    assert.deepEqual(accepted(await made(judged("a", true))), of("a"));
  });

  it("keeps the last one that passed, through any that did not", async () => {
    let state = await made(judged("a", true));
    for (const name of ["b", "c"]) state = await updated(state, judged(name, false));
    assert.deepEqual(accepted(state), of("a"));
    assert.equal(state.candidate?.trainingJobName, "c");
    state = await updated(state, { verdict: { passed: false, metric: "f1", reason: "none" } });
    assert.deepEqual(accepted(state), of("a"));
    assert.ok(!("candidate" in state), "there is none");
    assert.deepEqual(accepted(await updated(state, judged("c", true))), of("c"));
  });

  it("changes with the model and with what is asked of it, and with nothing else", async () => {
    const state = { ...(await made(judged("a", true))), __provider: "text" };
    const changes = async (news: object) =>
      (await diff("gate", state, { ...news, __provider: "newer" })).changes;
    assert.equal(await changes(judged("a", true)), false);
    assert.equal(await changes({ candidate: undefined, ...judged("a", true) }), false);
    assert.equal(await changes(judged("b", true)), true);
    assert.equal(await changes(judged("a", true, 0.8)), true);
    assert.equal(await changes(judged("a", false)), true);
  });

  it("may change where a value is not known yet", async () => {
    const state = await made(judged("a", true));
    const unknown = { candidate: UNKNOWN, verdict: UNKNOWN };
    assert.equal((await diff("gate", state, unknown)).changes, true);
    const { verdict } = judged("a", true);
    assert.equal(
      (await diff("gate", state, { candidate: { ...model("a"), image: UNKNOWN }, verdict })).changes,
      true,
    );
  });
});
