import assert from "node:assert/strict";
import { EndpointOwnerProvider, type EndpointOwnerState } from "../../../components/rollout/ownerProvider";
import { FakeClock } from "../support/fakeClock";
import { FakeEndpoint } from "./fakeEndpoint";

const said: string[] = [];
const owner = (api: FakeEndpoint) =>
  new EndpointOwnerProvider({
    api: () => api,
    clock: new FakeClock(),
    run: (work) => work(new AbortController().signal),
    status: () => {},
    warn: (_urn, text) => void said.push(text),
  });
const state = (more: Partial<EndpointOwnerState> = {}): EndpointOwnerState => ({
  endpointName: "e",
  region: "us-east-1",
  mark: "ours",
  ...more,
});
const endpoint = (status: string, mark = "ours") => {
  const api = new FakeEndpoint("c", status);
  api.tagList = [{ Key: "pulumi:mark", Value: mark }];
  return api;
};

describe("the owner of an endpoint", () => {
  beforeEach(() => said.splice(0));

  it("has a mark that is made once", async () => {
    const provider = owner(endpoint("InService"));
    const { id, outs } = await provider.create({ endpointName: "e" });
    assert.match(id, /^[0-9a-f-]{36}$/);
    assert.equal(outs?.mark, id);
    const updated = await provider.update(id, outs as EndpointOwnerState, { endpointName: "e", region: "r" });
    assert.equal(updated.outs?.mark, id);
  });

  it("has nothing to do where the endpoint is gone", async () => {
    const api = endpoint("InService");
    api.now = undefined;
    await owner(api).delete("ours", state());
    assert.deepEqual([api.done, said], [[], []]);
  });

  it("has nothing to do where the endpoint goes while it is looked at", async () => {
    const api = endpoint("Deleting");
    api.tags = async () => undefined;
    await owner(api).delete("ours", state());
    assert.deepEqual([api.done, said], [[], []]);
  });

  it("deletes an endpoint that is still there: the AWS provider takes SageMaker's refusal for a success", async () => {
    const api = endpoint("InService");
    await owner(api).delete("ours", state());
    assert.deepEqual(api.done, ["delete"]);
    assert.equal(api.now, undefined);
    assert.match(said[0], /^The endpoint e is still there \(InService\).*is deleted now/);
  });

  it("waits for the end of what is under way, in which SageMaker deletes none", async () => {
    const api = endpoint("InService");
    await api.update("e", "other");
    await owner(api).delete("ours", state());
    assert.deepEqual(api.done, ["update other", "delete"]);
    assert.match(said[0], /\(Updating\)/);
  });

  it("waits for an endpoint that is on its way out", async () => {
    const api = endpoint("Deleting");
    const { describe } = api;
    let looks = 0;
    api.describe = async () => (++looks > 2 ? undefined : describe.call(api));
    await owner(api).delete("ours", state());
    assert.deepEqual([api.done, looks], [[], 3]);
  });

  it("leaves an endpoint alone that somebody else made by that name, and says that it is there", async () => {
    for (const api of [endpoint("InService", "theirs"), new FakeEndpoint("c")]) {
      await owner(api).delete("ours", state());
      assert.deepEqual(api.done, []);
      assert.ok(api.now);
      assert.match(
        said.pop() ?? "",
        /^The endpoint e is there \(InService\) .*so it stays\..* --endpoint-name e --region us-east-1$/,
      );
    }
  });

  it("says that the endpoint may go on, and be billed, where it cannot be deleted", async () => {
    const api = endpoint("InService");
    api.delete = () =>
      Promise.reject(
        Object.assign(new Error("User: me is not authorized to perform: sagemaker:DeleteEndpoint"), {
          name: "AccessDeniedException",
        }),
      );
    await assert.rejects(
      owner(api).delete("ours", state()),
      /^Error: The endpoint e may still be there, and billed: AccessDeniedException: .*\nNext: grant me sagemaker:DeleteEndpoint, then destroy again\.$/,
    );
  });

  it("is another one for another endpoint, or one in another region", async () => {
    const diff = (news: object) =>
      owner(endpoint("InService")).diff("ours", state(), { ...state(), ...news });
    assert.deepEqual(await diff({}), { changes: false, replaces: [] });
    assert.deepEqual(await diff({ endpointName: "f" }), { changes: true, replaces: ["endpointName"] });
    assert.deepEqual(await diff({ region: "eu-west-1" }), { changes: true, replaces: ["region"] });
    assert.deepEqual(await diff({ awsConfig: { profile: "x" } }), { changes: true, replaces: [] });
    // Only the shell named one until now.
    const named = await owner(endpoint("InService")).diff("ours", state({ region: undefined }), state());
    assert.deepEqual(named, { changes: true, replaces: [] });
    assert.deepEqual(await diff({ logUrn: "urn:x" }), { changes: false, replaces: [] });
  });
});
