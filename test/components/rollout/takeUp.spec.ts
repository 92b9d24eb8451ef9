import assert from "node:assert/strict";
import { madeBefore, nameIsFree } from "../../../components/rollout/takeUp";
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

describe("the name of an endpoint that is about to be made", () => {
  const refused = (api: FakeEndpoint) =>
    nameIsFree("e", "ours", () => api).then(
      () => undefined,
      ({ message }: Error) => message,
    );

  it("is refused where another endpoint has it", async () => {
    const fault = (await refused(new FakeEndpoint("theirs", "InService"))) ?? "";
    assert.match(
      fault,
      /^There is an endpoint e already \(InService\).*\nNext: .*training-deploy:endpointName/,
    );
  });

  it("is that of the stack's own endpoint, which is made anew: it goes before", async () => {
    const own = new FakeEndpoint("c");
    own.tagList = [{ Key: "pulumi:mark", Value: "ours" }];
    assert.equal(await refused(own), undefined);
  });

  it("is taken where none has it, where one is about to go, and where AWS does not let it be seen", async () => {
    const none = new FakeEndpoint("c");
    none.now = undefined;
    const unseen = new FakeEndpoint("c");
    unseen.describe = () => Promise.reject(new Error("AccessDenied"));
    for (const api of [none, unseen, new FakeEndpoint("c", "Deleting")])
      assert.equal(await refused(api), undefined);
  });
});
