import assert from "node:assert/strict";
import { csvOf, dataOf } from "../../../commands/compare/data";
import { tried, uriOf } from "./runs";

const RUNS = [
  tried("dense-0", { lr: 0.1, note: 'a "b", c' }, { metrics: { acc: 0.972222 }, curves: {} }),
  tried(
    "dense-1",
    { lr: -0.01, note: "=1+1" },
    { status: "Failed", modelArtifact: null, cost: { basis: "none" } },
  ),
];

describe("the runs for other programs", () => {
  it("have every figure as it is, and say where the record is", () => {
    const [first, second] = JSON.parse(JSON.stringify(dataOf(RUNS)));
    assert.deepEqual(first, {
      name: "dense-0",
      parameters: { lr: 0.1, note: 'a "b", c' },
      metrics: { acc: 0.972222 },
      cost: 0.0117,
      seconds: 100,
      status: "Completed",
      artifact: "s3://bucket/artifacts/dense-0/output/model.tar.gz",
      startTime: "2026-01-01T00:00:00.000Z",
      endTime: "2026-01-01T01:00:00.000Z",
      failureReason: null,
      commit: null,
      clean: null,
      curves: {},
      record: uriOf("dense-0"),
    });
    assert.deepEqual([second.cost, second.artifact], [null, null]);
  });

  it("are a line each in CSV, with quotes where they are needed and no formula", () => {
    assert.deepEqual(csvOf(RUNS).split("\r\n"), [
      "run,lr,note,acc,cost,seconds,status,startTime,endTime,artifact,record",
      `dense-0,0.1,"a ""b"", c",0.972222,0.0117,100,Completed,2026-01-01T00:00:00.000Z,2026-01-01T01:00:00.000Z,s3://bucket/artifacts/dense-0/output/model.tar.gz,${uriOf("dense-0")}`,
      `dense-1,-0.01,'=1+1,,,100,Failed,2026-01-01T00:00:00.000Z,2026-01-01T01:00:00.000Z,,${uriOf("dense-1")}`,
      "",
    ]);
  });
});
