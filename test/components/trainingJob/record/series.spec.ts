import assert from "node:assert/strict";
import { MAX_POINTS, MetricSeries } from "../../../../components/trainingJob/record/series";

const DEFINITIONS = [
  { name: "loss", regex: "(?<!val_)loss=([0-9.naif-]+)" },
  { name: "val_loss", regex: "val_loss=([0-9.]+)" },
];

const line = (message: string, seconds = 0, host = "algo-1") => ({
  host,
  message,
  timestamp: Date.parse("2026-01-01T00:00:00Z") + seconds * 1000,
});

function seriesOf(...lines: ReturnType<typeof line>[]): MetricSeries {
  const series = new MetricSeries(DEFINITIONS);
  series.add(lines);
  return series;
}

describe("MetricSeries", () => {
  it("has each value with its time and the epoch that its line names", () => {
    const { curves } = seriesOf(
      line("loss=3"),
      line("epoch=1 loss=0.9 val_loss=0.8", 1),
      line("saved a checkpoint", 2),
      line("epoch=2 loss=0.5 val_loss=0.6", 3),
    );
    assert.deepEqual(curves, {
      loss: {
        count: 3,
        points: [
          { time: "2026-01-01T00:00:00.000Z", value: 3 },
          { time: "2026-01-01T00:00:01.000Z", epoch: 1, value: 0.9 },
          { time: "2026-01-01T00:00:03.000Z", epoch: 2, value: 0.5 },
        ],
      },
      val_loss: {
        count: 2,
        points: [
          { time: "2026-01-01T00:00:01.000Z", epoch: 1, value: 0.8 },
          { time: "2026-01-01T00:00:03.000Z", epoch: 2, value: 0.6 },
        ],
      },
    });
  });

  for (const [written, epoch] of [
    ["Epoch 3/10: loss=1", 3],
    ["Epoch: [3][100/500] loss=1", 3],
    ["{'loss': 'loss=1', 'epoch': 1.25}", 1.25],
    ['{"epoch": 7} loss=1', 7],
    ["epochs=10 loss=1", undefined],
  ] as const) {
    it(`reads the epoch of ${written}`, () => {
      assert.equal(seriesOf(line(written)).curves.loss.points[0].epoch, epoch);
    });
  }

  it("takes the epoch of the line before, of the same host", () => {
    const { curves } = seriesOf(
      line("Epoch 1", 0, "algo-1"),
      line("Epoch 2", 1, "algo-2"),
      line("loss=1", 2, "algo-1"),
      line("loss=2", 3, "algo-2"),
    );
    assert.deepEqual(
      curves.loss.points.map(({ epoch, value }) => [epoch, value]),
      [
        [1, 1],
        [2, 2],
      ],
    );
  });

  it("is in the order of time, in whatever order the hosts' logs were read", () => {
    const { curves } = seriesOf(line("loss=2", 2, "algo-1"), line("loss=1", 1, "algo-2"));
    assert.deepEqual(
      curves.loss.points.map(({ value }) => value),
      [1, 2],
    );
  });

  it("leaves out what is no number, and an expression that JavaScript cannot read", () => {
    const { curves, latest } = seriesOf(line("loss=nan"), line("loss=inf"));
    assert.deepEqual(curves, {});
    assert.equal(latest.get("loss"), "inf");
    const unreadable = new MetricSeries([{ name: "a", regex: "(?x) a=(.)" }]);
    unreadable.add([line("a=1")]);
    assert.deepEqual(unreadable.curves, {});
  });

  for (const count of [1, MAX_POINTS - 1, MAX_POINTS, MAX_POINTS + 1, 10_007]) {
    it(`keeps a bounded number of ${count} values, from the first to the last, evenly`, () => {
      const series = new MetricSeries(DEFINITIONS);
      for (let value = 0; value < count; value++) series.add([line(`loss=${value}`, value)]);
      const { count: told, points } = series.curves.loss;
      const values = points.map(({ value }) => value);
      assert.equal(told, count);
      assert.ok(
        values.length <= MAX_POINTS && values.length >= Math.min(count, MAX_POINTS / 2),
        `${values.length}`,
      );
      assert.deepEqual([values[0], values.at(-1)], [0, count - 1]);
      const steps = new Set(values.slice(1, -1).map((value, index) => value - values[index]));
      assert.ok(steps.size <= 1, `steps of ${[...steps]}`);
    });
  }
});
