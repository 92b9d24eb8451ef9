import assert from "node:assert/strict";
import { weighted } from "../../../../../local/aws/hosting/deploy/liveEndpoint.ts";

describe("the choice by weight", () => {
  const all = [
    { name: "a", weight: 0 },
    { name: "b", weight: 1 },
    { name: "c", weight: 3 },
    { name: "d", weight: 0 },
  ];
  for (const [random, chosen] of [
    [0, "b"],
    [0.24, "b"],
    [0.25, "c"],
    [0.999, "c"],
    [1, "c"],
  ] as const) {
    it(`is ${chosen} at ${random}`, () => assert.equal(weighted(all, random)?.name, chosen));
  }

  it("is nobody where nobody has a weight", () => {
    assert.equal(weighted([{ weight: 0 }], 0.5), undefined);
    assert.equal(weighted([], 0.5), undefined);
  });
});
