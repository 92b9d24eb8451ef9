import assert from "node:assert/strict";
import { parseConfig } from "../../components/config";
import { MOST_VARIANTS, planSweep } from "../../components/sweepPlan";

const BASE = {
  train: "s3://data/train/",
  val: "s3://data/val/",
  metrics: { loss: "loss=(.*)" },
  hyperparameters: { lr: 0.01, epochs: 4 },
};
const plan = (changes: Record<string, unknown>) => planSweep(parseConfig({ ...BASE, ...changes })).variants;
const experiments = (each: Record<string, unknown>) => plan({ experiments: each });
const refuses = (changes: Record<string, unknown>, ...words: string[]) =>
  assert.throws(
    () => parseConfig({ ...BASE, ...changes }),
    ({ message }: Error) => {
      for (const each of words) assert.ok(message.includes(each), `${message}\nhas no ${each}`);
      return true;
    },
  );
const names = (changes: Record<string, unknown>) => plan(changes).map(({ name }) => name);

describe("planSweep", () => {
  it("finds one experiment where nothing is said of more", () => {
    assert.deepEqual(plan({}), []);
  });

  describe("of named experiments", () => {
    it("gives each its own settings in place of the stack's", () => {
      const [big, small] = experiments({
        big: { instanceType: "ml.g5.12xlarge", hyperparameters: { lr: 0.1 } },
        small: { spot: false, maxRun: "3h" },
      });
      assert.equal(big.label, "big");
      assert.equal(big.settings.instanceType, "ml.g5.12xlarge");
      assert.equal(big.settings.maxRun, "2h");
      assert.deepEqual(big.overrides.hyperparameters, { lr: 0.1 });
      assert.equal(small.settings.spot, false);
      assert.equal(small.settings.instanceType, "ml.g5.xlarge");
    });

    it("holds no value of the stack's maps, which may be secret", () => {
      const [one] = experiments({ one: { hyperparameters: { lr: 1 }, environment: { A: "b" } } });
      assert.ok(!JSON.stringify(one).includes("epochs"));
    });

    it("names each by what it sets, whatever it is called and in whatever order and spelling", () => {
      const name = (overrides: object) => experiments({ x: overrides })[0].name;
      assert.equal(name({ hyperparameters: { lr: 0.1, batch: 8 } }), "batch=8,lr=0.1");
      assert.equal(name({ hyperparameters: { batch: "8", lr: "0.1" } }), "batch=8,lr=0.1");
      assert.equal(
        name({ instanceType: "ml.g5.2xlarge", hyperparameters: { lr: 1 } }),
        "instanceType=ml.g5.2xlarge,lr=1",
      );
      assert.equal(name({ environment: { SEED: "1" } }), "environment.SEED=1");
      assert.equal(name({}), "");
    });

    it("takes a number for a text, as the stack itself does, and null for what is not set", () => {
      const [again] = experiments({ again: { runId: 2, keepAlive: null } });
      assert.deepEqual(
        [again.name, again.settings.runId, again.settings.keepAlive],
        ["runId=2", "2", undefined],
      );
      assert.deepEqual(names({ grid: { runId: [1, 2] } }), ["runId=1", "runId=2"]);
    });

    it("says how an experiment has none of what the stack has", () => {
      const stack = { maxWait: "5h", fallback: "on-demand" };
      refuses(
        { ...stack, experiments: { cheap: { spot: false } } },
        "training:experiments.cheap.maxWait: has no effect with training:spot false",
        '(the stack has it: maxWait: "" here leaves it out)',
        "(the stack has it: fallback: none here leaves it out)",
      );
      const [cheap] = plan({
        ...stack,
        experiments: { cheap: { spot: false, maxWait: "", fallback: "none" } },
      });
      assert.deepEqual([cheap.name, cheap.settings.maxWait], ["spot=false", undefined]);
    });

    it("names none by its limits: a higher maxRun trains nothing again", () => {
      const name = (overrides: object) => experiments({ x: overrides })[0].name;
      const limits = { maxRun: "3h", maxWait: "9h", fallback: "on-demand" };
      assert.equal(name({ runId: "1", ...limits }), "runId=1");
      assert.equal(name({ runId: "1", spot: false, keepAlive: "10m" }), "runId=1,spot=false");
      assert.equal(name(limits), "");
    });

    it("makes texts of its environment, as of the stack's", () => {
      const [one] = experiments({ one: { environment: { SEED: 1, DEBUG: true } } });
      assert.deepEqual(one.overrides.environment, { SEED: "1", DEBUG: "true" });
    });

    it("refuses one that is called as a combination of the grid: the outputs would have but one of them", () => {
      refuses(
        { experiments: { "lr=0.1": { runId: "1" } }, grid: { lr: [0.1] } },
        "training:grid.lr=0.1: is the name of two experiments",
      );
    });

    it("tells names apart that would look alike", () => {
      const two = (a: object, b: object) => {
        const found = experiments({ a, b }).map((each) => each.name);
        assert.notEqual(found[0], found[1]);
        for (const each of found) assert.match(each, /^[\w.,=+-]{1,80}$/);
      };
      two({ hyperparameters: { note: "a b" } }, { hyperparameters: { note: "a/b" } });
      two(
        { hyperparameters: { note: `${"x".repeat(200)}1` } },
        { hyperparameters: { note: `${"x".repeat(200)}2` } },
      );
      two({ runId: "1" }, { hyperparameters: { runId: "1" } });
      two({ hyperparameters: { layers: [1, 2] } }, { hyperparameters: { layers: [1, 3] } });
    });

    it("knows the one that trains what the stack would alone", () => {
      const found = experiments({
        same: { hyperparameters: { lr: "0.01" }, maxRun: "9h" },
        other: { hyperparameters: { lr: 0.02 } },
      });
      assert.deepEqual(
        found.map(({ isBase }) => isBase),
        [true, false],
      );
    });

    it("refuses two that train the same: both would be paid for", () => {
      refuses(
        {
          experiments: {
            a: { hyperparameters: { lr: 1 } },
            b: { hyperparameters: { lr: "1" }, maxRun: "9h" },
          },
        },
        "training:experiments.b: trains the same as a",
      );
      refuses(
        { experiments: { a: { train: "s3://data/x" }, b: { train: "s3://data/x/" } } },
        "training:experiments.b: trains the same as a",
      );
      refuses(
        { experiments: { a: { hyperparameters: { lr: 1 } } }, grid: { lr: [1, 2] } },
        "trains the same as a",
      );
    });

    it("refuses what all have in common, and what is no setting, with what to do", () => {
      refuses(
        { experiments: { a: { bucketName: "b" } } },
        "training:experiments.a.bucketName: is one for all",
        "training:bucketName",
      );
      refuses(
        { experiments: { a: { lr: 1 } } },
        "training:experiments.a.lr: is no setting",
        "under hyperparameters",
      );
      refuses({ experiments: { a: 1 } }, "training:experiments.a: use a map");
    });

    it("checks each as a stack of its own, and tells a fault of the stack once", () => {
      refuses(
        { experiments: { a: { keepAlive: "10m" } } },
        "training:experiments.a.keepAlive: needs training:spot false",
      );
      refuses({ experiments: { a: { maxRun: "soon" } } }, "training:experiments.a.maxRun: use ");
      assert.throws(
        () =>
          parseConfig({
            ...BASE,
            securityGroupIds: ["sg"],
            experiments: { a: { runId: "1" }, b: { runId: "2" } },
          }),
        ({ message }: Error) => message.match(/has no effect without/g)?.length === 1,
      );
    });

    it("needs a metric to tell the best by, and a failure that is a result needs others beside it", () => {
      refuses({ metrics: {}, experiments: { a: { runId: "1" } } }, "training:metrics: must name a metric");
      refuses(
        { primaryMetric: "f1", experiments: { a: { runId: "1" } } },
        "training:primaryMetric: f1 is not in training:metrics (it has loss)",
      );
      refuses({ onFailure: "record" }, "training:onFailure: has no effect without");
      refuses(
        { metrics: {}, primaryGoal: "minimize" },
        "training:primaryGoal: has no effect without training:metrics",
      );
    });
  });

  describe("of a grid", () => {
    it("has every combination, of arguments of the script and of settings", () => {
      assert.deepEqual(
        names({
          grid: { lr: [1, 2], instanceType: ["ml.g5.xlarge", "ml.g5.2xlarge"], "environment.A": ["x"] },
        }),
        [
          "environment.A=x,instanceType=ml.g5.xlarge,lr=1",
          "environment.A=x,instanceType=ml.g5.2xlarge,lr=1",
          "environment.A=x,instanceType=ml.g5.xlarge,lr=2",
          "environment.A=x,instanceType=ml.g5.2xlarge,lr=2",
        ],
      );
      const [first] = plan({ grid: { seed: [0, 1], instanceType: ["ml.m5.large"] } });
      assert.deepEqual(first.overrides, { hyperparameters: { seed: 0 }, instanceType: "ml.m5.large" });
      assert.equal(first.settings.instanceType, "ml.m5.large");
    });

    it("calls an experiment as it would be called if it were written out", () => {
      const [one] = experiments({ x: { hyperparameters: { lr: 1, batch: 2 } } });
      assert.deepEqual(names({ grid: { lr: [1], batch: [2] } }), [one.name]);
    });

    it("draws a part that depends on the seed alone, and keeps it when more are drawn", () => {
      const lists = { lr: [1, 2, 3, 4, 5, 6], batch: [8, 16, 32] };
      const drawn = (count: number, seed?: number) =>
        names({ grid: { ...lists, draws: { count, ...(seed === undefined ? {} : { seed }) } } });
      assert.equal(drawn(5).length, 5);
      assert.deepEqual(drawn(5), drawn(5));
      assert.deepEqual(drawn(5), drawn(5, 0));
      assert.notDeepEqual(drawn(5, 1), drawn(5, 2));
      assert.deepEqual(
        drawn(5, 1).filter((each) => !drawn(8, 1).includes(each)),
        [],
      );
      assert.deepEqual(drawn(18), names({ grid: lists }));
    });

    it("refuses what is no grid", () => {
      refuses({ grid: { lr: 1 } }, "training:grid.lr: use a list of values");
      refuses({ grid: { lr: [] } }, "training:grid.lr: use a list of values");
      refuses({ grid: { lr: [1, 1] } }, "training:grid.lr: has a value twice");
      refuses({ grid: { lr: [0.001, "0.001"] } }, "training:grid.lr: has a value twice");
      refuses(
        { grid: { lr: [1, 2], "hyperparameters.lr": [3] } },
        "training:grid.hyperparameters.lr: is there twice, under two names",
      );
      refuses({ grid: { instance_type: ["ml.g5.xlarge"] } }, "did you mean instanceType?");
      refuses({ grid: { kmsKeyArn: ["x"] } }, "training:grid.kmsKeyArn: is one for all experiments");
      refuses({ grid: { hyperparameters: [{ lr: 1 }] } }, "hyperparameters.KEY");
      refuses({ grid: { lr: [1, 2], draws: 2 } }, "training:grid.draws: use {count: 10, seed: 1}");
      refuses({ grid: { lr: [1, 2], draws: { count: 3 } } }, "the grid has 2 combinations");
      refuses({ grid: { draws: { count: 1 } } }, "has no effect without a list");
      refuses({ grid: { instanceCount: [0] } }, "training:grid.instanceCount=0.instanceCount");
    });

    it("refuses more than anybody means", () => {
      const many = Array.from({ length: MOST_VARIANTS + 1 }, (_, index) => index);
      refuses(
        { grid: { lr: many } },
        `makes ${MOST_VARIANTS + 1} experiments, the limit is ${MOST_VARIANTS}`,
      );
      refuses({ grid: { a: many, b: many, c: many } }, "combinations, the limit is 100000");
    });
  });
});
