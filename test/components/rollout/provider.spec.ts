import assert from "node:assert/strict";
import { type RolloutInputs, RolloutProvider, type RolloutState } from "../../../components/rollout/provider";
import { storedProvider } from "../../../components/rollout/storedProvider";
import { FakeClock } from "../support/fakeClock";
import { FakeEngine } from "../support/fakeEngine";
import { FakeEndpoint } from "./fakeEndpoint";

const model = (name: string) => ({
  artifact: `s3://b/${name}`,
  image: "i",
  trainingJobName: name,
  metrics: { a: 1 },
});
const inputs = (more: Partial<RolloutInputs> = {}): RolloutInputs => ({
  endpointName: "e",
  configName: "new",
  model: model("job"),
  smoke: { request: "x.png", answer: "classification" },
  region: "us-east-1",
  ...more,
});
const state = (more: Partial<RolloutInputs> = {}): RolloutState => {
  const before = inputs(more);
  return { ...before, modelInService: before.model };
};
const provider = (api = new FakeEndpoint("new")) =>
  new RolloutProvider({ engine: new FakeEngine(), clock: new FakeClock(), api: () => api });

describe("the provider of rollouts", () => {
  it("has the model in the state once it answers", async () => {
    const { id, outs } = await provider().create(inputs());
    assert.equal(id, "e");
    assert.deepEqual(outs?.modelInService, model("job"));
  });

  it("leaves the state to the model before where a rollout fails", async () => {
    const api = new FakeEndpoint("old");
    api.unloadable.set("new", "No ping.");
    const before = state({ configName: "old", model: model("before") });
    await assert.rejects(
      provider(api).update("e", before, inputs()),
      /goes on with the model before: before/,
    );
  });

  it("knows of the model before whether it was serverless", async () => {
    const api = new FakeEndpoint("old");
    api.answers.set("new", [{ status: 500, body: "x" }]);
    const { update } = api;
    api.update = async (...args) => {
      if (args[1] === "old") throw new Error("not supported");
      await update.apply(api, args);
    };
    const before = state({ configName: "old", model: model("before") });
    const onInstances = inputs({ deploymentConfig: { AutoRollbackConfiguration: {} } });
    await assert.rejects(provider(api).update("e", before, onInstances), /makes none of them serverless/);
  });

  it("rolls out a configuration, a model's facts or a smoke request that is another", async () => {
    const changes = async (news: RolloutInputs) => (await provider().diff("e", state(), news)).changes;
    assert.equal(await changes(inputs()), false);
    const { artifact, image, trainingJobName, metrics } = model("job");
    assert.equal(await changes(inputs({ model: { metrics, trainingJobName, image, artifact } })), false);
    assert.equal(await changes(inputs({ configName: "newer" })), true);
    assert.equal(await changes(inputs({ model: { ...model("job"), metrics: { a: 2 } } })), true);
    assert.equal(await changes(inputs({ smoke: { request: "y.png", answer: "any" } })), true);
    // How it moves is a matter of the next one.
    assert.equal(await changes(inputs({ deploymentConfig: { AutoRollbackConfiguration: {} } })), false);
  });

  it("goes with its endpoint", async () => {
    const { replaces } = await provider().diff("e", state(), inputs({ endpointName: "f" }));
    assert.deepEqual(replaces, ["endpointName"]);
  });

  it("is in another region another one, and by another profile the same, which is asked again", async () => {
    const diff = (news: Partial<RolloutInputs>) => provider().diff("e", state(), inputs(news));
    assert.deepEqual(await diff({}), { changes: false, replaces: [] });
    assert.deepEqual(await diff({ region: "eu-west-1" }), { changes: true, replaces: ["region"] });
    assert.deepEqual(await diff({ awsConfig: { profile: "x" } }), { changes: true, replaces: [] });
    // Only the shell named one until now.
    const named = await provider().diff("e", { ...state(), region: undefined }, inputs());
    assert.deepEqual(named, { changes: true, replaces: [] });
  });

  // The state tells nothing of a rollout that was killed, nor of a model that could not be taken back.
  for (const [what, now, changes] of [
    ["serves what the state says", { status: "InService", configName: "new" }, false],
    ["is patched by AWS", { status: "SystemUpdating", configName: "new" }, false],
    ["serves what a killed deployment brought", { status: "InService", configName: "newer" }, true],
    ["is still being updated by it", { status: "Updating", configName: "new" }, true],
    ["has failed", { status: "Failed", configName: "new" }, true],
    ["is gone", undefined, true],
  ] as const) {
    it(`${changes ? "rolls out" : "does nothing"} where nothing else changed and the endpoint ${what}`, async () => {
      const api = new FakeEndpoint("new");
      api.now = now;
      assert.equal((await provider(api).diff("e", state(), inputs())).changes, changes);
    });
  }

  it("goes by the state, and says so, where AWS does not let the endpoint be seen", async () => {
    const engine = new FakeEngine();
    const api = new FakeEndpoint("new");
    api.describe = () =>
      Promise.reject(Object.assign(new Error("not you"), { name: "AccessDeniedException" }));
    const unseen = new RolloutProvider({ engine, clock: new FakeClock(), api: () => api });
    assert.equal((await unseen.diff("e", state(), inputs())).changes, false);
    assert.match(engine.everything(), /Whether the endpoint e still serves .* is not known: .*not you/);
  });

  it("refuses to make instances serverless, which SageMaker cannot", async () => {
    const INSTANCES = { deploymentConfig: { AutoRollbackConfiguration: {} } };
    const faults = async (olds: Partial<RolloutInputs> | undefined, news: Partial<RolloutInputs>) =>
      (await provider().check(olds && inputs(olds), inputs(news))).failures?.map(({ reason }) => reason);
    const [fault, ...others] = (await faults(INSTANCES, {})) ?? [];
    assert.deepEqual(others, []);
    assert.match(fault, /the endpoint e has instances.*training-deploy:endpointName/);
    for (const [olds, news] of [
      [undefined, {}],
      [{}, INSTANCES],
      [INSTANCES, INSTANCES],
      [INSTANCES, { endpointName: "other" }],
      [{ ...INSTANCES, region: "us-east-1" }, { region: "eu-west-1" }],
    ] as const)
      assert.deepEqual(await faults(olds, news), []);
  });

  it("finds at a refresh that somebody else changed the endpoint, and brings the model again", async () => {
    const found = await provider(new FakeEndpoint("theirs")).read("e", state());
    assert.equal(found.props.configName, "theirs");
    assert.equal(found.props.modelInService, null);
    assert.equal((await provider().diff("e", found.props, inputs({ configName: "theirs" }))).changes, true);
    const api = new FakeEndpoint("theirs");
    assert.deepEqual(
      (await provider(api).update("e", found.props, inputs())).outs?.modelInService,
      model("job"),
    );
    assert.deepEqual(api.done, ["update new", "ask new image/png"]);
  });

  it("is gone with the endpoint", async () => {
    const api = new FakeEndpoint("new");
    api.now = undefined;
    assert.deepEqual(await provider(api).read("e", state()), { id: "", props: {} });
  });

  it("says which permission is missing", async () => {
    const api = new FakeEndpoint("new");
    api.describe = () =>
      Promise.reject(
        Object.assign(
          new Error("User: arn:aws:iam::1:user/me is not authorized to perform: sagemaker:DescribeEndpoint"),
          {
            name: "AccessDeniedException",
          },
        ),
      );
    await assert.rejects(
      provider(api).create(inputs()),
      /Next: grant arn:aws:iam::1:user\/me sagemaker:DescribeEndpoint\.$/,
    );
  });

  it("says which endpoint and model it was where AWS refuses, and what to do about a quota", async () => {
    const api = new FakeEndpoint("old");
    const limit = "The account-level service limit 'ml.m5.large for endpoint usage' is 1 Instances";
    api.refusals.push(Object.assign(new Error(limit), { name: "ResourceLimitExceeded", $metadata: {} }));
    await assert.rejects(
      provider(api).update("e", state({ configName: "old", model: model("before") }), inputs()),
      ({ message }: Error) => {
        assert.match(
          message,
          /^The rollout of the model of job to the endpoint e failed: ResourceLimitExceeded: The account/,
        );
        assert.match(message, /\nNext: the old and the new machines run at the same time/);
        return true;
      },
    );
  });

  it("says how the state learns of what somebody else deleted", async () => {
    const api = new FakeEndpoint("old");
    const missing = new Error("Could not find the CloudWatch alarm(s) endpoint-errors-1a2b");
    api.refusals.push(Object.assign(missing, { name: "ValidationException", $metadata: {} }));
    await assert.rejects(
      provider(api).update("e", state({ configName: "old", model: model("before") }), inputs()),
      /endpoint-errors-1a2b\nNext: `pulumi refresh`, which finds what somebody else deleted, then deploy again\.$/,
    );
  });

  it("finds at a refresh that the endpoint serves nothing any more, and brings the model again", async () => {
    for (const status of ["Failed", "OutOfService", "UpdateRollbackFailed"]) {
      const { props } = await provider(new FakeEndpoint("new", status)).read("e", state());
      assert.equal(props.modelInService, null, status);
    }
    const busy = await provider(new FakeEndpoint("new", "Updating")).read("e", state());
    assert.deepEqual(busy.props, state());
  });

  it("tells SageMaker's reason also where the deployment is cancelled while the log is looked for", async () => {
    const api = new FakeEndpoint("old");
    api.unloadable.set("new", "No ping.");
    const cancelled = provider(api);
    api.logSince = async () => {
      cancelled.cancel();
      return [];
    };
    const before = state({ configName: "old", model: model("before") });
    await assert.rejects(
      cancelled.update("e", before, inputs()),
      /did not take the model of job .*: No ping\./,
    );
  });

  it("ends with a deployment that is cancelled while the model is asked", async () => {
    const api = new FakeEndpoint("new");
    const cancelled = provider(api);
    api.invoke = async () => {
      cancelled.cancel();
      throw Object.assign(new Error("Request aborted"), { name: "AbortError" });
    };
    await assert.rejects(cancelled.create(inputs()), /was cut off; what SageMaker has begun goes on/);
  });

  it("ends with a deployment that is cancelled, and says that SageMaker goes on", async () => {
    const api = new FakeEndpoint("new");
    const cancelled = provider(api);
    api.describe = async () => {
      cancelled.cancel();
      return { status: "Updating", configName: "old" };
    };
    await assert.rejects(
      cancelled.create(inputs()),
      /was cut off; what SageMaker has begun goes on\. Next: deploy again/,
    );
  });

  it("is stored as a text that only forwards", () => {
    assert.ok(storedProvider.length < 1500, `${storedProvider.length}`);
    assert.match(storedProvider, /components\/rollout\/provider\.ts/);
  });
});
