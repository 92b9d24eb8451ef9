import assert from "node:assert/strict";
import { madeBefore } from "../../../components/rollout/takeUp";
import { FakeEndpoint } from "./fakeEndpoint";

const look = (status: string, mark?: string) => {
  const api = new FakeEndpoint("c", status);
  api.tagList = mark ? [{ Key: "pulumi:mark", Value: mark }] : [];
  return madeBefore("e", "ours", api);
};

describe("an endpoint that a killed deployment left", () => {
  it("is taken up by its mark, whatever became of it", async () => {
    for (const status of ["Creating", "InService", "Failed"])
      assert.equal(await look(status, "ours"), "e", status);
  });

  it("is none of another stack, none without a mark, and none that is about to go", async () => {
    assert.equal(await look("InService", "theirs"), undefined);
    assert.equal(await look("InService"), undefined);
    assert.equal(await look("Deleting", "ours"), undefined);
    const api = new FakeEndpoint("c");
    api.now = undefined;
    assert.equal(await madeBefore("e", "ours", api), undefined);
  });
});
