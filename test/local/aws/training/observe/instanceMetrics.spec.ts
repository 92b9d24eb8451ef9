import assert from "node:assert/strict";
import {
  addUsage,
  cpuPercent,
  type Usage,
} from "../../../../../local/aws/training/observe/instanceMetrics.ts";

const stat = (name: string, group: number, user: number, system: number, pages: number) =>
  `17 (${name}) S 1 ${group} 17 0 -1 4194560 1 2 3 4 ${user} ${system} 0 0 20 0 1 0 100 200 ${pages} 300`;

describe("instance metrics", () => {
  it("add up the processes of a group, whatever they are called", () => {
    const usages = new Map<number, Usage>();
    addUsage(usages, stat("python", 5, 150, 50, 10));
    addUsage(usages, stat("a) S 9 (b", 5, 100, 0, 5));
    addUsage(usages, stat("other", 6, 1, 0, 1));
    assert.deepEqual(usages.get(5), { cpuSeconds: 3, memoryBytes: 15 * 4096 });
  });

  it("give percent of one core between two looks", () => {
    const at = (time: number, cpuSeconds: number) => ({ time, usage: { cpuSeconds, memoryBytes: 0 } });
    assert.equal(cpuPercent(at(0, 0), at(10_000, 15)), 150);
    assert.equal(cpuPercent(at(0, 9), at(10_000, 3)), 0);
    assert.equal(cpuPercent(at(5, 1), at(5, 2)), 0);
  });
});
