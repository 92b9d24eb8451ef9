import assert from "node:assert/strict";
import type { JobDescription } from "../../../../components/trainingJob/aws/api";
import type { RunContext } from "../../../../components/trainingJob/run/context";
import { sayUnmatched } from "../../../../components/trainingJob/run/unmatched";

/** What is warned of at the end of a job with these values. */
function warned(values: string[]): string[] {
  const said: string[] = [];
  const metricDefinitions = ["loss", "f1"].map((name) => ({ name, regex: `${name}=([0-9.]+)` }));
  const context = {
    inputs: { algorithmSpecification: { metricDefinitions } },
    progress: { warn: (text: string) => said.push(text) },
  } as unknown as RunContext;
  const FinalMetricDataList = values.map((MetricName) => ({ MetricName, Value: 1 }));
  sayUnmatched({ FinalMetricDataList } as JobDescription, context);
  return said;
}

describe("sayUnmatched", () => {
  it("names each metric without a value, with its expression", () => {
    const [said, ...others] = warned(["loss"]);
    assert.match(said, /^The metric f1 has no value: no line of the log matched f1=\(\[0-9\.\]\+\)\./);
    assert.deepEqual(others, []);
  });

  it("says nothing where all have one", () => assert.deepEqual(warned(["loss", "f1"]), []));
});
