import assert from "node:assert/strict";
import { leaderboard, type Result, ranked, rankingOf, readme } from "../../components/leaderboard";

const result = (name: string, metrics: Record<string, number>, more: Partial<Result> = {}): Result => ({
  name,
  parameters: { epochs: 4 },
  metrics,
  cost: 0.0211,
  seconds: 90,
  status: "Completed",
  ...more,
});

const names = (results: Result[]) => results.map(({ name }) => name);

describe("rankingOf", () => {
  for (const [metric, direction] of [
    ["val_accuracy", "max"],
    ["dice", "max"],
    ["val_loss", "min"],
    ["logloss", "min"],
    ["test:rmse", "min"],
    ["mae", "min"],
    ["error_rate", "min"],
    ["terror", "max"],
    ["perplexity", "min"],
    ["mean_average_precision", "max"],
  ] as const) {
    it(`takes ${direction} of ${metric}`, () => {
      assert.deepEqual(rankingOf([result("a", { other: 1, [metric]: 1 })]), { metric, direction });
    });
  }

  it("takes what it is told", () => {
    const results = [result("a", { loss: 1, acc: 1 })];
    assert.deepEqual(rankingOf(results, { metric: "loss", direction: "max" }), {
      metric: "loss",
      direction: "max",
    });
    assert.deepEqual(rankingOf(results, { metric: undefined }), { metric: "acc", direction: "max" });
    assert.equal(rankingOf([result("a", {})]), undefined);
  });
});

describe("ranked", () => {
  it("has the best first, then those without the metric, then those that did not complete", () => {
    const results = [
      result("failed", { acc: 0.99 }, { status: "Failed" }),
      result("none", {}),
      result("second", { acc: 0.8 }),
      result("first", { acc: 0.9 }),
      result("equal", { acc: 0.8 }),
    ];
    const up = ranked(results, { metric: "acc", direction: "max" });
    assert.deepEqual(names(up), ["first", "second", "equal", "none", "failed"]);
    const down = ranked(results, { metric: "acc", direction: "min" });
    assert.deepEqual(names(down), ["second", "equal", "first", "none", "failed"]);
    assert.deepEqual(names(ranked(results, undefined)).at(-1), "failed");
  });

  it("has those that went further before those that are behind, whatever their figures", () => {
    const results = [
      result("out", { acc: 0.9 }, { behind: 2 }),
      result("failed", { acc: 0.99 }, { behind: 1, status: "Failed" }),
      result("winner", { acc: 0.7 }, { behind: 0 }),
      result("next", { acc: 0.8 }, { behind: 1 }),
    ];
    assert.deepEqual(names(ranked(results, { metric: "acc", direction: "max" })), [
      "winner",
      "next",
      "out",
      "failed",
    ]);
  });
});

describe("leaderboard", () => {
  it("is a table in Markdown of what differs and what came out, the best first", () => {
    const results = [
      result("low", { loss: 0.5, acc: 0.81234 }, { parameters: { epochs: 4, lr: 0.1 } }),
      result("high", { loss: 0.1, acc: 0.97 }, { parameters: { epochs: 4, lr: 0.01 }, cost: 1.5 }),
      result("broken", {}, { parameters: { epochs: 4 }, status: "Failed", cost: undefined, seconds: null }),
    ];
    assert.deepEqual(leaderboard(results).split("\n"), [
      "|  | run | lr | loss | acc | cost | seconds | status |",
      "| -: | - | - | -: | -: | -: | -: | - |",
      "| 1 | high | 0.01 | 0.1 | 0.97 | $1.50 | 90 | Completed |",
      "| 2 | low | 0.1 | 0.5 | 0.8123 | $0.021 | 90 | Completed |",
      "| 3 | broken |  |  |  |  |  | Failed |",
    ]);
  });

  it("lets no value out of its cell", () => {
    const odd = { note: `a|b\n<img> \${outputs.secret} *x* _y_ z_z` };
    const [, , row] = leaderboard([result("a`b", {}, { parameters: odd }), result("b", {})]).split("\n");
    assert.equal(
      row,
      "| 1 | a\\`b | a\\|b &lt;img> &#36;{outputs.secret} \\*x\\* \\_y\\_ z_z |  | $0.021 | 90 | Completed |",
    );
  });
});

describe("readme", () => {
  it("names the best and has Pulumi Cloud put its model in", () => {
    const page = readme("dense", [result("a", { acc: 0.8 }), result("b", { acc: 0.9 })]);
    assert.deepEqual(page.split("\n\n").slice(0, 3), [
      "# dense",
      `Best: **b**, acc 0.9. Its model: \${outputs.modelArtifact}`,
      "By acc, highest first:",
    ]);
    assert.ok(page.includes("| 1 | b |"));
  });

  it("names none where none went to the end", () => {
    const page = readme("dense", [result("a", { acc: 1 }, { behind: 1 })]);
    assert.ok(
      page.includes("No run has both a model and the metric acc.") && !page.includes("$" + "{outputs"),
      page,
    );
  });

  it("names none where none has completed", () => {
    const page = readme("dense", [result("a", {}, { status: "Failed" })]);
    assert.ok(page.includes("No run has completed yet.") && !page.includes("$" + "{outputs"), page);
  });
});
