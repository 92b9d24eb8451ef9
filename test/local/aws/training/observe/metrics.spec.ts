import assert from "node:assert/strict";
import { MetricScanner } from "../../../../../local/aws/training/observe/metrics.ts";

describe("metrics in a log", () => {
  const scan = (definitions: { Name: string; Regex: string }[], ...lines: string[]) => {
    const scanner = new MetricScanner(definitions);
    lines.forEach((line, index) => {
      scanner.scan(line, index);
    });
    return scanner;
  };
  const loss = { Name: "loss", Regex: "loss=([0-9.eE+-]+)" };
  const accuracy = { Name: "acc", Regex: "acc=([0-9.]+)" };

  it("end with the last value of each", () => {
    const scanner = scan([loss, accuracy], "loss=2 acc=0.1", "loss=1e-3", "nothing");
    assert.deepEqual(scanner.final, [
      { name: "loss", value: 0.001, time: 1 },
      { name: "acc", value: 0.1, time: 0 },
    ]);
  });

  it("are all found in one line", () => {
    assert.deepEqual(
      scan([loss], "loss=1 loss=2 loss=3")
        .take()
        .map((metric) => metric.value),
      [1, 2, 3],
    );
  });

  it("are handed out once", () => {
    const scanner = scan([loss], "loss=1");
    assert.equal(scanner.take().length, 1);
    assert.equal(scanner.take().length, 0);
    assert.equal(scanner.final.length, 1);
  });

  it("are numbers", () => {
    const any = { Name: "any", Regex: "x=(.*)" };
    assert.deepEqual(scan([any], "x=nan", "x=", "x=abc", "x=Infinity").final, []);
    assert.deepEqual(scan([{ Name: "none", Regex: "loss=[0-9]+" }], "loss=1").final, []);
  });

  it("do not hang on a pattern that matches nothing", () => {
    assert.deepEqual(scan([{ Name: "empty", Regex: "(x*)" }], "yyy").final, []);
  });
});
