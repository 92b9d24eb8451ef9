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
