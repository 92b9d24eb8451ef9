import { strict as assert } from "node:assert";
import {
  DescribeEndpointCommand,
  ListEndpointConfigsCommand,
  ListEndpointsCommand,
  ListModelsCommand,
} from "@aws-sdk/client-sagemaker";
import { RAISES, RIGHT, ServedModels, UNLOADABLE } from "./support/servedModels";

describe("the deploy program", function () {
  this.timeout(1_800_000);
  let models: ServedModels;
  after(() => models?.dispose());

  const names = async () => {
    const { sagemaker } = models.training;
    const like = { NameContains: "endpoint-" };
    const [{ Models = [] }, { EndpointConfigs = [] }, { Endpoints = [] }] = await Promise.all([
      sagemaker.send(new ListModelsCommand(like)),
      sagemaker.send(new ListEndpointConfigsCommand(like)),
      sagemaker.send(new ListEndpointsCommand({ NameContains: models.endpoint })),
    ]);
    return { models: Models.length, configs: EndpointConfigs.length, endpoints: Endpoints.length };
  };

  it("serves what the training stack hands on, and a model that does not answer rightly never stays", async () => {
    models = await ServedModels.create("served");
    const untrained = await models.deploy();
    assert.notEqual(untrained.code, 0);
    assert.match(untrained.output, /organization\/training\/test hands on no model yet/);

    // The first model of all fails: nothing is in service.
    await models.train("broken-first", UNLOADABLE);
    const first = await models.deploy();
    assert.notEqual(first.code, 0, first.output);
    assert.match(first.output, /did not pass the ping health check/);
    assert.equal((await models.outputs()).modelInService, undefined);

    const one = await models.train("one", RIGHT);
    const deployed = await models.deploy();
    assert.equal(deployed.code, 0, deployed.output);
    const outputs = await models.outputs();
    assert.deepEqual(outputs.modelInService, one);
    assert.equal(outputs.endpointName, "served");
    assert.match(
      String(outputs.call),
      /^aws sagemaker-runtime invoke-endpoint --endpoint-name served --region us-east-1 /,
    );
    assert.equal(await models.ask(), "one");
    const again = await models.pulumi(["preview", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.output);

    // Another model, while somebody asks.
    const stop = models.askAllTheTime();
    const two = await models.train("two", RIGHT);
    const second = await models.deploy();
    assert.equal(second.code, 0, second.output);
    assert.equal(await models.ask(), "two");
    const answers = await stop();
    assert.deepEqual(
      [...new Set(answers)],
      ["one", "two"],
      "every request was answered, by the old or the new model",
    );
    assert.deepEqual((await models.outputs()).modelInService, two);
    assert.deepEqual(await names(), { models: 1, configs: 1, endpoints: 1 });

    // One that answers every request with an error.
    await models.train("raises", RAISES);
    const wrong = await models.deploy();
    assert.notEqual(wrong.code, 0);
    assert.match(
      wrong.output,
      /The model of raises \(s3:.*\) did not answer the smoke request smoke\.png rightly/,
    );
    assert.match(wrong.output, /at the endpoint served: HTTP 500: /);
    assert.match(wrong.output, /ValueError: no such slice/);
    assert.match(wrong.output, /The endpoint goes on with the model before: two \(s3:/);
    assert.equal(await models.ask(), "two");
    assert.deepEqual((await models.outputs()).modelInService, two);

    // One that cannot be loaded: SageMaker itself takes it back, which the AWS provider calls a success.
    await models.train("unloadable", UNLOADABLE);
    const refused = await models.deploy();
    assert.notEqual(refused.code, 0);
    assert.match(refused.output, /The endpoint served did not take the model of unloadable/);
    assert.match(refused.output, /did not pass the ping health check/);
    assert.match(refused.output, /The endpoint goes on with the model before: two \(s3:/);
    assert.equal(await models.ask(), "two");
    assert.deepEqual((await models.outputs()).modelInService, two);

    // Back to the one in service, on an instance now: blue/green, watched by an alarm. What failed is removed.
    await models.train("two", RIGHT);
    models.configure({ instanceType: "ml.m5.large", instanceCount: 2 });
    const limits = ["--policy-pack-config", "../policies/examples/policy-config.dev.json"];
    const refusedByPolicy = await models.pulumi(["preview", "--policy-pack", "../policies", ...limits]);
    assert.notEqual(refusedByPolicy.code, 0, refusedByPolicy.output);
    assert.match(refusedByPolicy.output, /running-machines-limit/);
    models.configure({ instanceType: "ml.m5.large", rolloutWait: 0 });
    const back = await models.deploy();
    assert.equal(back.code, 0, back.output);
    const { LastDeploymentConfig: moved } = await models.training.sagemaker.send(
      new DescribeEndpointCommand({ EndpointName: models.endpoint }),
    );
    assert.equal(moved?.AutoRollbackConfiguration?.Alarms?.length, 1);
    assert.equal(await models.ask(), "two");
    assert.deepEqual(await names(), { models: 1, configs: 1, endpoints: 1 });

    const destroyed = await models.pulumi(["destroy", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(await names(), { models: 0, configs: 0, endpoints: 0 });
  });
});
