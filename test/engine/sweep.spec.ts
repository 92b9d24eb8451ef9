import { strict as assert } from "node:assert";
import { type Finished, type ResourceState, TestStack } from "./support/stack";

/** Its accuracy follows from its arguments: the highest is that of lr=0.03 with batch=16. A batch of 0 raises. */
const SCRIPT = `
import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--batch", type=int, default=8)
parser.add_argument("--seconds", type=float, default=0)
arguments = parser.parse_args()
print("val_accuracy=0.1", flush=True)
time.sleep(arguments.seconds)
print("val_accuracy=%.4f" % (0.5 + arguments.lr + 1 / (100 * arguments.batch)), flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;
const GRID = { lr: [0.01, 0.02, 0.03], batch: [8, 16] };
const RAISES = { hyperparameters: { batch: 0 } };

interface Told {
  status: string;
  modelArtifact: string | null;
  metrics: Record<string, number>;
  trainingJobName: string;
  failureReason: string | null;
}

describe("several experiments in one stack", function () {
  this.timeout(600_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  const set = (config: Record<string, unknown>) => {
    const before = (stack.settings() as { config: object }).config;
    stack.write("Pulumi.test.yaml", JSON.stringify({ config: { ...before, ...config } }));
  };
  const up = async (expected = 0): Promise<Finished> => {
    const done = await stack.up("--parallel", "16");
    assert.equal(done.code === 0 ? 0 : 1, expected, done.output);
    return done;
  };
  const experiments = async () => (await stack.outputs()).experiments as Record<string, Told>;
  const trained = async () => (await stack.jobs()).map((job) => job.TrainingJobName).sort();
  const others = (resources: ResourceState[]) =>
    resources
      .filter(({ type, urn }) => !type.startsWith("pulumi-nodejs:") && !/getPartition|providers/.test(urn))
      .map(({ urn, id }) => `${urn} ${id}`)
      .sort();

  it("trains each of a grid once, hands on the best, and trains just what is new", async () => {
    stack = await TestStack.create("grid", {
      script: SCRIPT,
      config: { "training:hyperparameters": { lr: 0.02, batch: 16 } },
    });
    // One experiment first: what it made is kept, its job among them.
    assert.equal((await stack.up()).code, 0);
    const alone = await trained();
    const before = others((await stack.state()).deployment.resources);
    set({ "training:grid": GRID });
    await up();
    const first = await experiments();
    assert.deepEqual(
      Object.keys(first).sort(),
      GRID.lr.flatMap((lr) => GRID.batch.map((batch) => `batch=${batch},lr=${lr}`)).sort(),
    );
    const names = await trained();
    assert.equal(names.length, 6);
    assert.ok(names.includes(alone[0]), `${alone} was not trained again`);
    assert.equal(new Set(Object.values(first).map(({ modelArtifact }) => modelArtifact)).size, 6);
    assert.deepEqual(
      others((await stack.state()).deployment.resources),
      before,
      "all else is shared, and kept",
    );
    const { best, modelArtifact, metrics, leaderboard } = await stack.outputs();
    assert.equal((leaderboard as string).split("\n").length, 2 + 6);
    assert.deepEqual(best, {
      experiment: "batch=8,lr=0.03",
      metric: "val_accuracy",
      goal: "maximize",
      value: 0.5312,
    });
    assert.equal(modelArtifact, first["batch=8,lr=0.03"].modelArtifact);
    assert.deepEqual(metrics, { val_accuracy: 0.5312 });

    const again = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.output);

    // One more, one less; and one that raises, which ends the deployment red and takes nothing from the others.
    set({ "training:experiments": { "one more": { hyperparameters: { lr: 0.04 } } } });
    await up();
    assert.deepEqual((await trained()).filter((name) => !names.includes(name)).length, 1);
    set({ "training:experiments": { renamed: { hyperparameters: { lr: "0.04" } }, raising: RAISES } });
    const red = await up(1);
    assert.match(red.output, /1 of 8 experiments ended without a model/);
    assert.match(red.output, /raising \(grid-[0-9a-f]{8}\): Failed: AlgorithmError/);
    const told = await experiments();
    assert.equal(told.raising.status, "Failed");
    assert.match(String(told.raising.failureReason), /ZeroDivisionError/);
    assert.equal(Object.values(told).filter((each) => each.modelArtifact).length, 7);
    assert.equal(((await stack.outputs()).best as { experiment: string }).experiment, "renamed");
    const eight = await trained();
    assert.equal(eight.length, 8, "a new name trains nothing");

    // As a result the failure stays; it is not tried again.
    set({ "training:onFailure": "record" });
    const green = await up();
    assert.match(green.output, /raising \(grid-[0-9a-f]{8}\): Failed/);
    assert.deepEqual(await trained(), eight);
    set({ "training:experiments": {} });
    await up();
    assert.deepEqual(await trained(), names, "what is taken away is removed, and only that");

    // The best one, and nothing else: its job is the stack's.
    const hyperparameters = { lr: 0.03, batch: 8 };
    set({ "training:grid": {}, "training:onFailure": "fail", "training:hyperparameters": hyperparameters });
    await up();
    assert.deepEqual(await trained(), [first["batch=8,lr=0.03"].trainingJobName]);
    assert.equal((await stack.outputs()).modelArtifact, modelArtifact);
    const settled = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(settled.code, 0, settled.output);

    await stack.ok(["destroy", "--yes"]);
    assert.deepEqual(await trained(), []);
  });

  it("killed while they train: the next up trains none a second time, and a destroy leaves nothing running", async () => {
    const experiments = { a: { runId: "1" }, b: { runId: "2" }, c: { runId: "3" } };
    stack = await TestStack.create("slain", {
      script: SCRIPT,
      config: { "training:experiments": experiments, "training:hyperparameters": { seconds: 10 } },
    });
    const killed = async () => {
      const running = stack.start(["up", "--yes", "--skip-preview", "--parallel", "16"]);
      await running.until(/val_accuracy=0\.1/);
      process.kill(-(running.child.pid as number), "SIGKILL");
      await running.finished;
      await stack.ok(["cancel", "--yes", "test"]);
    };
    await killed();
    await up();
    const jobs = await stack.jobs();
    assert.deepEqual(
      jobs.map((job) => job.TrainingJobStatus),
      ["Completed", "Completed", "Completed"],
    );

    set({ "training:hyperparameters": { seconds: 600 }, "training:deletePolicy": "retain" });
    await killed();
    await stack.ok(["destroy", "--yes"]);
    const left = (await stack.jobs()).map((job) => job.TrainingJobStatus);
    assert.deepEqual(
      left.filter((status) => !["Completed", "Stopped"].includes(status ?? "")),
      [],
    );
    assert.ok(left.includes("Stopped"), `${left}`);
  });
});
