import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { grouped } from "./grouped.ts";

/** How one request went, as CloudWatch counts it. */
export interface Outcome {
  endpoint: string;
  region: string;
  variant: string;
  /** Healthy instances of the variant; undefined for a serverless one, which has none. */
  instances?: number;
  /** What the model answered; undefined where nothing came: a connection that broke, or 60 seconds that were over. */
  status?: number;
  /** Milliseconds that the model took, and everything around it. */
  modelMs: number;
  overheadMs: number;
}

/** Where SageMaker counts invocations (Developer Guide, "Monitor Amazon SageMaker AI with Amazon CloudWatch"). */
export const invocationNamespace = "AWS/SageMaker";

/** AWS sends them once a minute; here an alarm need not wait for that. */
const flushMs = 200;
/** PutMetricData takes up to 150 different values in one datum, and 1000 data a call. */
const maxValues = 150;
const maxData = 1000;

export interface InvocationMetricsOptions {
  /** Sends to CloudWatch of a region. */
  put: (data: MetricDatum[], region: string) => Promise<void>;
  now: () => number;
  log: (line: string) => void;
}

/** Counts requests, and sends the counts to CloudWatch together. */
export class InvocationMetrics {
  private readonly options: InvocationMetricsOptions;
  private outcomes: (Outcome & { time: number })[] = [];
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> = Promise.resolve();

  constructor(options: InvocationMetricsOptions) {
    this.options = options;
  }

  count(outcome: Outcome): void {
    this.outcomes.push({ ...outcome, time: this.options.now() });
    this.timer ??= setTimeout(() => void this.flush(), flushMs).unref();
  }

  /** Resolves when everything that was counted has been sent. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    const outcomes = this.outcomes;
    this.outcomes = [];
    this.sending = this.sending.then(() => this.send(outcomes));
    return this.sending;
  }

  private async send(outcomes: (Outcome & { time: number })[]): Promise<void> {
    for (const [region, ofRegion] of grouped(outcomes, (each) => each.region)) {
      const data = dataOf(ofRegion);
      try {
        for (let start = 0; start < data.length; start += maxData) {
          await this.options.put(data.slice(start, start + maxData), region);
        }
      } catch (error) {
        this.options.log(`metrics of ${ofRegion.length} invocation(s) are lost: ${(error as Error).message}`);
      }
    }
  }
}

/** One datum for each metric, variant and second, with its different values and how often each came. */
export function dataOf(outcomes: readonly (Outcome & { time: number })[]): MetricDatum[] {
  const groups = grouped(outcomes, ({ endpoint, variant, time }) =>
    JSON.stringify([endpoint, variant, Math.floor(time / 1000)]),
  );
  return [...groups.entries()].flatMap(([key, group]) => {
    const [endpoint, variant, second] = JSON.parse(key) as [string, string, number];
    const common = {
      Timestamp: new Date(second * 1000),
      Dimensions: [
        { Name: "EndpointName", Value: endpoint },
        { Name: "VariantName", Value: variant },
      ],
    };
    return Object.entries(metrics).flatMap(([MetricName, { unit: Unit, read }]) => {
      const values = group.flatMap((outcome) => read(outcome) ?? []);
      const counts = [...grouped(values, (value) => value)].map(([value, same]) => [value, same.length]);
      const parts: MetricDatum[] = [];
      for (let start = 0; start < counts.length; start += maxValues) {
        const part = counts.slice(start, start + maxValues);
        const [Values, Counts] = [part.map(([value]) => value ?? 0), part.map(([, count]) => count ?? 0)];
        parts.push({ ...common, MetricName, Unit, Values, Counts });
      }
      return parts;
    });
  });
}

const is = (condition: boolean) => (condition ? 1 : 0);
const within = (status: number | undefined, from: number) =>
  is(status !== undefined && status >= from && status < from + 100);

const metrics: Record<string, { unit: MetricDatum["Unit"]; read: (outcome: Outcome) => number | undefined }> =
  {
    Invocations: { unit: "None", read: () => 1 },
    InvocationsPerInstance: { unit: "None", read: ({ instances }) => instances && 1 / instances },
    Invocation4XXErrors: { unit: "None", read: ({ status }) => within(status, 400) },
    Invocation5XXErrors: { unit: "None", read: ({ status }) => within(status, 500) },
    InvocationModelErrors: { unit: "None", read: ({ status }) => 1 - within(status, 200) },
    ModelLatency: {
      unit: "Microseconds",
      read: ({ status, modelMs }) => (status === undefined ? undefined : Math.round(modelMs * 1000)),
    },
    OverheadLatency: {
      unit: "Microseconds",
      read: ({ status, overheadMs }) => (status === undefined ? undefined : Math.round(overheadMs * 1000)),
    },
  };
