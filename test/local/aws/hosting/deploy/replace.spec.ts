import assert from "node:assert/strict";
import type { LiveEndpoint } from "../../../../../local/aws/hosting/deploy/liveEndpoint.ts";
import { moveTo } from "../../../../../local/aws/hosting/deploy/replace.ts";
import type { Fleet } from "../../../../../local/aws/hosting/serve/fleet.ts";

describe("the move of requests to a new fleet", () => {
  const steps = [
    { share: 0.1, waitSeconds: 2.5 },
    { share: 1, waitSeconds: 1 },
  ];
  const rollout = { steps, terminationWaitSeconds: 0, alarms: ["errors"] };

  /** What happened, with the share of the new fleet at that moment. */
  function play(alarmAt = Number.POSITIVE_INFINITY, start = async () => {}) {
    const live = { record: { region: "eu-west-1" }, greenShare: 0 } as LiveEndpoint;
    const seen: [string, number][] = [];
    const options = {
      signal: new AbortController().signal,
      sleep: async (ms: number) => void seen.push([`${ms} ms`, live.greenShare]),
      alarmOf: async (names: string[], region: string) => {
        seen.push([`${names} in ${region}`, live.greenShare]);
        return seen.length >= alarmAt ? names[0] : undefined;
      },
    };
    return { seen, live, moved: moveTo(live, { start } as unknown as Fleet, rollout, options) };
  }
  const look = "errors in eu-west-1";

  it("goes step by step, and looks at the alarms before, during and after each wait", async () => {
    const { seen, moved } = play();
    await moved;
    assert.deepEqual(seen, [
      [look, 0.1],
      ["1000 ms", 0.1],
      [look, 0.1],
      ["1000 ms", 0.1],
      [look, 0.1],
      ["500 ms", 0.1],
      [look, 0.1],
      [look, 1],
      ["1000 ms", 1],
      [look, 1],
    ]);
  });

  it("ends with the alarm that goes off", async () => {
    const { seen, moved } = play(5);
    await assert.rejects(moved, /rolled back because the alarm errors is in state ALARM/);
    assert.deepEqual(seen.at(-1), [look, 0.1]);
  });

  it("does not begin before the new fleet is healthy", async () => {
    const { seen, live, moved } = play(undefined, async () => {
      throw new Error("no ping");
    });
    await assert.rejects(moved, /no ping/);
    assert.deepEqual([seen, live.greenShare], [[], 0]);
  });
});
