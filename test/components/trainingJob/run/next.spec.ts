import assert from "node:assert/strict";
import { next, type Past, type Policy } from "../../../../components/trainingJob/run/next";
import { NO_CAPACITY } from "../../support/scripts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-01-10T00:00:00Z");

/** One job of a history; it ended that long ago, and an earlier deployment saw it. */
const job = (attempt: number, how: Partial<Past>, ago = 0): Past => ({
  attempt,
  onDemand: false,
  status: "Failed",
  secondaryStatus: "Failed",
  endedAt: NOW - ago,
  watched: false,
  usable: false,
  ...how,
});
const onDemand = { onDemand: true };
const seen = { watched: true };
const running = { status: "InProgress", secondaryStatus: "Training", endedAt: 0 };
const stopping = { status: "Stopping", secondaryStatus: "Stopping", endedAt: 0 };
const completed = { status: "Completed", secondaryStatus: "Completed", usable: true };
const artifactGone = { ...completed, usable: false };
const noCapacity = { reason: NO_CAPACITY };
const broken = { reason: "AlgorithmError: no" };
const outOfSpot = { status: "Stopped", secondaryStatus: "MaxWaitTimeExceeded" };
const stopped = { status: "Stopped", secondaryStatus: "Stopped" };

/** A step as one line: `start 2 spot in 1 min: retry`. */
function told(history: Past[], policy: Policy): string {
  const step = next(history, policy, NOW);
  if (step.do !== "start") return `${step.do} ${step.at}`;
  const wait = Math.max(0, step.notBefore - NOW) / MINUTE;
  const how = `${step.onDemand ? "on-demand" : "spot"}${wait > 0 ? ` in ${wait} min` : ""}`;
  return `start ${step.attempt} ${how}${step.why ? `: ${step.why}` : ""}`;
}

const PLAIN: Policy = { fallback: false, capacityRetries: 0 };
const RETRIES: Policy = { fallback: false, capacityRetries: 3 };
const FALLBACK: Policy = { fallback: true, capacityRetries: 0 };
const RECORD: Policy = { ...PLAIN, onFailure: "record" };
const BOTH: Policy = { fallback: true, capacityRetries: 3 };

const failures = (count: number, how: Partial<Past> = {}, gap = MINUTE): Past[] =>
  Array.from({ length: count }, (_, index) =>
    job(index + 1, { ...noCapacity, ...how }, (count - 1 - index) * gap),
  );

