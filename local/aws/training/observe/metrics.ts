import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { MetricValue } from "../../sagemaker/record.ts";
import { readMetricRegex } from "./metricRegex.ts";

export const metricNamespace = "/aws/sagemaker/TrainingJobs";
/** PutMetricData takes up to 1000 values a call. */
const maxValues = 1000;

export interface MetricDefinition {
  Name?: string;
  Regex?: string;
}

/** Finds a job's metrics in its log by its own regular expressions; the first group is the value. */
export class MetricScanner {
  private readonly definitions: { name: string; regex: RegExp }[];
  private readonly last = new Map<string, MetricValue>();
  private unpublished: MetricValue[] = [];

  constructor(definitions: MetricDefinition[]) {
    this.definitions = definitions.flatMap(({ Name: name = "", Regex: source = "" }) => {
      const read = readMetricRegex(source);
      // CreateTrainingJob has refused what cannot be read.
      return "regex" in read ? [{ name, regex: new RegExp(read.regex, `${read.regex.flags}g`) }] : [];
    });
  }

  scan(line: string, time: number): void {
    for (const { name, regex } of this.definitions) {
      for (const match of line.matchAll(regex)) {
        const value = Number(match[1]);
        if (match[1] === undefined || match[1].trim() === "" || !Number.isFinite(value)) continue;
        this.last.set(name, { name, value, time });
        this.unpublished.push({ name, value, time });
      }
    }
  }

  /** The last value of each metric, in the order of the definitions: FinalMetricDataList. */
  get final(): MetricValue[] {
    return this.definitions.flatMap(({ name }) => this.last.get(name) ?? []);
  }

  /** What has been found since the last call. */
  take(): MetricValue[] {
    const values = this.unpublished;
    this.unpublished = [];
    return values;
  }
}

/** Sends a job's algorithm metrics to CloudWatch, under its name. */
export async function publishMetrics(
  cloudwatch: CloudWatchClient,
  job: string,
  values: MetricValue[],
): Promise<void> {
  const data = values.map((value) => ({
    MetricName: value.name,
    Value: value.value,
    Timestamp: new Date(value.time),
    Dimensions: [{ Name: "TrainingJobName", Value: job }],
  }));
  await putMetrics(cloudwatch, data);
}

export async function putMetrics(cloudwatch: CloudWatchClient, data: MetricDatum[]): Promise<void> {
  for (let start = 0; start < data.length; start += maxValues) {
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: metricNamespace,
        MetricData: data.slice(start, start + maxValues),
      }),
    );
  }
}
