import assert from "node:assert/strict";
import { readMetricRegex } from "../../../../components/trainingJob/args/metricRegex";
import { METRIC_REGEXES } from "../../../cases/metricRegexes";

describe("readMetricRegex", () => {
  for (const [source, verdict, line, value] of METRIC_REGEXES) {
    it(`says ${verdict} of ${source}`, () => {
      const read = readMetricRegex(source);
      if ("regex" in read) {
        assert.equal(read.groups, verdict);
        if (line !== undefined) assert.equal(read.regex.exec(line)?.[1], value);
      } else {
        assert.equal(read.wrong ? "wrong" : "unread", verdict);
      }
    });
  }
});
