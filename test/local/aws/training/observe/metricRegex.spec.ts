import assert from "node:assert/strict";
import { readMetricRegex } from "../../../../../local/aws/training/observe/metricRegex.ts";
import { MetricScanner } from "../../../../../local/aws/training/observe/metrics.ts";
import { METRIC_REGEXES } from "../../../../cases/metricRegexes.ts";

describe("metric expressions of the local SageMaker", () => {
  for (const [source, verdict, line, value] of METRIC_REGEXES) {
    it(`are read as by the resource: ${verdict} for ${source}`, () => {
      const read = readMetricRegex(source);
      assert.equal("regex" in read ? read.groups : read.wrong ? "wrong" : "unread", verdict);
      if ("regex" in read && line !== undefined) assert.equal(read.regex.exec(line)?.[1], value);
    });
  }

  it("find figures in the spellings of other dialects", () => {
    const scanner = new MetricScanner([{ Name: "loss", Regex: "(?i)loss=(?P<v>[0-9.]++)" }]);
    scanner.scan("LOSS=0.5 Loss=0.25", 1);
    assert.deepEqual(scanner.final, [{ name: "loss", value: 0.25, time: 1 }]);
  });
});
