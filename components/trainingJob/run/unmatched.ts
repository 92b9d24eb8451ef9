import type { JobDescription } from "../aws/api";
import type { RunContext } from "./context";

/** Says which metrics have no value at the end of a job: no line of its log matched them, and a misspelt expression is no error. */
export function sayUnmatched(job: JobDescription, { inputs, progress }: RunContext): void {
  const found = new Set((job.FinalMetricDataList ?? []).map(({ MetricName }) => MetricName));
  for (const { name, regex } of inputs.algorithmSpecification?.metricDefinitions ?? []) {
    if (found.has(name)) continue;
    progress.warn(
      `The metric ${name} has no value: no line of the log matched ${regex}. It is applied to one line at a time: print name and number in one ` +
        'text, such as print(f"loss={loss:.4f}").',
    );
  }
}