const TABLE: [what: string, history: Past[], policy: Policy, step: string][] = [
  ["nothing yet", [], PLAIN, "start 1 spot"],
  ["a job that runs", [job(1, running)], PLAIN, "follow 0"],
  ["a job that is being stopped", [job(1, stopping)], PLAIN, "follow 0"],
  ["a job that runs after one that completed", [job(1, completed), job(2, running)], PLAIN, "follow 1"],
  ["a model", [job(1, completed, 30 * DAY)], PLAIN, "done 0"],
  ["a model, and a later failure", [job(1, completed, DAY), job(2, broken)], PLAIN, "done 0"],
  ["a script that failed before, where that is a result", [job(1, broken, DAY)], RECORD, "failed 0"],
  [
    "a script that failed before, to be tried again",
    [job(1, broken)],
    { ...PLAIN, onFailure: "retry" },
    "start 2 spot",
  ],
  [
    "another failure where one of the script is a result",
    [job(1, { reason: "InternalServerError" })],
    RECORD,
    "start 2 spot",
  ],
  ["a job that was stopped where a failure is a result", [job(1, stopped)], RECORD, "start 2 spot"],
  ["no capacity where a failure is a result", [job(1, noCapacity)], RECORD, "start 2 spot"],
  [
    "a model whose artifact is gone where a failure is a result",
    [job(1, artifactGone)],
    RECORD,
    "start 2 spot",
  ],
  ["a model whose artifact is gone", [job(1, artifactGone, DAY)], PLAIN, "start 2 spot"],
  [
    "a job of this deployment that left no artifact",
    [job(1, { ...artifactGone, ...seen })],
    PLAIN,
    "failed 0",
  ],
  ["a failure of an earlier deployment", [job(1, broken, MINUTE)], BOTH, "start 2 spot"],
  ["a failure of this deployment", [job(1, { ...broken, ...seen })], BOTH, "failed 0"],
  ["a job that was stopped from outside, seen", [job(1, { ...stopped, ...seen })], BOTH, "failed 0"],
  ["a hundred failures", [job(99, broken, HOUR), job(100, broken)], PLAIN, "start 101 spot"],

  ["no capacity, and nothing to try", [job(1, { ...noCapacity, ...seen })], PLAIN, "failed 0"],
  ["no capacity, first retry", failures(1, seen), RETRIES, "start 2 spot in 1 min: retry"],
  ["no capacity, second retry", failures(2, seen), RETRIES, "start 3 spot in 2 min: retry"],
  ["no capacity, third retry", failures(3, seen), RETRIES, "start 4 spot in 4 min: retry"],
  ["no capacity, retries used up", failures(4, seen), RETRIES, "failed 3"],
  ["no capacity, retries used up, then the fallback", failures(4, seen), BOTH, "start 4 on-demand: fallback"],
  [
    "the longest pause",
    failures(6, seen),
    { ...RETRIES, capacityRetries: 9 },
    "start 7 spot in 15 min: retry",
  ],

  // Whichever deployment saw them end: what was cancelled in a pause goes on where it was.
  ["cancelled in the first pause", failures(1), BOTH, "start 2 spot in 1 min: retry"],
  ["cancelled in the third pause", failures(3), BOTH, "start 4 spot in 4 min: retry"],
  ["a pause that is over", [job(1, noCapacity, 10 * MINUTE)], BOTH, "start 2 spot: retry"],
  ["retries used up before this deployment", failures(4), BOTH, "start 4 on-demand: fallback"],
  ["retries used up, and no fallback: a new deployment", failures(4), RETRIES, "start 5 spot"],
  ["retries of other days do not count", failures(4, {}, DAY), BOTH, "start 5 spot in 1 min: retry"],

  ["out of spot, now", [job(1, { ...outOfSpot, ...seen })], FALLBACK, "start 1 on-demand: fallback"],
  ["out of spot, a minute ago", [job(1, outOfSpot, MINUTE)], FALLBACK, "start 1 on-demand: fallback"],
  ["out of spot, three days ago: spot again", [job(1, outOfSpot, 3 * DAY)], FALLBACK, "start 2 spot"],
  [
    "no capacity three days ago: spot again",
    failures(1, {}).map((each) => ({ ...each, endedAt: NOW - 3 * DAY })),
    BOTH,
    "start 2 spot",
  ],
  ["out of spot, and no fallback", [job(1, { ...outOfSpot, ...seen })], RETRIES, "failed 0"],
  [
    "the fallback runs",
    [job(1, outOfSpot, MINUTE), job(1, { ...onDemand, ...running })],
    FALLBACK,
    "follow 1",
  ],
  [
    "the fallback broke, seen",
    [job(1, outOfSpot, HOUR), job(1, { ...onDemand, ...broken, ...seen })],
    FALLBACK,
    "failed 1",
  ],
  [
    "the fallback broke, before",
    [job(1, outOfSpot, HOUR), job(1, { ...onDemand, ...broken }, MINUTE)],
    FALLBACK,
    "start 2 spot",
  ],
  [
    "the fallback found no capacity: it is retried on demand",
    [job(1, outOfSpot, MINUTE), job(1, { ...onDemand, ...noCapacity, ...seen })],
    BOTH,
    "start 2 on-demand in 1 min: retry",
  ],
];

describe("next", () => {
  for (const [what, history, policy, step] of TABLE) {
    it(`${what} -> ${step}`, () => assert.equal(told(history, policy), step));
  }

  it("depends on nothing but the history: whoever saw the lack of capacity end", () => {
    for (const count of [1, 2, 3, 4]) {
      for (const policy of [FALLBACK, BOTH]) {
        assert.equal(told(failures(count, seen), policy), told(failures(count), policy));
      }
    }
  });
});
