import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { validationError } from "../../../../local/aws/sagemaker/errors.ts";
import { instanceCount } from "../../../../local/aws/sagemaker/record.ts";
import { moveTo } from "../../../../local/aws/sagemaker/status.ts";
import { JobStore } from "../../../../local/aws/sagemaker/store.ts";
import { caller, region, ServiceUnderTest } from "./serviceUnderTest.ts";
import { validRequest } from "./support.ts";

describe("the SageMaker service", () => {
  let on: ServiceUnderTest;
  beforeEach(() => {
    on = new ServiceUnderTest();
  });
  afterEach(() => on.remove());

  const call: ServiceUnderTest["call"] = (...args) => on.call(...args);
  const name = { TrainingJobName: "job" };

  it("creates in the caller's region, starts the job and keeps it over a restart", async () => {
    const tags = [{ Key: "team", Value: "x" }];
    const { status, body } = await call("CreateTrainingJob", { ...validRequest(), Tags: tags });
    assert.equal(status, 200);
    assert.equal(body.TrainingJobArn, "arn:aws:sagemaker:eu-west-1:000000000000:training-job/job");
    assert.deepEqual(on.started, ["job"]);
    const again = new JobStore(on.dir, () => undefined).get("job", region);
    assert.deepEqual(again.tags, { team: "x" });
    assert.equal(again.status, "InProgress");
    const described = (await call("DescribeTrainingJob", name)).body;
    assert.equal(described.CreationTime, 1);
    assert.equal("Tags" in described, false);
    assert.deepEqual(described.ResourceConfig, validRequest().ResourceConfig);
  });

  it("asks for the role and the data together, and says first what is wrong with the role", async () => {
    let asked: () => void = () => undefined;
    const both = new Promise<void>((resolve) => {
      asked = resolve;
    });
    on.checkRole = async () => {
      await both;
      throw validationError("no role");
    };
    on.checkLocations = async () => {
      asked();
      throw validationError("no data");
    };
    assert.equal((await call("CreateTrainingJob", validRequest())).body.message, "no role");
    on.checkRole = async () => 0;
    assert.equal((await call("CreateTrainingJob", validRequest())).body.message, "no data");
    assert.deepEqual(on.started, []);
  });

  it("runs on the first machines that the request prefers, and says which", async () => {
    const preferences = [
      { InstanceType: "ml.g5.xlarge", InstanceCount: 2 },
      { InstanceType: "ml.g5.12xlarge", InstanceCount: 1 },
    ];
    const ResourceConfig = { InstancePreferences: preferences, VolumeSizeInGB: 30 };
    assert.equal((await call("CreateTrainingJob", { ...validRequest(), ResourceConfig })).status, 200);
    assert.deepEqual((await call("DescribeTrainingJob", name)).body.ResourceConfig, {
      ...ResourceConfig,
      SelectedInstanceType: "ml.g5.xlarge",
      SelectedInstanceCount: 2,
    });
    assert.equal(instanceCount(on.store.get("job", region).request), 2);
  });

  it("keeps regions apart: names, lists, tags and stops", async () => {
    const other = { ...caller, region: "us-east-1" };
    await call("CreateTrainingJob", validRequest());
    for (const operation of ["DescribeTrainingJob", "StopTrainingJob", "DeleteTrainingJob"]) {
      assert.equal((await call(operation, name, other)).body.message, "Requested resource not found.");
    }
    assert.deepEqual((await call("ListTrainingJobs", {}, other)).body.TrainingJobSummaries, []);
    assert.equal((await call("CreateTrainingJob", validRequest(), other)).status, 200);
    for (const from of [caller, other]) {
      const ResourceArn = (await call("DescribeTrainingJob", name, from)).body.TrainingJobArn;
      await call("AddTags", { ResourceArn, Tags: [{ Key: "in", Value: from.region }] }, from);
    }
    const ResourceArn = (await call("DescribeTrainingJob", name, caller)).body.TrainingJobArn;
    for (const [operation, input] of [
      ["AddTags", { Tags: [{ Key: "in", Value: "both" }] }],
      ["ListTags", {}],
      ["DeleteTags", { TagKeys: ["in"] }],
    ] as const) {
      const { body } = await call(operation, { ResourceArn, ...input }, other);
      assert.match(String(body.message), /^Could not find resource with ARN/, operation);
    }
    const again = new JobStore(on.dir, () => undefined);
    assert.deepEqual(
      again
        .all()
        .map((job) => job.tags.in)
        .sort(),
      ["eu-west-1", "us-east-1"],
    );
    assert.equal((await call("StopTrainingJob", name, other)).status, 200);
    assert.equal((await call("DescribeTrainingJob", name)).body.TrainingJobStatus, "InProgress");
  });

  it("lets one of several calls with one name through", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => call("CreateTrainingJob", validRequest())));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 400, 400]);
    assert.deepEqual(on.started, ["job"]);
    const refused = answers.find(({ status }) => status === 400)?.body;
    assert.equal(refused?.__type, "ResourceInUse");
  });

  it("creates nothing from an invalid request", async () => {
    const { status, body } = await call("CreateTrainingJob", { ...validRequest(), TrainingJobName: "-" });
    assert.equal(status, 400);
    assert.equal(body.__type, "ValidationException");
    assert.deepEqual(on.store.all(), []);
  });

  it("stops a running job once and refuses it for one that has ended", async () => {
    await call("CreateTrainingJob", validRequest());
    assert.deepEqual(await call("StopTrainingJob", name), { status: 200, body: undefined });
    assert.equal(on.store.get("job", region).status, "Stopping");
    assert.equal((await call("StopTrainingJob", name)).status, 200);
    assert.deepEqual(on.stopped, ["job"]);
    moveTo(on.store.get("job", region), "Stopped", "", on.now);
    assert.equal((await call("StopTrainingJob", name)).body.__type, "ValidationException");
  });

  it("deletes what has ended, and frees the name", async () => {
    await call("CreateTrainingJob", validRequest());
    assert.equal((await call("DeleteTrainingJob", name)).body.__type, "ResourceInUse");
    moveTo(on.store.get("job", region), "Completed", "", on.now);
    assert.equal((await call("DeleteTrainingJob", name)).status, 200);
    assert.deepEqual((await call("DescribeTrainingJob", name)).body, {
      __type: "ValidationException",
      message: "Requested resource not found.",
    });
    assert.equal((await call("CreateTrainingJob", validRequest())).status, 200);
    assert.deepEqual(new JobStore(on.dir, () => undefined).all().length, 1);
  });

  it("checks the quota of every type that the request prefers", async () => {
    on.faults.set({ quotas: { "ml.g5.12xlarge": 0 } });
    const preferences = [{ InstanceType: "ml.g5.xlarge" }, { InstanceType: "ml.g5.12xlarge" }];
    const ResourceConfig = { InstancePreferences: preferences, InstanceCount: 1 };
    const { body } = await call("CreateTrainingJob", { ...validRequest(), ResourceConfig });
    assert.equal(body.__type, "ResourceLimitExceeded");
    assert.match(String(body.message), /'ml\.g5\.12xlarge for training job usage' is 0 Instances/);
  });

  it("counts what runs against a quota", async () => {
    on.faults.set({ quotas: { "ml.g5.xlarge": 1 } });
    assert.equal((await call("CreateTrainingJob", validRequest())).status, 200);
    const second = validRequest({ TrainingJobName: "second" });
    assert.equal((await call("CreateTrainingJob", second)).body.__type, "ResourceLimitExceeded");
    moveTo(on.store.get("job", region), "Completed", "", on.now);
    assert.equal((await call("CreateTrainingJob", second)).status, 200);
  });

  it("tags, lists tags by page and untags", async () => {
    await call("CreateTrainingJob", validRequest());
    const ResourceArn = on.store.get("job", region).arn;
    await call("AddTags", { ResourceArn, Tags: ["a", "b", "c"].map((Key) => ({ Key, Value: Key })) });
    const first = (await call("ListTags", { ResourceArn, MaxResults: 50 })).body;
    assert.equal((first.Tags as unknown[]).length, 3);
    await call("DeleteTags", { ResourceArn, TagKeys: ["a", "c"] });
    assert.deepEqual((await call("ListTags", { ResourceArn })).body.Tags, [{ Key: "b", Value: "b" }]);
    const elsewhere = ResourceArn.replace("eu-west-1", "us-east-1");
    assert.equal((await call("ListTags", { ResourceArn: elsewhere })).body.__type, "ValidationException");
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `k${index}`, Value: "" }));
    assert.match(
      String((await call("AddTags", { ResourceArn, Tags: many })).body.message),
      /at most 50 tags/,
    );
  });

  it("changes nothing where the disk does not take it", async () => {
    await call("CreateTrainingJob", validRequest());
    const job = on.store.get("job", region);
    const ResourceArn = job.arn;
    await call("AddTags", { ResourceArn, Tags: [{ Key: "a", Value: "1" }] });
    const before = structuredClone(job);
    rmSync(on.dir, { recursive: true });
    writeFileSync(on.dir, "a file in place of the directory");
    for (const [operation, input] of [
      ["AddTags", { ResourceArn, Tags: [{ Key: "b", Value: "2" }] }],
      ["DeleteTags", { ResourceArn, TagKeys: ["a"] }],
      ["UpdateTrainingJob", { ...name, ProfilerConfig: { DisableProfiler: true } }],
    ] as const) {
      on.now += 1000;
      assert.equal((await call(operation, input)).status, 500, operation);
      assert.deepEqual(on.store.get("job", region), before, operation);
    }
    rmSync(on.dir);
    mkdirSync(on.dir);
    assert.equal((await call("DeleteTags", { ResourceArn, TagKeys: ["a"] })).status, 200);
    assert.equal(on.store.get("job", region), job); // whoever runs it sees what has changed
    assert.deepEqual(job.tags, {});
  });

  for (const operation of ["constructor", "toString", "__proto__", ""]) {
    it(`does not serve "${operation}", which every object has`, async () => {
      const { status, body } = await call(operation, {});
      assert.deepEqual([status, body.__type], [400, "UnknownOperationException"]);
    });
  }

  it("says what it does not serve and what it cannot read", async () => {
    assert.equal((await call("CreateAutoMLJob", {})).body.__type, "UnknownOperationException");
    const broken = await on.service.handle("ListTrainingJobs", Buffer.from("{"), caller);
    assert.deepEqual(broken.body, {
      __type: "SerializationException",
      message: "The request body is not valid JSON",
    });
  });
});
