import assert from "node:assert/strict";
import { bestOf, failuresOf, noBest, pagesOf, primaryOf, type Result } from "../../components/sweepResults";

const result = (metrics: Record<string, number>, changes: Partial<Result> = {}): Result => ({
  trainingJobName: "dense-0123abcd",
  status: "Completed",
  modelArtifact: "s3://b/model.tar.gz",
  metrics,
  failureReason: null,
  ...changes,
});
const FAILED = { modelArtifact: null, status: "Failed", failureReason: "AlgorithmError: no" };

describe("primaryOf", () => {
  const goal = (metric: string) => primaryOf({ metrics: { [metric]: "x" } }).goal;

  it("takes the last metric unless one is named, and its goal from its name", () => {
    const metrics = { val_loss: "x", val_accuracy: "y" };
    assert.deepEqual(primaryOf({ metrics }), { metric: "val_accuracy", goal: "maximize" });
    assert.deepEqual(primaryOf({ metrics, primaryMetric: "val_loss" }), {
      metric: "val_loss",
      goal: "minimize",
    });
    assert.equal(primaryOf({ metrics, primaryGoal: "minimize" }).goal, "minimize");
  });

  it("minimizes what is a loss or an error, by whatever spelling", () => {
    for (const metric of [
      "loss",
      "val_loss",
      "valLoss",
      "validation:rmse",
      "test-error",
      "wer",
      "Perplexity",
    ]) {
      assert.equal(goal(metric), "minimize", metric);
    }
    for (const metric of ["accuracy", "f1", "auc", "images_per_second", "bleu", "glossary_hits", "power"]) {
      assert.equal(goal(metric), "maximize", metric);
    }
  });
});

describe("bestOf", () => {
  const MAX = { metric: "f1", goal: "maximize" } as const;

  it("is the highest or the lowest, and of equal ones the first", () => {
    const results = {
      a: result({ f1: 0.5 }),
      b: result({ f1: 0.9 }),
      c: result({ f1: 0.9 }),
      d: result({ f1: -1 }),
    };
    assert.deepEqual(bestOf(results, MAX), { experiment: "b", value: 0.9, ...MAX });
    assert.equal(bestOf(results, { ...MAX, goal: "minimize" })?.experiment, "d");
  });

  it("has a model and the metric", () => {
    const results = {
      failed: result({ f1: 1 }, FAILED),
      another: result({ loss: 2 }),
      nothing: result({ f1: Number.NaN }),
    };
    assert.equal(bestOf(results, MAX), undefined);
    assert.equal(bestOf(results, { ...MAX, metric: "constructor" }), undefined);
    assert.match(noBest(MAX), /the metric f1:/);
    assert.match(noBest(MAX, true), /the metric f1 after the last rung:/);
  });
});

describe("failuresOf", () => {
  it("has nothing to say where all have a model", () => {
    assert.equal(failuresOf({ a: result({}) }, "fail"), undefined);
  });

  it("names each experiment that has none, its job and its reason, and what is next", () => {
    const results = {
      good: result({}),
      bad: result({}, FAILED),
      stopped: result({}, { modelArtifact: null, status: "Stopped", attempts: [{ reason: "by hand" }] }),
      empty: result({}, { modelArtifact: null }),
    };
    const text = failuresOf(results, "fail") ?? "";
    assert.match(text, /^3 of 4 experiments ended without a model/);
    assert.match(text, /\n {2}bad \(dense-0123abcd\): Failed: AlgorithmError: no\n/);
    assert.match(text, /\n {2}stopped \(.*\): Stopped: by hand\n/);
    assert.match(text, /\n {2}empty \(.*\): Completed, without a model to hand on\n/);
    assert.match(text, /it trains just these again/);
    assert.match(failuresOf(results, "record") ?? "", /is kept as its result/);
  });

  it("cuts a long reason", () => {
    const long = result({}, { ...FAILED, failureReason: "x".repeat(5000) });
    assert.ok((failuresOf({ long }, "fail") ?? "").length < 1000);
  });
});

describe("pagesOf", () => {
  const row = (lr: number, loss: number, changes: Partial<Result> = {}) => ({
    ...result({ val_loss: loss }, changes),
    settings: { hyperparameters: { lr } },
    trainingSeconds: 60,
    cost: { actual: 0.25 },
  });
  const results = { slow: row(0.1, 0.5), "fast|er": row(0.01, 0.25), broken: row(1, 0, FAILED) };
  const pages = pagesOf("dense", results, { metric: "val_loss", goal: "minimize" });

  it("ranks them by the stack's own metric and goal, with what differs, and what failed last", () => {
    assert.deepEqual(pages.leaderboard.split("\n").slice(2), [
      "| 1 | fast\\|er | 0.01 | 0.25 | $0.25 | 60 | Completed |",
      "| 2 | slow | 0.1 | 0.5 | $0.25 | 60 | Completed |",
      "| 3 | broken | 1 | 0 | $0.25 | 60 | Failed |",
    ]);
  });

  it("are a page that names the best", () => {
    assert.match(pages.readme, /^# dense\n\nBest: \*\*fast\\\|er\*\*, val_loss 0\.25/);
    assert.ok(pages.readme.endsWith(pages.leaderboard));
  });

  it("names as the best just the one that bestOf finds, whatever the others lack", () => {
    const of = (each: Parameters<typeof pagesOf>[1]) =>
      pagesOf("dense", each, { metric: "val_loss", goal: "minimize" }).readme.split("\n\n")[1];
    const lost = row(0.1, 0.1, { modelArtifact: null });
    assert.match(of({ lost, good: row(1, 0.5) }), /^Best: \*\*good\*\*/);
    assert.equal(of({ lost }), "No run has both a model and the metric val_loss.");
    assert.match(of({ other: { ...row(1, 1), metrics: { acc: 1 } } }), /^No run has both/);
  });

  it("bears a metric without a number, which is null in a state: that run is never the best", () => {
    for (const none of [null, Number.NaN]) {
      const diverged = row(10, none as number);
      const { leaderboard, readme } = pagesOf(
        "dense",
        { diverged, good: row(1, 0.5), better: row(2, 0.4) },
        { metric: "val_loss", goal: "minimize" },
      );
      const order = leaderboard.split("\n").slice(2);
      assert.match(order[0], /better/);
      assert.match(order[2], /diverged/);
      assert.match(readme, /Best: \*\*better\*\*/);
    }
  });
});
