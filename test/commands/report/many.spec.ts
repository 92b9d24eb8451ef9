import assert from "node:assert/strict";
import type { ReportData } from "../../../commands/report/data";
import { pageOf } from "../../../commands/report/page";
import { learningSection } from "../../../commands/report/sections/learning";
import { lifeSection } from "../../../commands/report/sections/life";
import { run } from "../compare/runs";
import { DATA, timelineOf } from "./fixture";

/** As many as a record keeps. */
const points = Array.from({ length: 500 }, (_, index) => ({
  time: new Date(Date.parse("2026-01-01T00:00:00Z") + index * 60_000).toISOString(),
  epoch: index + 1,
  value: Math.sin(index),
}));
const data = (count: number): ReportData => ({
  ...DATA,
  ranking: { metric: "accuracy", direction: "max" },
  runs: Array.from({ length: count }, (_, index) =>
    run(`dense-${index}`, { metrics: { accuracy: 1 }, curves: { accuracy: { count: 500, points } } }),
  ),
});
const sizeOf = (count: number): number => String(learningSection(data(count))).length;

describe("the learning curves of many runs", function () {
  this.timeout(120_000);

  it("cost few bytes for each run beyond those that have a colour", () => {
    const each = (sizeOf(30) - sizeOf(10)) / 20;
    assert.ok(each < 6_000, `${each} bytes`);
  });

  it("tell which run a grey one is where it is pointed at", () => {
    const svg = String(learningSection(data(9)));
    assert.match(svg, /<path[^>]*><title>dense-8<\/title><\/path>/);
  });
});

describe("the timeline of runs", () => {
  it("has a lane for each, also where two accounts have a job of one name", () => {
    const timeline = timelineOf(["Training", 60]);
    const svg = String(
      lifeSection({ ...DATA, runs: [run("dense-1", { timeline }), run("dense-1", { timeline })] }),
    );
    const heights = [...svg.matchAll(/<rect[^>]* y="([\d.]+)"/g)].map(([, y]) => y);
    assert.equal(new Set(heights).size, 2, heights.join());
  });
});

describe("the whole page", () => {
  it("takes a metric or a hyperparameter by a name that every object has for a run's own", () => {
    const points = [0.25, 0.75].map((value) => ({ time: "2026-01-01T00:00:00Z", value }));
    const inputs = { hyperparameters: { toString: 2 } as never };
    const best = run("dense-0", {
      inputs,
      metrics: { constructor: 0.75 } as never,
      curves: { constructor: { count: 2, points } } as never,
    });
    // The other has none of them, and a status that no list knows.
    const runs = [best, run("dense-1", { inputs: {}, status: "constructor" })];
    const modelInService = { trainingJobName: "dense-1" };
    const services = [{ stack: "dev", endpointName: "e", modelInService }];
    const ranking = { metric: "constructor", direction: "max" } as const;
    const page = pageOf({ ...DATA, ranking, runs, best, services });
    assert.match(page, /constructor 0\.75 against one that is not known/);
    assert.doesNotMatch(page, /native code/);
  });
});
