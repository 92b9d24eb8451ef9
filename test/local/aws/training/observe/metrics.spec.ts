import assert from "node:assert/strict";
import type { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { MetricScanner, publishMetrics } from "../../../../../local/aws/training/observe/metrics.ts";

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

  it("that could not be sent are sent with the next ones, in their order and once", async () => {
    const scanner = scan([loss], ...Array.from({ length: 1500 }, (_, index) => `loss=${index}`));
    const sent: unknown[] = [];
    let calls = 0;
    const send = async ({ input }: PutMetricDataCommand) => {
      calls += 1;
      if (calls === 2) throw new Error("starting again");
      sent.push(...(input.MetricData ?? []).map(({ Value }) => Value));
    };
    const cloudwatch = { send } as unknown as CloudWatchClient;
    await assert.rejects(publishMetrics(cloudwatch, "job", scanner), /starting again/);
    scanner.scan("loss=1500", 5);
    await publishMetrics(cloudwatch, "job", scanner);
    assert.deepEqual(
      sent,
      Array.from({ length: 1501 }, (_, index) => index),
    );
    assert.deepEqual(scanner.take(), []);
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

  it("are given up when their expression takes too long, which is said", () => {
    const scanner = new MetricScanner([{ Name: "slow", Regex: "(?:([0-9]+)+)+;(?=x)" }, loss]);
    const line = `loss=1 ${"1".repeat(60)}`;
    const said = [1, 2, 3, 4, 5].map((time) => scanner.scan(line, time));
    assert.deepEqual(
      said.map((lines) => lines.length),
      [1, 1, 1, 0, 0],
    );
    assert.match(said[2][0], /^metric slow: .* the metric is given up: /);
    assert.equal(scanner.take().length, 5);
  });

  it("never block the service, however the expression is spelled", () => {
    // V8's engine of linear time takes none of these: counts above 16, letters of either case, references, looking around.
    const slow = [
      "(?:([0-9]{1,20})+)+;",
      "(?i)(?:([0-9a]+)+)+;",
      "(?:([0-9]+)+)+;(?=x)",
      "(?:([0-9]+)+)+;(?<=x)",
    ];
    for (const Regex of slow) {
      const [said] = new MetricScanner([{ Name: "slow", Regex }]).scan("1".repeat(25), 0);
      assert.match(said, /^metric slow: its expression takes longer than 100 ms/);
    }
  });

  it("are found in long lines and with expressions that look around, as in others", () => {
    const ahead = { Name: "ahead", Regex: "loss=([0-9]+)(?= )" };
    const lines = ["loss=1 ", `${"x".repeat(5000)} loss=2 loss=3 `];
    assert.deepEqual(
      scan([ahead, loss], ...lines)
        .take()
        .map(({ name, value }) => `${name} ${value}`),
      ["ahead 1", "loss 1", "ahead 2", "ahead 3", "loss 2", "loss 3"],
    );
  });

  it("do not hang on a pattern that matches nothing", () => {
    assert.deepEqual(scan([{ Name: "empty", Regex: "(x*)" }], "yyy").final, []);
  });
});
