import assert from "node:assert/strict";
import { serviceModel } from "../../../../local/aws/sagemaker/model/model.ts";
import { moveTo } from "../../../../local/aws/sagemaker/status.ts";
import { region, ServiceUnderTest } from "./serviceUnderTest.ts";
import { validRequest } from "./support.ts";

describe("UpdateTrainingJob", () => {
  let on: ServiceUnderTest;
  beforeEach(() => {
    on = new ServiceUnderTest();
  });
  afterEach(() => on.remove());

  const call: ServiceUnderTest["call"] = (...args) => on.call(...args);
  const name = { TrainingJobName: "job" };

  it("changes the keep-alive period only while there is a pool", async () => {
    const period = (seconds: number) => ({ ...name, ResourceConfig: { KeepAlivePeriodInSeconds: seconds } });
    const resource = { ...validRequest().ResourceConfig, KeepAlivePeriodInSeconds: 60 } as never;
    await call("CreateTrainingJob", validRequest({ ResourceConfig: resource }));
    assert.equal((await call("UpdateTrainingJob", period(90))).status, 200);
    const tooLong = (await call("UpdateTrainingJob", period(3601))).body;
    assert.equal(tooLong.message, "KeepAlivePeriodInSeconds cannot be greater than 3600.");
    const job = on.store.get("job", region);
    moveTo(job, "Completed", "", on.now);
    if (job.warmPool) job.warmPool.availableSince = on.now;
    on.now += 30_000;
    assert.equal((await call("UpdateTrainingJob", period(0))).status, 200);
    const pool = (await call("DescribeTrainingJob", name)).body.WarmPoolStatus;
    assert.deepEqual(pool, { Status: "Terminated", ResourceRetainedBillableTimeInSeconds: 30 });
    assert.match(
      String((await call("UpdateTrainingJob", period(60))).body.message),
      /that of job is Terminated/,
    );
  });

  const rule = (name: string) => ({ RuleConfigurationName: name, RuleEvaluatorImage: "rules" });
  const updates: [member: string, changes: object, described: unknown][] = [
    [
      "ProfilerConfig",
      { DisableProfiler: true },
      { S3OutputPath: "s3://b/p", ProfilingIntervalInMilliseconds: 500, DisableProfiler: true },
    ],
    [
      "ProfilerRuleConfigurations",
      [rule("added")],
      ["first", "added"].map((name) => ({ ...rule(name), VolumeSizeInGB: 0 })),
    ],
    ["RemoteDebugConfig", { EnableRemoteDebug: true }, { EnableRemoteDebug: true }],
  ];
  for (const [member, changes, described] of updates) {
    it(`stores an update of ${member}, while the job runs`, async () => {
      await call("CreateTrainingJob", {
        ...validRequest(),
        ProfilerConfig: { S3OutputPath: "s3://b/p" },
        ProfilerRuleConfigurations: [rule("first")],
      });
      moveTo(on.store.get("job", region), "Training", "", on.now);
      assert.equal((await call("UpdateTrainingJob", { ...name, [member]: changes })).status, 200);
      assert.deepEqual((await call("DescribeTrainingJob", name)).body[member], described);
      moveTo(on.store.get("job", region), "Completed", "", on.now);
      const late = (await call("UpdateTrainingJob", { ...name, [member]: changes })).body;
      assert.match(String(late.message), /is in status Completed and cannot be updated/);
    });
  }

  it("knows an update for every member that the service model lets be updated", () => {
    const { UpdateTrainingJobRequest } = serviceModel.shapes;
    const covered = ["TrainingJobName", "ResourceConfig", ...updates.map(([member]) => member)];
    assert.deepEqual(Object.keys(UpdateTrainingJobRequest.members ?? {}).sort(), covered.sort());
  });

  it("changes remote debugging only while there is a container", async () => {
    await call("CreateTrainingJob", validRequest());
    const update = { ...name, RemoteDebugConfig: { EnableRemoteDebug: true } };
    assert.match(String((await call("UpdateTrainingJob", update)).body.message), /that of job is Starting/);
    assert.equal((await call("DescribeTrainingJob", name)).body.RemoteDebugConfig, undefined);
  });
});
