import assert from "node:assert/strict";
import type { JobDescription } from "../../../../components/trainingJob/aws/api";
import type { TrainingJobState } from "../../../../components/trainingJob/state/state";
import { anotherJob } from "../../../../components/trainingJob/state/successor";

const STATE = {
  status: "Completed",
  trainingJobName: "dense-1",
  timeline: [
    { status: "Training", startTime: "2026-01-01T00:01:00.000Z" },
    { status: "Completed", startTime: "2026-01-01T01:00:00.000Z" },
  ],
} as TrainingJobState;

const createdAt = (time: string | undefined, name = "dense-1") =>
  ({ TrainingJobName: name, CreationTime: time && new Date(time) }) as JobDescription;

describe("anotherJob", () => {
  it("is one that was created when the one of the state had ended", () => {
    assert.match(
      anotherJob(createdAt("2026-01-02T00:00:00Z"), STATE) ?? "",
      /^dense-1 is another job by now, created 2026-01-02T00:00:00\.000Z: .*pulumi up/,
    );
  });

  for (const [what, job, state] of [
    ["the one of the state", createdAt("2026-01-01T00:00:00Z"), STATE],
    ["an attempt of another name", createdAt("2026-01-02T00:00:00Z", "dense-1-2"), STATE],
    ["one of which no creation is told", createdAt(undefined), STATE],
    ["any while the state's ran", createdAt("2026-01-02T00:00:00Z"), { ...STATE, status: "InProgress" }],
    ["any of a state without a timeline", createdAt("2026-01-02T00:00:00Z"), { ...STATE, timeline: [] }],
    ["any of no state at all", createdAt("2026-01-02T00:00:00Z"), {}],
  ] as [string, JobDescription, Partial<TrainingJobState>][]) {
    it(`is not ${what}`, () => assert.equal(anotherJob(job, state), undefined));
  }
});
