import assert from "node:assert/strict";
import { parseConfig } from "../../components/config";
import { argumentsOf, halvingOf, placesOf } from "../../components/halvingPlan";
import { planSweep } from "../../components/sweepPlan";

const BASE = {
  train: "s3://data/train/",
  val: "s3://data/val/",
  metrics: { loss: "loss=(.*)" },
  grid: { lr: [1, 2, 3, 4, 5, 6, 7, 8] },
  halving: { epochs: [1, 2, 4] },
};
const HALVING = { epochs: [1, 2, 4], keep: 0.5, argument: "stop_after_epoch" };

function refuses(changes: Record<string, unknown>, ...words: string[]): void {
  assert.throws(
    () => parseConfig({ ...BASE, ...changes }),
    ({ message }: Error) => {
      for (const each of words) assert.ok(message.includes(each), `${message}\nhas no ${each}`);
      return true;
    },
  );
}

describe("halvingOf", () => {
  it("is nothing where the stack does not want it", () => {
    assert.equal(halvingOf(parseConfig({ ...BASE, halving: {} })), undefined);
    assert.equal(halvingOf(parseConfig({ ...BASE, halving: undefined })), undefined);
  });

  it("keeps half, and sets train.py's argument", () => {
    assert.deepEqual(halvingOf(parseConfig(BASE)), HALVING);
    assert.deepEqual(
      halvingOf(parseConfig({ ...BASE, halving: { epochs: [1, 9], keep: 0.2, argument: "n" } })),
      {
        epochs: [1, 9],
        keep: 0.2,
        argument: "n",
      },
    );
  });

  it("reads the texts that `pulumi config set --path` writes", () => {
    const config = parseConfig({ ...BASE, halving: { epochs: ["1", "2", 4], keep: "0.5" } });
    assert.deepEqual(halvingOf(config), HALVING);
  });

  it("makes no other experiments: their names are the same without it", () => {
    const names = (halving: object) =>
      planSweep(parseConfig({ ...BASE, halving })).variants.map(({ name }) => name);
    assert.deepEqual(names(BASE.halving), names({}));
  });
});

describe("placesOf", () => {
  const places = (experiments: number, keep: number, rungs = 3) =>
    placesOf({ ...HALVING, keep, epochs: Array.from({ length: rungs }, (_, at) => at + 1) }, experiments);

  it("is a fraction of the rung before, rounded up, and at least one", () => {
    assert.deepEqual(places(8, 0.5), [8, 4, 2]);
    assert.deepEqual(places(9, 0.5), [9, 5, 3]);
    assert.deepEqual(places(27, 1 / 3, 4), [27, 9, 3, 1]);
    assert.deepEqual(places(2, 0.01, 2), [2, 1]);
    assert.deepEqual(places(10, 0.7, 2), [10, 7]);
  });
});

describe("argumentsOf", () => {
  it("tells train.py the whole and where to stop, and another script what it is said to take", () => {
    assert.deepEqual(argumentsOf(HALVING, 0), { epochs: 4, stop_after_epoch: 1 });
    assert.deepEqual(argumentsOf(HALVING, 2), { epochs: 4, stop_after_epoch: 4 });
    assert.deepEqual(argumentsOf({ ...HALVING, argument: "epochs" }, 1), { epochs: 2 });
    assert.deepEqual(argumentsOf({ ...HALVING, argument: "steps" }, 1), { steps: 2 });
  });
});

describe("halvingFaults", () => {
  it("refuses rungs that do not rise, are none, or are no epochs", () => {
    for (const epochs of [
      [1, 1],
      [2, 1],
      [1, 3, 2],
    ])
      refuses({ halving: { epochs } }, "training:halving.epochs: must rise");
    refuses({ halving: { epochs: [4] } }, "training:halving.epochs: use two rungs or more");
    refuses({ halving: { epochs: [0, 1] } }, "training:halving.epochs.0: ");
    refuses({ halving: { epochs: [1.5, 2] } }, "training:halving.epochs.0: ");
    refuses({ halving: { epochs: 4 } }, "training:halving.epochs: use a list of epochs");
    refuses({ halving: { keep: 0.5 } }, "training:halving.epochs: use a list of epochs");
    refuses(
      { halving: { epochs: [1, 2], kep: 0.5 } },
      "training:halving: has no kep: use epochs, keep and argument",
    );
  });

  it("refuses a fraction that is none", () => {
    for (const keep of [0, 1, 2, -1]) {
      refuses({ halving: { epochs: [1, 2], keep } }, "training:halving.keep: must be between 0 and 1");
    }
  });

  it("refuses rungs that leave all", () => {
    const halving = { epochs: [1, 2, 4], keep: 0.5 };
    refuses({ halving: { ...halving, keep: 0.9 } }, "takes all 8 that are left on to 2 epochs");
    refuses(
      { halving, grid: { lr: [1, 2] } },
      "takes the only one that is left on to 4 epochs: of 2 experiments",
    );
  });

  it("refuses one experiment, and none, and several without a metric", () => {
    refuses({ grid: { lr: [1] } }, "training:halving: needs several experiments: there is 1");
    refuses({ grid: {} }, "training:halving: has no effect without training:experiments or training:grid");
    refuses({ metrics: {} }, "training:metrics: must name a metric");
  });

  it("refuses experiments that set what the rungs set", () => {
    refuses(
      { grid: { epochs: [1, 2, 3] } },
      "training:halving: epochs=1: hyperparameters.epochs is set by training:halving",
    );
    refuses(
      { experiments: { a: { hyperparameters: { stop_after_epoch: 1 } } } },
      "a: hyperparameters.stop_after_epoch is set by training:halving",
    );
    const other = { ...BASE.halving, argument: "steps" };
    refuses({ halving: other, grid: { steps: [1, 2, 3, 4] } }, "hyperparameters.steps is set by");
    // Of another script nothing else is known.
    parseConfig({ ...BASE, halving: other, experiments: { a: { hyperparameters: { epochs: 9 } } } });
  });

  it("refuses a stack that says otherwise, and repeats no value that may be secret", () => {
    parseConfig({ ...BASE, hyperparameters: { epochs: "4" } });
    refuses(
      { hyperparameters: { stop_after_epoch: 4 } },
      "training:hyperparameters.stop_after_epoch: is set by",
    );
    refuses(
      { hyperparameters: { epochs: 12345 } },
      "training:hyperparameters.epochs: is other than the last of",
    );
    assert.throws(
      () => parseConfig({ ...BASE, hyperparameters: { epochs: 12345 } }),
      ({ message }: Error) => !message.includes("12345"),
    );
  });

  it("refuses machines and limits that differ: what a rung can cost would not be known at preview", () => {
    refuses(
      { experiments: { big: { instanceType: "ml.g5.12xlarge" } } },
      "training:halving: big: instanceType is one for all experiments",
    );
    refuses({ experiments: { long: { runId: "1", maxRun: "9h" } } }, "long: maxRun is one for all");
    parseConfig({ ...BASE, experiments: { data: { train: "s3://data/more" }, again: { runId: "1" } } });
  });

  it("tells the faults of the experiments first", () => {
    assert.throws(
      () => parseConfig({ ...BASE, halving: { epochs: [2, 1] }, experiments: { a: { bucketName: "b" } } }),
      ({ message }: Error) => message.includes("a.bucketName") && !message.includes("must rise"),
    );
  });
});
