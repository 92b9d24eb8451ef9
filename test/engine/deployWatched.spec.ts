import { strict as assert } from "node:assert";
import { setTimeout as delay } from "node:timers/promises";
import { DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import { RAISES, RIGHT, ServedModels, waitsFor } from "./support/servedModels";

const INSTANCES = { instanceType: "ml.m5.large", instanceCount: 2, rolloutStep: 50 };

describe("instances that serve", function () {
  this.timeout(1_800_000);
  let models: ServedModels;
  after(() => models?.dispose());

  const deployed = async () => {
    const done = await models.deploy();
    assert.equal(done.code, 0, done.output);
  };
  const endpoint = () =>
    models.training.sagemaker.send(new DescribeEndpointCommand({ EndpointName: models.endpoint }));
  const untilStatus = async (wanted: string) => {
    while ((await endpoint()).EndpointStatus !== wanted) await delay(100);
  };

  it("are watched while a new model comes: its alarm takes it back, and no step of a right one goes without an answer", async () => {
    models = await ServedModels.create("watched");
    const one = await models.train("one", RIGHT);
    // Longer than the test: nothing but the alarm ends it.
    models.configure({ ...INSTANCES, rollout: "canary", rolloutWait: "1h" });
    await deployed();

    // Half of the machines have a model that raises: requests to them set off the alarm.
    await models.train("raises", RAISES);
    const stopErrors = models.askAllTheTime();
    const red = await models.deploy();
    const asked = new Set((await stopErrors()).map((answer) => answer.split(":")[0]));
    assert.notEqual(red.code, 0, red.output);
    assert.match(
      red.output,
      /The endpoint watched did not take the model of raises .*alarm endpoint-errors-\w+ is in state ALARM/,
    );
    assert.match(red.output, /The endpoint goes on with the model before: one \(s3:/);
    assert.match(red.output, /Next: see in CloudWatch what the alarm has counted/);
    assert.doesNotMatch(red.output, /smoke request/, "it was taken back before it was asked");
    assert.deepEqual(
      [...asked].sort(),
      ["ModelError", "one"],
      "the canary was asked, and nothing else failed",
    );
    assert.equal(await models.ask(), "one");
    assert.deepEqual((await models.outputs()).modelInService, one);

    // The alarm, which may still count those requests, is left out.
    models.configure({ ...INSTANCES, rollout: "linear", rolloutWait: 0, rollbackErrorRate: 100 });
    const two = await models.train("two", RIGHT);
    const stop = models.askAllTheTime();
    await deployed();
    assert.equal(await models.ask(), "two");
    assert.deepEqual([...new Set(await stop())].sort(), ["one", "two"]);
    const { LastDeploymentConfig: moved } = await endpoint();
    assert.deepEqual(moved?.BlueGreenUpdatePolicy?.TrafficRoutingConfiguration, {
      Type: "LINEAR",
      LinearStepSize: { Type: "CAPACITY_PERCENT", Value: 50 },
      WaitIntervalInSeconds: 0,
    });
    assert.equal(moved?.AutoRollbackConfiguration, undefined);

    // The next rollout is killed, SageMaker ends it, and the one before is wanted again: the state has it, and AWS has the other.
    const gate = `${models.training.dir}/gate-of-three`;
    await models.train("three", waitsFor(gate));
    const up = models.training.start(["up", "--yes", "--skip-preview", "-C", "deploy"]);
    await untilStatus("Updating");
    process.kill(-(up.child.pid as number), "SIGKILL");
    await up.finished;
    await models.training.ok(["cancel", "--yes", "test", "-C", "deploy"]);
    models.training.write("gate-of-three", "");
    await untilStatus("InService");
    assert.equal(await models.ask(), "three");
    await models.train("two", RIGHT);
    await deployed();
    assert.equal(await models.ask(), "two");
    assert.deepEqual((await models.outputs()).modelInService, two);

    models.configure();
    const serverless = await models.pulumi(["preview"]);
    assert.notEqual(serverless.code, 0, serverless.output);
    assert.match(
      serverless.output,
      /the endpoint watched has instances, and SageMaker makes none of them serverless/,
    );
  });
});
