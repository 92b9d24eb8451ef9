import assert from "node:assert/strict";
import { csvOf, dataOf } from "../../../commands/compare/data";
import { tableOf } from "../../../commands/compare/table";
import { tried } from "./runs";

const NOW = Date.parse("2026-01-03T02:00:00Z");
const BY_ACC = { metric: "acc", direction: "max" } as const;
const curve = (...values: number[]) => ({
  acc: { count: values.length, points: values.map((value) => ({ time: "2026-01-01T00:00:00Z", value })) },
});

describe("the table of runs", () => {
  it("has the parameters that differ, metrics, the curve, cost, seconds, status and age", () => {
    const runs = [
      tried(
        "dense-0",
        { epochs: 4, lr: 0.1 },
        { metrics: { loss: 0.12345, acc: 0.97222 }, curves: curve(0.1, 0.5, 0.9) },
      ),
      tried(
        "dense-1",
        { epochs: 4, lr: 0.01 },
        { status: "Failed", trainingSeconds: null, cost: { basis: "none" } },
      ),
    ];
    const { text, leftOut } = tableOf(runs, BY_ACC, { width: 100, now: NOW });
    assert.deepEqual(text.split("\n"), [
      "┌─────────┬──────┬────────┬────────┬───────┬────────┬─────────┬───────────┬─────┐",
      "│ run     │ lr   │   loss │    acc │ curve │   cost │ seconds │ status    │ age │",
      "├─────────┼──────┼────────┼────────┼───────┼────────┼─────────┼───────────┼─────┤",
      "│ dense-0 │ 0.1  │ 0.1235 │ 0.9722 │ ▁▅█   │ $0.012 │     100 │ Completed │ 2 d │",
      "│ dense-1 │ 0.01 │        │        │       │        │         │ Failed    │ 2 d │",
      "└─────────┴──────┴────────┴────────┴───────┴────────┴─────────┴───────────┴─────┘",
    ]);
    assert.deepEqual(leftOut, []);
  });

  it("stays within the width, and names what it left out: other metrics first, then parameters", () => {
    const names = Array.from({ length: 12 }, (_, index) => `parameter${index}`);
    const all = (value: number) => Object.fromEntries(names.map((name) => [name, value]));
    const runs = [
      tried("dense-0123abcd", all(1), { metrics: { loss: 0.1, acc: 0.9 } }),
      tried("dense-4567cdef", all(2), { metrics: { loss: 0.1, acc: 0.8 } }),
    ];
    for (const width of [100, 140]) {
      const { text, leftOut } = tableOf(runs, BY_ACC, { width, now: NOW });
      assert.ok(
        text.split("\n").every((line) => line.length <= width),
        text,
      );
      assert.equal(leftOut.at(-1), "loss");
      const kept = names.filter((name) => text.includes(`${name} `));
      assert.deepEqual([...kept, ...leftOut.slice(0, -1)], names);
    }
    assert.ok(
      tableOf(runs, BY_ACC, { width: 20, now: NOW }).text.includes("acc"),
      "never without the metric",
    );
  });

  it("cuts what is long from the front, where the ends of names tell runs apart", () => {
    const runs = [
      tried(`${"experiment-".repeat(4)}0123abcd-2`, { note: "one\nline" }),
      tried("b", { note: "" }),
    ];
    const { text } = tableOf(runs, undefined, { width: 100, now: NOW });
    assert.match(text, /│ …[a-z-]+0123abcd-2 +│ one line +│/);
  });

  it("shows names and values of any length on one line, and nothing of them moves the cursor", () => {
    const [name, value] = ["note\u001b[2Jof\nall", "a\u001b]0;title\u0007b\u009b1A"];
    const long = "x".repeat(60);
    const runs = [tried("a", { [name]: value, [long]: 1 }), tried("b", { [name]: "", [long]: 2 })];
    const { text } = tableOf(runs, undefined, { width: 200, now: NOW });
    assert.match(text, /│ noteof all +│/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    assert.ok(!text.includes(long));
    assert.equal(new Set(text.split("\n").map((line) => line.length)).size, 1);
  });

  for (const [ago, shown] of [
    [40, "40 s"],
    [125, "2 min"],
    [7300, "2 h"],
    [-5, "0 s"],
  ] as const) {
    it(`says ${shown} of a run that ended ${ago} s ago`, () => {
      const endTime = new Date(NOW - ago * 1000).toISOString();
      const { text } = tableOf([tried("a", {}, { endTime })], undefined, { width: 100, now: NOW });
      assert.ok(text.includes(` ${shown} │`), text);
    });
  }

  it("takes a metric or a hyperparameter by a name that every object has for a run's own", () => {
    const names = { toString: 2 } as never;
    const points = [0.25, 0.75].map((value) => ({ time: "2026-01-01T00:00:00Z", value }));
    const runs = [
      tried("dense-0", names, {
        metrics: { constructor: 0.75 } as never,
        curves: { constructor: { count: 2, points } } as never,
      }),
      tried("dense-1", {}),
    ];
    const { text } = tableOf(runs, { metric: "constructor", direction: "max" }, { width: 140, now: NOW });
    const cells = text.split("\n").map((line) => line.split("│").map((cell) => cell.trim()));
    assert.deepEqual(cells[1].slice(1, 5), ["run", "toString", "constructor", "curve"]);
    assert.deepEqual(cells[4].slice(1, 5), ["dense-1", "", "", ""]);
    assert.doesNotMatch(csvOf(runs) + JSON.stringify(dataOf(runs)), /function|native code/);
  });
});
