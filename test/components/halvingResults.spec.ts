import assert from "node:assert/strict";
import { chosen, outcomesOf, type Run, savingsOf } from "../../components/halvingResults";

const HALVING = { epochs: [1, 2, 4], keep: 0.5, argument: "stop_after_epoch" };
const PRIMARY = { metric: "f1", goal: "maximize" } as const;
const NAMES = ["lr=4", "lr=3", "lr=2", "lr=1"];
const at = (second: number) => new Date(second * 1000).toISOString();

/** A job that worked for so many seconds, after half a minute of getting ready, at 0.001 USD a second. */
function run(variant: number, f1: number | undefined, seconds = 10, changes: Partial<Run> = {}): Run {
  const name = `dense-${variant}`;
  return {
    ...{ variant, trainingJobName: name, trainingJobArn: `arn:${name}`, image: "image" },
    ...{ status: "Completed", failureReason: null, modelArtifact: `s3://b/${name}` },
    ...{
      metrics: f1 === undefined ? {} : ({ f1 } as Record<string, number>),
      logUrl: "log",
      consoleUrl: "console",
    },
    ...{ trainingSeconds: 30 + seconds, billableSeconds: 15 + seconds / 2 },
    timeline: [
      { status: "Starting", startTime: at(0), endTime: at(10) },
      { status: "Downloading", startTime: at(10), endTime: at(40) },
      { status: "Training", startTime: at(40), endTime: at(40 + seconds) },
    ],
    attempts: [
      {
        ...{
          trainingJobName: name,
          purchaseOption: "spot",
          status: "Completed",
          secondaryStatus: "Completed",
        },
        ...{ trainingSeconds: 30 + seconds, billableSeconds: 15 + seconds / 2 },
      },
    ],
    cost: { basis: "b", worstCase: 1, actual: (30 + seconds) / 1000, onDemand: (30 + seconds) / 500 },
    ...changes,
  };
}
const FAILED = { modelArtifact: null, status: "Failed", failureReason: "AlgorithmError: no" };

describe("chosen", () => {
  const seats = (runs: Run[], places: number, goal: "maximize" | "minimize" = "maximize", names = NAMES) =>
    chosen(runs, places, { ...PRIMARY, goal }, names).map(({ variant }) => names[variant]);
  const who = (...args: Parameters<typeof seats>) => seats(...args).sort();

  it("is the best by the metric and its goal", () => {
    const runs = [run(0, 0.4), run(1, 0.9), run(2, 0.1), run(3, 0.5)];
    assert.deepEqual(who(runs, 2), ["lr=1", "lr=3"]);
    assert.deepEqual(who(runs, 2, "minimize"), ["lr=2", "lr=4"]);
    assert.deepEqual(who(runs, 1), ["lr=3"]);
  });

  it("does not depend on the order in which experiments are written, equal ones included", () => {
    const runs = [run(0, 0.5), run(1, 0.5), run(2, 0.5), run(3, 0.5)];
    assert.deepEqual(who(runs, 2), ["lr=1", "lr=2"]);
    assert.deepEqual(seats(runs.toReversed(), 3), seats(runs, 3));
  });

  it("has a model and the metric: fewer than the places, if need be", () => {
    const nan = run(3, Number.NaN);
    assert.deepEqual(who([run(0, 0.9, 10, FAILED), run(1, undefined), run(2, 0.1), nan], 2), ["lr=2"]);
    assert.deepEqual(who([run(0, 0.9, 10, FAILED)], 2), []);
  });

  it("gives few others another place where one comes in, wherever it stands", () => {
    let moved = 0;
    for (let draw = 0; draw < 50; draw++) {
      const names = Array.from({ length: 17 }, (_, at) => `${draw}.${at}`);
      const all = names.map((_, at) => run(at, at));
      const before = seats(all.slice(0, 16), 16, "maximize", names);
      const after = seats(all.slice(1), 16, "maximize", names);
      assert.deepEqual([...after].sort(), names.slice(1).sort());
      moved += before.filter((name, place) => name !== names[0] && name !== after[place]).length;
    }
    assert.ok(moved < 50 * 3, `${moved / 50} of 15 others move`);
  });
});

