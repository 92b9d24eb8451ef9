import { strict as assert } from "node:assert";
import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteEndpointCommand,
  DescribeEndpointCommand,
  ListEndpointsCommand,
} from "@aws-sdk/client-sagemaker";
import { RIGHT, ServedModels, waitsFor } from "./support/servedModels";

describe("an endpoint", function () {
  this.timeout(1_200_000);
  let models: ServedModels;
  after(() => models?.dispose());

  const deployed = async () => {
    const done = await models.deploy();
    assert.equal(done.code, 0, done.output);
    return done.output;
  };
  const endpoints = async () => {
    const { Endpoints = [] } = await models.training.sagemaker.send(
      new ListEndpointsCommand({ NameContains: models.endpoint }),
    );
    return Endpoints.map(({ EndpointName }) => EndpointName);
  };
  const endpoint = () =>
    models.training.sagemaker.send(new DescribeEndpointCommand({ EndpointName: models.endpoint }));
  const untilCreating = async () => {
    while (
      await endpoint().then(
        ({ EndpointStatus }) => EndpointStatus !== "Creating",
        () => true,
      )
    )
      await delay(100);
  };

  /** The endpoint is in no state then. */
  const killedWhileCreating = async (name: string) => {
    await models.train(name, waitsFor(`${models.training.dir}/gate-of-${name}`));
    const up = models.training.start(["up", "--yes", "--skip-preview", "-C", "deploy"]);
    await untilCreating();
    process.kill(-(up.child.pid as number), "SIGKILL");
    await up.finished;
    await models.training.ok(["cancel", "--yes", "test", "-C", "deploy"]);
  };

  it("takes another name with the model of today, and is never left running", async () => {
    models = await ServedModels.create("cutoff");
    await models.train("one", RIGHT);
    await deployed();
    await models.train("two", RIGHT);
    await deployed();
    models.configure({ endpointName: "cutoff-renamed" });
    await deployed();
    assert.deepEqual(await endpoints(), ["cutoff-renamed"]);
    const destroyed = await models.pulumi(["destroy", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.doesNotMatch(destroyed.output, /is still there/);
    assert.deepEqual(await endpoints(), []);

    models.configure();
    await killedWhileCreating("slow");
    const destroy = models.training.start(["destroy", "--yes", "-C", "deploy"]);
    await destroy.until(/The endpoint cutoff is still there \(Creating\)/);
    models.training.write("gate-of-slow", "");
    const done = await destroy.finished;
    assert.equal(done.code, 0, done.output);
    assert.deepEqual(await endpoints(), []);

    // The next deployment goes on with it, too, and no other one is made.
    await killedWhileCreating("later");
    models.training.write("gate-of-later", "");
    const { CreationTime: made } = await endpoint();
    await deployed();
    assert.deepEqual((await endpoint()).CreationTime, made);
    assert.equal(await models.ask(), "later");
    const again = await models.pulumi(["preview", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.output);
    // A stack that does not know of it makes none by its name, which the preview says.
    const { deployment } = JSON.parse((await models.pulumi(["stack", "export"])).stdout);
    const [owner] = deployment.resources.filter(({ type }: { type: string }) =>
      type.endsWith(":EndpointOwner"),
    );
    const forgotten = await models.pulumi(["state", "delete", owner.urn, "--target-dependents", "--yes"]);
    assert.equal(forgotten.code, 0, forgotten.output);
    const taken = await models.pulumi(["preview"]);
    assert.notEqual(taken.code, 0, taken.output);
    assert.match(
      taken.output,
      /There is an endpoint cutoff already \(InService\), which is not in the state/,
    );
    const gone = await models.pulumi(["destroy", "--yes"]);
    assert.equal(gone.code, 0, gone.output);
    assert.deepEqual(await endpoints(), ["cutoff"]);
    await models.training.sagemaker.send(new DeleteEndpointCommand({ EndpointName: models.endpoint }));
  });
});
