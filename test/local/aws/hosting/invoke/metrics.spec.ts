import assert from "node:assert/strict";
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";
import { dataOf, InvocationMetrics, type Outcome } from "../../../../../local/aws/hosting/invoke/metrics.ts";

const outcome = (changes: Partial<Outcome> = {}): Outcome => ({
  ...{
    endpoint: "e",
    region: "us-east-1",
    variant: "v",
    instances: 2,
    status: 200,
    modelMs: 3,
    overheadMs: 1,
  },
  ...changes,
});

/** Each metric's values, with how often each came. */
const shown = (data: MetricDatum[]) =>
  Object.fromEntries(
    data.map(({ MetricName, Values = [], Counts = [] }) => [
      MetricName,
      Values.map((value, index) => [value, Counts[index]]),
    ]),
  );

describe("the metrics of invocations", () => {
  it("are those of SageMaker, by endpoint and variant", () => {
    const data = dataOf(
      [200, 200, 415, 500, undefined].map((status) => ({ ...outcome({ status }), time: 5_700 })),
    );
    assert.deepEqual(shown(data), {
      Invocations: [[1, 5]],
      InvocationsPerInstance: [[0.5, 5]],
      Invocation4XXErrors: [
        [0, 4],
        [1, 1],
      ],
      Invocation5XXErrors: [
        [0, 4],
        [1, 1],
      ],
      InvocationModelErrors: [
        [0, 2],
        [1, 3],
      ],
      ModelLatency: [[3000, 4]],
      OverheadLatency: [[1000, 4]],
    });
    assert.deepEqual(data[0]?.Dimensions, [
      { Name: "EndpointName", Value: "e" },
      { Name: "VariantName", Value: "v" },
    ]);
    assert.deepEqual(data[0]?.Timestamp, new Date(5_000));
    assert.equal(data.at(-1)?.Unit, "Microseconds");
  });

  it("know no instances of a serverless variant", () => {
    const names = Object.keys(shown(dataOf([{ ...outcome({ instances: undefined }), time: 0 }])));
    assert.ok(names.includes("Invocations") && !names.includes("InvocationsPerInstance"), names.join());
  });

  it("have no more than 150 values in a datum", () => {
    const many = Array.from({ length: 301 }, (_, modelMs) => ({ ...outcome({ modelMs }), time: 0 }));
    const latencies = dataOf(many).filter(({ MetricName }) => MetricName === "ModelLatency");
    assert.deepEqual(
      latencies.map(({ Values }) => Values?.length),
      [150, 150, 1],
    );
  });

  it("are sent together, each to its region; what cannot be sent is told", async () => {
    const sent: [string, object][] = [];
    const told: string[] = [];
    const metrics = new InvocationMetrics({
      put: async (data, region) => {
        if (region === "eu-west-1") throw new Error("no such region");
        sent.push([region, shown(data).Invocations ?? []]);
      },
      now: () => 0,
      log: (line) => told.push(line),
    });
    for (const region of ["us-east-1", "eu-west-1", "us-east-1"]) metrics.count(outcome({ region }));
    await metrics.flush();
    await metrics.flush();
    assert.deepEqual(sent, [["us-east-1", [[1, 2]]]]);
    assert.deepEqual(told, ["metrics of 1 invocation(s) are lost: no such region"]);
  });
});