describe("outcomesOf", () => {
  const rungs = [
    [run(0, 0.4), run(1, 0.9), run(2, 0.1), run(3, undefined, 10, FAILED)],
    [run(0, 0.5, 20, FAILED), run(1, 0.8, 20)],
    [run(1, 0.7, 40)],
  ];
  const [failedLater, winner, out, failedFirst] = outcomesOf(rungs, HALVING);

  it("tells of each its last rung, and how far it went", () => {
    const far = (each: typeof winner) => [each.rung, each.epochs, each.behind, each.status, each.metrics.f1];
    assert.deepEqual(far(winner), [3, 4, 0, "Completed", 0.7]);
    assert.deepEqual(far(out), [1, 1, 2, "Completed", 0.1]);
    assert.deepEqual(far(failedLater), [2, 1, 1, "Failed", 0.5]);
    assert.deepEqual(far(failedFirst), [1, 0, 2, "Failed", undefined]);
  });

  it("adds up seconds, cost and attempts of all its jobs", () => {
    assert.equal(winner.trainingSeconds, 160);
    assert.equal(winner.billableSeconds, 80);
    assert.equal(winner.attempts.length, 3);
    assert.deepEqual(winner.cost, {
      basis: "b",
      worstCase: 3,
      actual: 0.16,
      onDemand: 0.32,
      savedPercent: 50,
    });
  });

  it("claims no figure that one of its jobs lacks", () => {
    const unpriced = outcomesOf([[run(0, 1)], [run(0, 1, 9, { cost: { basis: "none" } })]], HALVING)[0];
    assert.deepEqual(unpriced.cost, { basis: "none", savedPercent: 50 });
    const unknown = outcomesOf([[run(0, 1, 9, { trainingSeconds: null })]], HALVING)[0];
    assert.equal(unknown.trainingSeconds, null);
  });
});

describe("savingsOf", () => {
  it("puts what was spent beside what the grid would have: start-up once, and the measured seconds for each epoch", () => {
    // Ten seconds an epoch: 30 + 40 seconds for each in a grid.
    const saved = savingsOf(
      [[run(0, 0.4), run(1, 0.9), run(2, 0.1), run(3, 0.2)], [run(0, 0.5), run(1, 0.8)], [run(1, 0.7, 20)]],
      HALVING,
    );
    assert.deepEqual(saved.rungs, [
      { epochs: 1, experiments: 4, failed: 0, secondsSpent: 160, costSpent: 0.16 },
      { epochs: 2, experiments: 2, failed: 0, secondsSpent: 80, costSpent: 0.08 },
      { epochs: 4, experiments: 1, failed: 0, secondsSpent: 50, costSpent: 0.05 },
    ]);
    assert.equal(saved.secondsSpent, 290);
    assert.equal(saved.secondsOfTheGrid, 280);
    // Start-up three times eats up more than two epochs: no gain is made up.
    assert.equal(saved.savedSeconds, -10);
    assert.equal(saved.savedPercent, -3.6);
    assert.deepEqual([saved.costSpent, saved.costOfTheGrid, saved.savedCost], [0.29, 0.28, -0.01]);
  });

  it("saves where epochs are long", () => {
    const long = savingsOf([[run(0, 1, 1000), run(1, 2, 1000)], [run(1, 1, 1000)]], {
      ...HALVING,
      epochs: [1, 2],
    });
    assert.equal(long.secondsSpent, 3090);
    assert.equal(long.secondsOfTheGrid, 4060);
    assert.equal(long.savedSeconds, 970);
    assert.equal(long.savedPercent, 23.9);
  });

  it("takes one that failed for as long in a grid, and counts what failed attempts took", () => {
    const retried = run(1, 0.5);
    retried.attempts = [{ ...retried.attempts[0], trainingSeconds: 7 }, ...retried.attempts];
    const saved = savingsOf([[run(0, undefined, 10, FAILED), retried]], { ...HALVING, epochs: [1, 2] });
    assert.equal(saved.rungs[0].failed, 1);
    assert.equal(saved.secondsSpent, 40 + 47);
    assert.equal(saved.secondsOfTheGrid, 40 + 37 + 20);
  });

  it("claims no money where a price is not known, and takes all of a job's time where its timeline does not tell", () => {
    const plain = run(0, 1, 10, { cost: { basis: "none" }, timeline: [] });
    const saved = savingsOf([[plain]], { ...HALVING, epochs: [1, 2] });
    assert.equal("costSpent" in saved, false);
    assert.equal(saved.secondsOfTheGrid, 80);
  });
});
