import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  DeleteEndpointCommand,
  UpdateEndpointCommand,
  UpdateEndpointWeightsAndCapacitiesCommand,
} from "@aws-sdk/client-sagemaker";
import { isAlive } from "../../../../local/processes.ts";
import { connect } from "../../../../local/provider/aws.ts";
import { Provider } from "../../../../local/provider/provider.ts";
import { bucket, TestAws, until } from "./testAws";
import {
  createConfig,
  createEndpoint,
  createModel,
  describeEndpoint,
  gatedScript,
  invoke,
  script,
  settled,
} from "./testEndpoint";

const broken =
  "import json\n\ndef model_fn(model_dir):\n    raise RuntimeError('these weights are of another network')\n";

describe("endpoints of the local AWS", function () {
  this.timeout(240_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start();
  });
  after(() => aws.remove());

  const send: TestAws["sagemaker"]["send"] = (...args: unknown[]) =>
    (aws.sagemaker.send as (...all: unknown[]) => never)(...args);
  const endpointLog = (endpoint: string) => aws.groupLines(`/aws/sagemaker/Endpoints/${endpoint}`);

  it("answers by the model's own script, in its words where it fails, and comes back when it dies", async () => {
    const gate = path.join(aws.stateDir, "words");
    await createEndpoint(aws, "words", "words-one", gatedScript("one", gate));
    assert.equal((await describeEndpoint(aws, "words")).EndpointStatus, "Creating");
    writeFileSync(gate, "");
    const { EndpointStatus, ProductionVariants } = await settled(aws, "words");
    assert.equal(EndpointStatus, "InService");
    assert.equal(ProductionVariants?.[0].CurrentInstanceCount, 1);

    const answer = await invoke(aws, "words", { a: 1 });
    assert.equal(answer.status, 200, answer.text);
    assert.equal(answer.headers.get("x-amzn-invoked-production-variant"), "AllTraffic");
    const { word, files, data, base, pid } = answer.json;
    assert.deepEqual({ word, files, data }, { word: "one", files: ["code", "model.pth"], data: { a: 1 } });
    assert.ok(base.startsWith(aws.stateDir), "a folder of its own");

    const failed = await invoke(aws, "words", { fail: "the scale is broken" });
    assert.equal(failed.status, 424);
    assert.equal(failed.headers.get("x-amzn-errortype"), "ModelError");
    assert.equal(failed.json.OriginalStatusCode, 500);
    assert.match(failed.json.OriginalMessage, /^the scale is broken\nTraceback/);
    assert.match(
      failed.json.Message,
      /^Received server error \(500\) from primary with message "the scale is broken/,
    );
    assert.equal(
      failed.json.LogStreamArn,
      "arn:aws:logs:us-east-1:000000000000:log-group:/aws/sagemaker/Endpoints/words",
    );
    const refused = await invoke(aws, "words", { refuse: 415 });
    assert.equal(refused.json.OriginalStatusCode, 415);
    assert.match(refused.json.Message, /^Received client error \(415\) from primary with message "no one/);

    const killed = await invoke(aws, "words", { die: true });
    assert.deepEqual([killed.status, killed.headers.get("x-amzn-errortype")], [503, "ServiceUnavailable"]);
    let again = await invoke(aws, "words", {});
    await until("the server to be started again", async () => {
      if (again.status === 503) again = await invoke(aws, "words", {});
      return again.status === 200;
    });
    assert.notEqual(again.json.pid, pid);
    assert.equal((await describeEndpoint(aws, "words")).EndpointStatus, "InService");

    let lines: string[] = [];
    await until("both starts in the log", async () => {
      lines = await endpointLog("words");
      return lines.filter((line) => line === "loading one").length === 2;
    });
    assert.match(lines.join("\n"), /ValueError: the scale is broken/);

    await send(new DeleteEndpointCommand({ EndpointName: "words" }));
    await until("the endpoint to be gone", async () => {
      const found = await describeEndpoint(aws, "words").catch((error: Error) => error.message);
      return found === 'Could not find endpoint "arn:aws:sagemaker:us-east-1:000000000000:endpoint/words".';
    });
    assert.equal(isAlive(again.json.pid), false, "no process is left");
    assert.equal(existsSync(path.dirname(path.dirname(again.json.base))), false, "nor a folder");
    assert.equal(
      (await invoke(aws, "words", {})).json.Message,
      "Endpoint words of account 000000000000 not found.",
    );
  });

  it("is Failed where the script cannot load the model, and says where to look", async () => {
    await createEndpoint(aws, "broken", "broken-one", broken);
    const { EndpointStatus, FailureReason } = await settled(aws, "broken");
    assert.equal(EndpointStatus, "Failed");
    assert.equal(
      FailureReason,
      "The primary container for production variant AllTraffic did not pass the ping health check. Please check CloudWatch logs for this endpoint.",
    );
    const why = /RuntimeError: these weights are of another network/;
    await until("the reason in the log", async () => why.test((await endpointLog("broken")).join("\n")));
    await send(new DeleteEndpointCommand({ EndpointName: "broken" }));
  });

  it("is updated without a failed request, and rolled back where the new model is broken", async () => {
    await createEndpoint(aws, "rolling", "rolling-one", script("one"));
    const gate = path.join(aws.stateDir, "rolling");
    await createModel(aws, "rolling-two", gatedScript("two", gate));
    await createModel(aws, "rolling-broken", broken);
    for (const ModelName of ["rolling-two", "rolling-broken"]) {
      await createConfig(aws, ModelName, [{ ModelName, VariantName: "AllTraffic" }]);
    }
    await settled(aws, "rolling");

    const seen: string[] = [];
    let asking = true;
    const client = (async () => {
      while (asking) {
        const { status, json } = await invoke(aws, "rolling", {});
        seen.push(status === 200 ? json.word : `${status} ${JSON.stringify(json)}`);
      }
    })();
    const update = (EndpointConfigName: string) =>
      send(new UpdateEndpointCommand({ EndpointName: "rolling", EndpointConfigName }));
    await update("rolling-two");
    await assert.rejects(update("rolling-two"), /Cannot update in-progress endpoint "arn:.*rolling"/);
    await until("the old model to answer", () => seen.length > 0);
    writeFileSync(gate, "");
    const updated = await settled(aws, "rolling");
    assert.deepEqual([updated.EndpointConfigName, updated.FailureReason], ["rolling-two", undefined]);
    const moved = await invoke(aws, "rolling", {});
    assert.equal(moved.json.word, "two", moved.text);

    await update("rolling-broken");
    const rolledBack = await settled(aws, "rolling");
    assert.deepEqual(
      [rolledBack.EndpointStatus, rolledBack.EndpointConfigName],
      ["InService", "rolling-two"],
    );
    assert.match(rolledBack.FailureReason ?? "", /did not pass the ping health check/);
    assert.equal((await invoke(aws, "rolling", {})).json.pid, moved.json.pid, "the same process as before");

    asking = false;
    await client;
    assert.deepEqual([...new Set(seen)].sort(), ["one", "two"]);
    await send(new DeleteEndpointCommand({ EndpointName: "rolling" }));
  });

  it("shares requests out by the weights of its variants, and to the one that is asked for", async () => {
    await createModel(aws, "a", script("a"));
    await createModel(aws, "b", script("b"));
    await createConfig(aws, "ab", [{ ModelName: "a", InitialVariantWeight: 0 }, { ModelName: "b" }]);
    await send(new CreateEndpointCommand({ EndpointName: "ab", EndpointConfigName: "ab" }));
    await settled(aws, "ab");
    const ask = async (more?: Record<string, string>) => (await invoke(aws, "ab", {}, more)).json.word;
    assert.deepEqual([await ask(), await ask(), await ask()], ["b", "b", "b"]);
    assert.equal(await ask({ "x-amzn-sagemaker-target-variant": "a" }), "a");
    const nobody = await invoke(aws, "ab", {}, { "x-amzn-sagemaker-target-variant": "c" });
    assert.deepEqual([nobody.status, nobody.json.Message], [400, "Variant c not found for Request"]);

    const DesiredWeightsAndCapacities = [
      { VariantName: "a", DesiredWeight: 1, DesiredInstanceCount: 2 },
      { VariantName: "b", DesiredWeight: 0 },
    ];
    await send(
      new UpdateEndpointWeightsAndCapacitiesCommand({ EndpointName: "ab", DesiredWeightsAndCapacities }),
    );
    const { ProductionVariants } = await settled(aws, "ab");
    assert.deepEqual(
      ProductionVariants?.map(({ CurrentWeight, CurrentInstanceCount }) => [
        CurrentWeight,
        CurrentInstanceCount,
      ]),
      [
        [1, 2],
        [0, 1],
      ],
    );
    assert.equal(await ask(), "a");
    await send(new DeleteEndpointCommand({ EndpointName: "ab" }));
  });

  it("is created, updated and deleted by the AWS provider of the local stack", async () => {
    const { endpoint: url, credentials } = aws.running;
    const provider = new Provider((config, region) => connect(config, region, { AWS_ENDPOINT_URL: url }));
    provider.configure({
      ...{ region: "us-east-1", accessKey: credentials.accessKeyId },
      secretKey: credentials.secretAccessKey,
    });
    for (const ModelName of ["pulumi-one", "pulumi-two"]) {
      await createModel(aws, ModelName, script(ModelName));
      await createConfig(aws, ModelName, [{ ModelName }]);
    }
    const token = "aws:sagemaker/endpoint:Endpoint";
    const inputsOf = (endpointConfigName: string) =>
      provider.check(token, { name: "it", news: { name: "pulumi", endpointConfigName }, olds: {} }).inputs;
    const made = await provider.create(token, "it", inputsOf("pulumi-one"));
    assert.deepEqual(await provider.read(token, "it", made.id, made.inputs, made.outputs), made);
    const news = inputsOf("pulumi-two");
    assert.equal(provider.diff(token, made.inputs, news).replaces, false);
    const outputs = await provider.update(token, "it", made.id, made.inputs, news);
    assert.equal((await invoke(aws, "pulumi", {})).json.word, "pulumi-two", "it waits until that answers");
    await provider.delete(token, "it", made.id, outputs);
    assert.equal(await provider.read(token, "it", made.id, news, outputs), undefined);
  });

  it("comes back with the local AWS, stopped or killed, also without the object in S3", async () => {
    await createEndpoint(aws, "stays", "stays", script("here"));
    await settled(aws, "stays");
    const { pid: first } = (await invoke(aws, "stays", {})).json;
    await aws.stop();
    assert.equal(isAlive(first), false, "a stop ends it");
    await aws.launch();
    await aws.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "models/stays/model.tar.gz" }));
    await settled(aws, "stays");
    const { pid: second, word } = (await invoke(aws, "stays", {})).json;
    assert.equal(word, "here");
    await aws.kill();
    await until("its model server to end with the local AWS", () => !isAlive(second));
    await aws.launch();
    assert.equal((await settled(aws, "stays")).EndpointStatus, "InService");
    assert.equal((await invoke(aws, "stays", {})).json.word, "here");
    await send(new DeleteEndpointCommand({ EndpointName: "stays" }));
  });
});
