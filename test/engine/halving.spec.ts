import { strict as assert } from "node:assert";
import { type Finished, type ResourceState, TestStack } from "./support/stack";

/**
 * What it learns depends on all that it has learned before, to the last bit: a state of which each epoch makes another, kept in a
 * checkpoint, with the operations that Python and JavaScript do alike. The accuracy follows from it, from lr and from the epoch, so that the best of the first epochs stay the best. With an lr of 0 it raises after
 * the first epoch, and there it waits for `--gate`.
 */
const SCRIPT = `
import argparse, json, os, pathlib, time
parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, required=True)
parser.add_argument("--epochs", type=int, default=4)
parser.add_argument("--stop_after_epoch", type=int)
parser.add_argument("--gate")
arguments = parser.parse_args()
own = pathlib.Path(os.environ["SAGEMAKER_BASE_DIR"], "checkpoints/state.json")
before = pathlib.Path(os.environ.get("SM_CHANNEL_CHECKPOINT", "nowhere"), "state.json")
assert "SM_CHANNEL_CHECKPOINT" not in os.environ or own.is_file() or before.is_file(), "nothing to go on from"
found = next((json.loads(path.read_text()) for path in (own, before) if path.is_file()), {"epoch": 0, "state": 0.3})
epoch, state = found["epoch"], found["state"]
print(f"begun={epoch}", flush=True)
while epoch < min(arguments.epochs, arguments.stop_after_epoch or arguments.epochs):
    epoch += 1
    if epoch > 1 and arguments.lr == 0:
        raise ValueError("lr is 0")
    while epoch > 1 and arguments.gate and not os.path.exists(arguments.gate):
        time.sleep(0.1)
    state = (3 + arguments.lr) * state * (1 - state)
    own.write_text(json.dumps({"epoch": epoch, "state": state}))
accuracy = 0.5 + arguments.lr / 10 + epoch / 100 + state / 1e6
print(f"state={state!r}", flush=True)
print(f"val_accuracy={accuracy!r}", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write(repr(state))
`;

/** What the script prints at the end of a training that nothing interrupts. */
function uninterrupted(lr: number, epochs: number): { state: number; val_accuracy: number } {
  let state = 0.3;
  for (let epoch = 1; epoch <= epochs; epoch++) state = (3 + lr) * state * (1 - state);
  return { state, val_accuracy: 0.5 + lr / 10 + epochs / 100 + state / 1e6 };
}

const METRICS = {
  begun: "begun=([0-9]+)",
  state: "state=([0-9.]+)",
  val_accuracy: "val_accuracy=([0-9.]+)",
};
const RATES = [0.1, 0.8, 0.3, 0.6, 0.5, 0.4, 0.7, 0.2];

interface Told {
  status: string;
  modelArtifact: string | null;
  metrics: Record<string, number>;
  trainingJobName: string;
  failureReason: string | null;
  rung: number;
  epochs: number;
  attempts: unknown[];
}

