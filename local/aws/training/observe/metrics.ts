import { type CloudWatchClient, type MetricDatum, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { MetricValue } from "../../sagemaker/record.ts";
import { budgetMs, findAll } from "./findAll.ts";
import { readMetricRegex } from "./metricRegex.ts";

export const metricNamespace = "/aws/sagemaker/TrainingJobs";
/** PutMetricData takes up to 1000 values a call. */
const maxValues = 1000;
/** After so many lines that took too long a metric is given up. */
const maxSlow = 3;
/** What is held while CloudWatch does not take it. */
const maxUnpublished = 100_000;

export interface MetricDefinition {
  Name?: string;
  Regex?: string;
}

interface Definition {
  name: string;
  regex: RegExp;
  /** Lines that took too long so far. */
  slow: number;
}

/** Finds a job's metrics in its log by its own regular expressions; the first group is the value. */
export class MetricScanner {
  private readonly definitions: Definition[];
  private readonly last = new Map<string, MetricValue>();
  private unpublished: MetricValue[] = [];

  constructor(definitions: MetricDefinition[]) {
    this.definitions = definitions.flatMap(({ Name: name = "", Regex: source = "" }) => {
      const read = readMetricRegex(source);
      // CreateTrainingJob has refused what cannot be read.
      return "regex" in read
        ? [{ name, regex: new RegExp(read.regex, `${read.regex.flags}g`), slow: 0 }]
        : [];
    });
  }

  /** Returns what is to be said about expressions that take too long. */
  scan(line: string, time: number): string[] {
    return this.definitions.flatMap((definition) => {
      const { name, regex, slow } = definition;
      if (slow >= maxSlow) return [];
      const found = findAll(regex, line);
      if (found === undefined) return [this.tooSlow(definition)];
      for (const text of found) {
        const value = Number(text);
        if (text.trim() === "" || !Number.isFinite(value)) continue;
        this.last.set(name, { name, value, time });
        this.unpublished.push({ name, value, time });
      }
      return [];
    });
  }

  private tooSlow(definition: Definition): string {
    definition.slow += 1;
    const then = definition.slow < maxSlow ? "the line is left out" : "the metric is given up";
    return `metric ${definition.name}: its expression takes longer than ${budgetMs} ms for a line, ${then}: ${definition.regex.source}`;
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

  /** What has been taken and could not be sent: it comes with the next ones. */
  putBack(values: MetricValue[]): void {
    this.unpublished = [...values, ...this.unpublished].slice(-maxUnpublished);
  }
}

/** Sends a job's algorithm metrics to CloudWatch, under its name. What is not taken is sent with the next ones. */
export async function publishMetrics(
  cloudwatch: CloudWatchClient,
  job: string,
  metrics: Pick<MetricScanner, "take" | "putBack">,
): Promise<void> {
  let left = metrics.take();
  try {
    for (; left.length > 0; left = left.slice(maxValues)) {
      const data = left.slice(0, maxValues).map((value) => ({
        MetricName: value.name,
        Value: value.value,
        Timestamp: new Date(value.time),
        Dimensions: [{ Name: "TrainingJobName", Value: job }],
      }));
      await putMetrics(cloudwatch, data);
    }
  } catch (error) {
    metrics.putBack(left);
    throw error;
  }
}

/** Sends up to 1000 values. */
export async function putMetrics(cloudwatch: CloudWatchClient, data: MetricDatum[]): Promise<void> {
  await cloudwatch.send(new PutMetricDataCommand({ Namespace: metricNamespace, MetricData: data }));
}
