import assert from "node:assert/strict";
import { JOB, runExperiment } from "./support/experimentProgram";

/** Names that the job of a stack goes by besides its own, after a deployment with these experiments. */
async function formerNames(
  stack: Record<string, unknown>,
  experiments: Record<string, { settings: unknown }>,
  more: Record<string, unknown> = {},
): Promise<string[]> {
  const { resources } = await runExperiment(stack, { bucket: "before", experiments, ...more });
  const jobs = resources.filter(
    ({ type, name }) => type.startsWith(JOB) && name.startsWith("dense-training"),
  );
  assert.equal(jobs.length, 2);
  return jobs.flatMap(({ name, aliases }) => aliases.filter((alias) => alias !== name)).sort();
}

describe("a stack that had several experiments and has one", () => {
  const experiments = {
    low: { settings: { hyperparameters: { lr: 0.01 } } },
    high: { settings: { hyperparameters: { lr: 0.1 } } },
  };
  const stack = { hyperparameters: { epochs: 4, lr: "0.1" } };

  it("has the job, with its owner, of the one that set the same", async () => {
    assert.deepEqual(await formerNames(stack, experiments), [
      "dense-lr=0.1-training",
      "dense-lr=0.1-training-owner",
    ]);
  });

  it("has none of them where none set the same, or two did", async () => {
    assert.deepEqual(await formerNames({ hyperparameters: { epochs: 4 } }, experiments), []);
    const twice = { ...experiments, named: { settings: { hyperparameters: { epochs: 4, lr: 0.1 } } } };
    assert.deepEqual(await formerNames(stack, twice), []);
  });

  it("has the job that it always had where it had one experiment, or that set nothing", async () => {
    assert.deepEqual(await formerNames(stack, {}), []);
    assert.deepEqual(await formerNames(stack, { base: { settings: {} } }), []);
  });

  it("trains again after rungs: the job of an experiment is that of a part of its epochs", async () => {
    assert.deepEqual(await formerNames(stack, experiments, { halving: { rungs: [] } }), []);
  });
});