describe("successive halving", function () {
  this.timeout(900_000);
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
  const outputs = async () =>
    (await stack.outputs()) as {
      experiments: Record<string, Told>;
      best: { experiment: string; value: number };
      modelArtifact: string;
      trainingJobName: string;
      halving: Record<string, number> & { rungs: Record<string, number>[] };
    };
  const trained = async () => (await stack.jobs()).map((job) => job.TrainingJobName).sort();
  const stopAfter = ({ inputs }: ResourceState) =>
    (inputs.hyperparameters as Record<string, number>).stop_after_epoch;

  it("finds the best of the grid with fewer epochs, each run as if uninterrupted, and trains nothing twice", async () => {
    const config = {
      "training:metrics": METRICS,
      "training:grid": { lr: RATES },
      "training:halving": { epochs: [1, 2, 4], keep: 0.5 },
      "training:spot": false,
    };
    stack = await TestStack.create("halving", { script: SCRIPT, config });
    // What nobody knows yet is there all the same: 8, 4 and 2 jobs, for those who look at the money.
    const preview = await stack.ok(["preview", "--json"]);
    const planned = JSON.parse(/^\{$.*^\}$/ms.exec(preview.output)?.[0] ?? "").steps as {
      urn: string;
      newState: { inputs: { resourceConfig: object; stoppingCondition: object } };
    }[];
    const jobs = planned.filter(({ urn }) => /TrainingJob::/.test(urn));
    assert.equal(jobs.length, 8 + 4 + 2);
    assert.equal(new Set(jobs.map(({ newState }) => JSON.stringify(newState.inputs.resourceConfig))).size, 1);

    await up();
    const first = await outputs();
    const names = await trained();
    assert.equal(names.length, 8 + 4 + 2);
    assert.deepEqual(
      (await stack.jobsInState()).map(stopAfter).sort(),
      [1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4],
    );
    // The best of the whole grid, by the formula; and how far each went.
    const whole = RATES.map((lr) => ({ lr, ...uninterrupted(lr, 4) }));
    const wanted = whole.toSorted((a, b) => b.val_accuracy - a.val_accuracy)[0];
    assert.equal(first.best.experiment, `lr=${wanted.lr}`);
    assert.equal(first.modelArtifact, first.experiments[`lr=${wanted.lr}`].modelArtifact);
    assert.equal(first.trainingJobName, first.experiments[`lr=${wanted.lr}`].trainingJobName);
    const epochs = Object.fromEntries(
      Object.entries(first.experiments).map(([label, each]) => [label, each.epochs]),
    );
    assert.deepEqual(epochs, {
      ...{ "lr=0.1": 1, "lr=0.2": 1, "lr=0.3": 1, "lr=0.4": 1 },
      ...{ "lr=0.5": 2, "lr=0.6": 2, "lr=0.7": 4, "lr=0.8": 4 },
    });
    // Begun where the rung before ended, and to the last bit what nobody interrupted.
    for (const lr of RATES) {
      const { metrics, epochs: done } = first.experiments[`lr=${lr}`];
      assert.deepEqual(metrics, { begun: Math.floor(done / 2), ...uninterrupted(lr, done) });
    }
    const { halving } = first;
    assert.deepEqual(
      halving.rungs.map((rung) => [rung.epochs, rung.experiments, rung.failed]),
      [
        [1, 8, 0],
        [2, 4, 0],
        [4, 2, 0],
      ],
    );
    assert.equal(halving.savedSeconds, halving.secondsOfTheGrid - Math.round(halving.secondsSpent));

    const again = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.output);

    // A better one is trained in all rungs, where others fall out. Who is given another place for that finds there what it has learned.
    set({ "training:grid": { lr: RATES.map((lr) => (lr === 0.1 ? 0.9 : lr)) } });
    await up();
    const second = await outputs();
    assert.equal(second.best.experiment, "lr=0.9");
    assert.deepEqual(
      [second.experiments["lr=0.7"].epochs, second.experiments["lr=0.5"].epochs],
      [2, 1],
      "those that fell out",
    );
    for (const [label, { trainingJobName, metrics, epochs: done }] of Object.entries(second.experiments)) {
      const moved = label !== "lr=0.9" && !names.includes(trainingJobName);
      const begun = moved ? done : Math.floor(done / 2);
      assert.deepEqual(metrics, { begun, ...uninterrupted(Number(label.slice(3)), done) }, label);
    }

    // One that raises in the second rung is out.
    set({
      "training:grid": { lr: [0, 0.2, 0.3] },
      "training:halving": { epochs: [1, 2], keep: 0.6 },
      "training:primaryGoal": "minimize",
      "training:onFailure": "record",
    });
    const green = await up();
    assert.match(green.output, /lr=0 \(halving-[0-9a-f]{8}\): Failed: AlgorithmError/);
    const third = await outputs();
    assert.deepEqual([third.experiments["lr=0"].rung, third.experiments["lr=0"].epochs], [2, 1]);
    assert.match(String(third.experiments["lr=0"].failureReason), /lr is 0/);
    assert.equal(third.best.experiment, "lr=0.2");

    await stack.ok(["destroy", "--yes"]);
    assert.deepEqual(await trained(), []);
  });

  it("killed in the second rung: the next up follows it, and trains nothing twice", async () => {
    const config = {
      "training:metrics": METRICS,
      "training:grid": { lr: [0.1, 0.2, 0.3] },
      "training:halving": { epochs: [1, 2], keep: 0.3 },
    };
    stack = await TestStack.create("halfway", { script: SCRIPT, config, gated: true });
    const running = stack.start(["up", "--yes", "--skip-preview", "--parallel", "16"]);
    await running.until(/begun=1/);
    process.kill(-(running.child.pid as number), "SIGKILL");
    await running.finished;
    await stack.ok(["cancel", "--yes", "test"]);
    stack.openGate();
    await up();
    const { best, experiments } = await outputs();
    assert.equal(best.experiment, "lr=0.3");
    assert.deepEqual(experiments["lr=0.3"].metrics, { begun: 1, ...uninterrupted(0.3, 2) });
    assert.deepEqual(
      (await stack.jobs()).map((job) => job.TrainingJobStatus),
      ["Completed", "Completed", "Completed", "Completed"],
    );
  });
});
