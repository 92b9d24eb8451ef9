import assert from "node:assert/strict";
import { type Bring, bring } from "../../../components/rollout/bring";
import { FakeClock } from "../support/fakeClock";
import { FakeEndpoint, RIGHT } from "./fakeEndpoint";

const model = (name: string) => ({
  artifact: `s3://b/${name}`,
  image: "image",
  trainingJobName: name,
  metrics: {},
});
const BEFORE = { configName: "old", model: model("job-old") };

const task = (more: Partial<Bring> = {}): Bring => ({
  endpointName: "e",
  configName: "new",
  model: model("job-new"),
  smoke: { request: "slice.png", answer: "classification" },
  before: BEFORE,
  ...more,
});

const sdkError = (name: string, message: string) =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: 400 } });

async function run(api: FakeEndpoint, more: Partial<Bring> = {}) {
  const rows: string[] = [];
  const clock = new FakeClock();
  const context = { api, clock, status: (text: string) => void rows.push(text) };
  const error = await bring(task(more), context).then(
    () => undefined,
    (fault: Error) => fault.message,
  );
  return { error, rows, clock };
}

describe("a rollout", () => {
  it("updates the endpoint, waits until it serves the new configuration, and asks it", async () => {
    const api = new FakeEndpoint("old");
    const how = { AutoRollbackConfiguration: { Alarms: [{ AlarmName: "a" }] } };
    const { error, rows } = await run(api, { deploymentConfig: how });
    assert.equal(error, undefined);
    assert.deepEqual(api.done, ["update new", "ask new image/png"]);
    assert.deepEqual(api.updates, [how]);
    assert.deepEqual(rows, [
      "rolling out the model of job-new",
      "Updating",
      "asking the model of job-new the smoke request",
    ]);
  });

  it("only asks where the configuration is there already: the first one, or that of a deployment that was cut off", async () => {
    const api = new FakeEndpoint("new");
    assert.equal((await run(api, { before: undefined })).error, undefined);
    assert.deepEqual(api.done, ["ask new image/png"]);
  });

  it("waits for what is under way before it begins", async () => {
    const api = new FakeEndpoint("other");
    await api.update("e", "old");
    assert.equal((await run(api)).error, undefined);
    assert.deepEqual(api.done, ["update old", "update new", "ask new image/png"]);
  });

  it("looks less and less often at an endpoint that takes minutes", async () => {
    const api = new FakeEndpoint("new", "Creating");
    const looks: number[] = [];
    api.describe = async () => {
      looks.push(looks.length);
      return { status: looks.length > 9 ? "InService" : "Creating", configName: "new" };
    };
    const { clock } = await run(api);
    assert.deepEqual(
      clock.sleeps,
      [1, 1, 2, 3, 5, 10, 10, 10, 10].map((seconds) => seconds * 1000),
    );
  });

  it("is red where SageMaker rolled it back, with SageMaker's reason and what the script said", async () => {
    const api = new FakeEndpoint("old");
    api.unloadable.set("new", "The primary container did not pass the ping health check.");
    api.log = [
      "the model is loading",
      "Traceback (most recent call last):",
      '  File "/opt/ml/model/code/inference.py", line 3, in <module>',
      "    import nothing",
      "ModuleNotFoundError: No module named 'nothing'",
    ];
    const { error } = await run(api);
    assert.deepEqual(error?.split("\n"), [
      "The endpoint e did not take the model of job-new (s3://b/job-new): The primary container did not pass the ping health check.",
      "  Traceback (most recent call last):",
      '    File "/opt/ml/model/code/inference.py", line 3, in <module>',
      "      import nothing",
      "  ModuleNotFoundError: No module named 'nothing'",
      "The endpoint goes on with the model before: job-old (s3://b/job-old).",
      "Next: mend the script that serves and train again, then deploy; the endpoint's log is /aws/sagemaker/Endpoints/e in CloudWatch.",
    ]);
    assert.deepEqual(api.done, ["update new"]);
  });

  it("tells SageMaker's reason where the log cannot be read, or has nothing in the end", async () => {
    for (const logSince of [async () => [], () => Promise.reject(new Error("AccessDenied"))]) {
      const api = Object.assign(new FakeEndpoint("old"), { logSince });
      api.unloadable.set("new", "No ping.");
      const { error, clock } = await run(api);
      assert.match(error ?? "", /^The endpoint e did not take .*: No ping\.\nThe endpoint goes on/);
      assert.ok(clock.sleeps.length > 3);
    }
  });

  it("takes back a model that answers with an error, and tells the script's", async () => {
    const api = new FakeEndpoint("old");
    api.answers.set("new", [
      {
        status: 500,
        body: 'Traceback (most recent call last):\n  File "inference.py", line 9, in predict_fn\n    raise ValueError("x")\nValueError: x',
      },
    ]);
    const { error } = await run(api, { deploymentConfig: { AutoRollbackConfiguration: {} } });
    assert.match(
      error ?? "",
      /^The model of job-new \(s3:\/\/b\/job-new\) did not answer the smoke request slice\.png rightly at the endpoint e: HTTP 500: Traceback/,
    );
    assert.match(error ?? "", /\nValueError: x\nThe endpoint goes on with the model before: job-old/);
    assert.deepEqual(api.done, ["update new", "ask new image/png", "update old"]);
    assert.equal(api.updates[1], undefined, "back at once");
    assert.equal(api.now?.configName, "old");
  });

  it("takes back a model that answers something else", async () => {
    const api = new FakeEndpoint("old");
    const { error } = await run(api, { smoke: { request: "a.jpg", answer: "classification", label: "dog" } });
    assert.match(error ?? "", /at the endpoint e: it says cat, not dog\n/);
    assert.deepEqual(api.done, ["update new", "ask new image/jpeg", "update old"]);
  });

  it("says so where the way back fails, too", async () => {
    const api = new FakeEndpoint("old");
    api.unloadable.set("old", "No ping.");
    api.answers.set("new", [{ status: 500, body: "x" }]);
    const { error } = await run(api);
    assert.match(
      error ?? "",
      /job-old \(s3:\/\/b\/job-old\), is NOT in service again: the endpoint is InService, its configuration new\./,
    );
  });

  it("leaves the first model where it is, as there is nothing to go back to", async () => {
    const api = new FakeEndpoint("new");
    api.answers.set("new", [{ status: 200, body: "fine" }]);
    const { error } = await run(api, { before: undefined });
    assert.match(
      error ?? "",
      /it is no JSON: fine\nThe endpoint e goes on with it, as no other model was in service before\./,
    );
    assert.deepEqual(api.done, ["ask new image/png"]);
  });

  it("makes an endpoint that failed with its first model anew", async () => {
    const api = new FakeEndpoint("broken", "Failed");
    api.tagList = [{ Key: "team", Value: "research" }];
    assert.equal((await run(api, { before: undefined })).error, undefined);
    assert.deepEqual(api.done, ["delete", "create new team", "ask new image/png"]);
  });

  it("asks again where no answer came in time: a serverless endpoint has to start first", async () => {
    const api = new FakeEndpoint("new");
    const late = { body: "Your invocation timed out" };
    api.answers.set("new", [late, late, RIGHT]);
    assert.equal((await run(api)).error, undefined);
    api.answers.set("new", [late]);
    assert.match((await run(api)).error ?? "", /No answer in time: Your invocation timed out/);
  });

  it("rolls out nothing where the smoke request cannot be read", async () => {
    const api = new FakeEndpoint("old");
    const { error } = await run(api, { smoke: { request: "s3://b/missing.png", answer: "any" } });
    assert.equal(
      error,
      "The smoke request s3://b/missing.png cannot be read: NoSuchKey: no such key\nNext: name another with training-deploy:smokeRequest.",
    );
    assert.deepEqual(api.done, []);
  });

  it("tells the fault and what is in service where nothing can be brought back", async () => {
    const api = new FakeEndpoint("old");
    api.answers.set("new", [{ status: 500, body: "ValueError: x" }]);
    const { update } = api;
    api.update = async (...args) => {
      await update.apply(api, args);
      if (args[1] === "old") throw sdkError("ValidationException", "Could not find endpoint configuration");
    };
    const { error } = await run(api);
    assert.match(error ?? "", /rightly at the endpoint e: HTTP 500: ValueError: x\n/);
    assert.match(
      error ?? "",
      /The model before, job-old \(s3:\/\/b\/job-old\), could NOT be brought back: ValidationException: Could not find endpoint configuration/,
    );
    assert.match(error ?? "", /aws sagemaker update-endpoint --endpoint-name e --endpoint-config-name old/);
  });

  it("says that instances do not become serverless again where the model before was so", async () => {
    const api = new FakeEndpoint("old");
    api.answers.set("new", [{ status: 500, body: "x" }]);
    const { update } = api;
    api.update = async (...args) => {
      if (args[1] === "old") throw sdkError("ValidationException", "not supported");
      await update.apply(api, args);
    };
    const { error } = await run(api, { deploymentConfig: {}, before: { ...BEFORE, serverless: true } });
    assert.match(
      error ?? "",
      /could NOT be brought back: ValidationException: not supported\. .* makes none of them serverless: deploy a model that/,
    );
    assert.doesNotMatch(error ?? "", /update-endpoint/);
  });

  it("takes back a model that cannot be asked: nobody knows what it would answer", async () => {
    const api = new FakeEndpoint("old");
    api.unreachable = sdkError(
      "AccessDeniedException",
      "User: arn:aws:iam::1:user/me is not authorized to perform: sagemaker:InvokeEndpoint",
    );
    const { error } = await run(api);
    assert.match(error ?? "", /could not be asked: AccessDeniedException: User: /);
    assert.match(error ?? "", /goes on with the model before: job-old/);
    assert.match(error ?? "", /\nNext: grant arn:aws:iam::1:user\/me sagemaker:InvokeEndpoint\.$/);
    assert.deepEqual(api.done, ["update new", "ask new image/png", "update old"]);
  });

  it("waits for an update that came in between, and finds its own where a request went twice", async () => {
    const inProgress = () => sdkError("ValidationException", 'Cannot update in-progress endpoint "arn:e".');
    const between = new FakeEndpoint("old");
    between.refusals.push(inProgress());
    assert.equal((await run(between)).error, undefined);
    assert.deepEqual(between.done, ["update new", "update new", "ask new image/png"]);

    const twice = new FakeEndpoint("old");
    const { update } = twice;
    twice.update = async (...args) => {
      await update.apply(twice, args);
      throw inProgress();
    };
    assert.equal((await run(twice)).error, undefined);
    assert.deepEqual(twice.done, ["update new", "ask new image/png"]);
  });

  it("brings back what was in service also where the state does not name its model", async () => {
    const api = new FakeEndpoint("theirs");
    api.answers.set("new", [{ status: 500, body: "x" }]);
    const { error } = await run(api, { before: undefined });
    assert.match(error ?? "", /The endpoint goes on with its configuration before: theirs\./);
    assert.equal(api.now?.configName, "theirs");
  });

  it("updates an endpoint that a failed rollback left between two configurations, or out of service", async () => {
    for (const status of ["UpdateRollbackFailed", "OutOfService"]) {
      const api = new FakeEndpoint("new", status);
      assert.equal((await run(api)).error, undefined, status);
      assert.deepEqual(api.done, ["update new", "ask new image/png"]);
    }
  });

  it("says what to do where an alarm or a lack of machines ended the update", async () => {
    for (const [reason, next] of [
      ["Auto-rollback: the alarm endpoint-errors is in ALARM", /rollbackErrorRate 100/],
      ["Unable to provision requested ML compute capacity", /old and the new machines run at the same time/],
    ] as const) {
      const api = new FakeEndpoint("old");
      api.unloadable.set("new", reason);
      assert.match((await run(api)).error?.split("\n").at(-1) ?? "", next);
    }
  });

  it("says so where another deployment brought in something else meanwhile", async () => {
    const api = new FakeEndpoint("old");
    const { update } = api;
    api.update = (endpoint) => update.call(api, endpoint, "theirs");
    const { error } = await run(api);
    assert.match(
      error ?? "",
      /did not take .*: it has the configuration theirs, which somebody else brought in/,
    );
  });

  it("says what to do where the endpoint is gone", async () => {
    const api = new FakeEndpoint("old");
    api.now = undefined;
    assert.match((await run(api)).error ?? "", /There is no endpoint e: `pulumi refresh`/);
  });
});
