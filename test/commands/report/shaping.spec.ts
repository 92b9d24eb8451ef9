import assert from "node:assert/strict";
import { bestOf, titleOf } from "../../../commands/report/best";
import { confusionOf, mistakes, perClass } from "../../../commands/report/confusion";
import { costsOf, sumOf } from "../../../commands/report/costs";
import { curvesOf, DRAWN, overEpochs, thinned } from "../../../commands/report/curves";
import { shownSeconds, shownShare } from "../../../commands/report/format";
import { html, link } from "../../../commands/report/html";
import { servicesOf } from "../../../commands/report/services";
import { lanesOf } from "../../../commands/report/timeline";
import { run } from "../compare/runs";
import { RANKING, RUNS } from "./fixture";

describe("the data of the report", () => {
  it("has curves over finished epochs: several values of one are spread over it, repeated ones count once", () => {
    const of = (...points: [epoch: number, value: number][]) =>
      overEpochs(points.map(([epoch, value]) => ({ epoch, value }))).map(({ x, value }) => [x, value]);
    assert.deepEqual(of([1, 5], [2, 4]), [
      [1, 5],
      [2, 4],
    ]);
    assert.deepEqual(of([1, 5], [1, 4], [2, 3]), [
      [0.5, 5],
      [1, 4],
      [2, 3],
    ]);
    const resumed = of([1, 5], [2, 4], [3, 9], [2, 3], [3, 2]);
    assert.deepEqual(resumed, [
      [1, 5],
      [2, 3],
      [3, 2],
    ]);
    assert.deepEqual(overEpochs([{ value: 1 }]), []);
  });

  it("has curves over the seconds since the training began, also without epochs", () => {
    const points = [30, 60].map((second) => ({ time: `2026-01-01T00:0${second / 30}:00Z`, value: second }));
    const timeline = [{ status: "Training", startTime: "2026-01-01T00:00:30Z" }];
    const [{ metric, curves }] = curvesOf(
      [run("a", { curves: { loss: { count: 2, points } }, timeline })],
      [],
    );
    assert.equal(metric, "loss");
    assert.deepEqual(curves[0].byEpoch, []);
    assert.deepEqual(
      curves[0].byTime.map(({ x }) => x),
      [30, 90],
    );
  });

  it("thins long curves, and loses neither their ends nor a spike", () => {
    const points = Array.from({ length: 500 }, (_, x) => ({ x, value: x === 333 ? 99 : Math.sin(x) }));
    const kept = thinned(points);
    assert.ok(kept.length <= DRAWN);
    assert.deepEqual([kept[0], kept.at(-1)], [points[0], points[499]]);
    assert.ok(kept.includes(points[333]));
    assert.ok(kept.every(({ x }, index) => index === 0 || x > kept[index - 1].x));
  });

  it("has the confusion matrix of a model's metrics.json, or says why not", () => {
    const text = (metrics: object) => JSON.stringify(metrics);
    const good = {
      confusion_matrix: [
        [3, 1],
        [0, 4],
      ],
      classes: ["a", "b"],
      best_epoch: 2,
    };
    const read = confusionOf(text(good));
    assert.ok(typeof read !== "string");
    assert.deepEqual(mistakes(read), [{ truth: "a", said: "b", count: 1, of: 4 }]);
    assert.deepEqual(perClass(read)[1], { name: "b", images: 4, said: 5, right: 4 });
    assert.equal(confusionOf("nan"), "its metrics.json is not JSON");
    assert.equal(confusionOf("{}"), "its metrics.json has no confusion_matrix");
    assert.match(String(confusionOf(text({ confusion_matrix: [[1, 2], [3]] }))), /is not 2 x 2/);
    assert.match(String(confusionOf(text({ confusion_matrix: "x" }))), /cannot be read: confusion_matrix: /);
  });

  it("sums up costs that are known, and says of how many", () => {
    const sum = sumOf(costsOf(RUNS));
    assert.equal(sum?.known, 5);
    assert.equal(sum?.actual.toFixed(4), "0.3208");
    assert.equal(sumOf(costsOf([run("a", { cost: { basis: "no price known" } })])), undefined);
    assert.equal(costsOf(RUNS).at(-1)?.machines, "2 x ml.p5.48xlarge");
  });

  it("has the steps of each job by what they are for, and counts interruptions and earlier jobs", () => {
    const lanes = lanesOf(RUNS);
    const [interrupted] = lanes.filter(({ interruptions }) => interruptions > 0);
    assert.equal(
      interrupted.segments.map(({ phase }) => phase).join(" "),
      "waiting loading training interrupted waiting loading training saving",
    );
    assert.deepEqual([interrupted.segments[3].from, interrupted.segments[3].to], [287, 293]);
    assert.deepEqual(
      lanes.filter(({ earlier }) => earlier > 0).map(({ run: { name } }) => name),
      ["densenet121-91be04c7-od"],
    );
    assert.deepEqual(lanesOf([run("a")]), []);
  });

  it("names as the best only a run that left a model and the metric", () => {
    assert.equal(bestOf(RUNS, RANKING), RUNS[0]);
    assert.equal(bestOf(RUNS, undefined), undefined);
    assert.equal(bestOf([run("a")], RANKING), undefined);
    assert.equal(titleOf(RUNS), "densenet121, my-script");
  });

  it("asks the deploy stacks of the same names what they serve", async () => {
    const model = { artifact: "s3://b/m", image: "i", trainingJobName: "j", metrics: { acc: 1 } };
    const outputs: Record<string, object> = {
      dev: { endpointName: "e", modelInService: model },
      empty: {},
    };
    const asked: string[][] = [];
    const answer = async (_: string, args: string[]) => {
      asked.push(args);
      return (args[1] === "ls" ? Object.keys(outputs).map((name) => ({ name })) : outputs[args[4]]) as never;
    };
    const served = [{ stack: "dev", endpointName: "e", modelInService: model }];
    assert.deepEqual(await servicesOf("pulumi", [], answer), served);
    assert.deepEqual(await servicesOf("pulumi", ["dev"], answer), served);
    assert.deepEqual(await servicesOf("pulumi", ["prod"], answer), []);
    assert.equal(asked.length, 3 + 2 + 1);
  });

  it("has what is served also where a figure of the model is none, which a state holds as null", async () => {
    const modelInService = { trainingJobName: "j", artifact: null, metrics: { loss: null, acc: 1 } };
    const answer = async (_: string, args: string[]) =>
      (args[1] === "ls" ? [{ name: "dev" }] : { endpointName: "e", modelInService }) as never;
    assert.deepEqual(await servicesOf("pulumi", [], answer), [
      {
        stack: "dev",
        endpointName: "e",
        modelInService: { trainingJobName: "j", artifact: undefined, metrics: { acc: 1 } },
      },
    ]);
  });
});

describe("texts of the report", () => {
  it("are escaped wherever they are put in, and links lead to the web only", () => {
    assert.equal(
      String(html`<a title="${`"'`}">${["<", "&"]}${html`<b>${1}</b>`}${undefined}</a>`),
      '<a title="&quot;&#39;">&lt;&amp;<b>1</b></a>',
    );
    assert.equal(String(html`${{ toString: () => "<i>" }}${"\u0000"}`), "&lt;i&gt;\ufffd");
    assert.match(String(link("https://a/?b=1&c", "x")), /^<a href="https:\/\/a\/\?b=1&amp;c"/);
    assert.equal(String(link("javascript:1", "x")), "<span>x</span>");
  });

  it("have times and shares that are short and not rounded to what is wrong", () => {
    assert.deepEqual([0.41, 54, 187, 4_320, 183_600, null, Number.NaN].map(shownSeconds), [
      "0.4 s",
      "54 s",
      "3 min 7 s",
      "1 h 12 min",
      "2 d 3 h",
      "",
      "",
    ]);
    assert.deepEqual(
      [shownShare(999, 1000), shownShare(1, 1000), shownShare(3, 3), shownShare(0, 0)],
      ["99 %", "1 %", "100 %", ""],
    );
  });
});
