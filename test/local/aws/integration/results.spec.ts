import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CreateBucketCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import { StopTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { namesIn, TestAws, until } from "./testAws.ts";

/** Leaves a model once the test makes the file that $GO names. */
const waiting = [
  "import os, pathlib, time",
  "print('running', flush=True)",
  "while not os.path.exists(os.environ['GO']): time.sleep(0.05)",
  "pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.pth').write_text('weights')",
].join("\n");

describe("what a job wrote", function () {
  this.timeout(120_000);
  let aws: TestAws;
  let dir: string;
  const go = () => path.join(dir, "go");

  before(async () => {
    aws = await TestAws.start({ LOCAL_AWS_STOP_GRACE_SECONDS: "2" });
  });
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "results-"));
  });
  afterEach(async () => {
    rmSync(dir, { recursive: true, force: true });
    await aws.setFaults({});
  });
  after(async () => {
    await aws.remove();
  });

  it("is packed as far as it can be, and the rest is named in the log", async () => {
    await aws.createJob(
      "odd",
      [
        "import os",
        "os.chdir(os.environ['SM_MODEL_DIR'])",
        "open('model.pth', 'w').write('weights')",
        "open(b'bad-\\xff', 'w').write('x')",
        "open('@at', 'w').write('x')",
        "os.makedirs('1/assets')",
        "os.symlink('nowhere', 'broken')",
        "os.symlink('.', 'loop')",
        "os.symlink('model.pth', 'latest')",
        "os.mkfifo('pipe')",
      ].join("\n"),
    );
    const job = await aws.waitForEnd("odd");
    assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
    const names = await namesIn(await aws.get("out/odd/output/model.tar.gz"));
    assert.deepEqual(
      names.filter((name) => !name.startsWith("bad-")),
      ["1/assets/", "@at", "latest", "model.pth"],
    );
    assert.equal(names.length, 5);
    const said = (await aws.logLines("odd")).filter((line) => line.startsWith("[local SageMaker]"));
    assert.deepEqual(said.sort(), [
      "[local SageMaker] not uploaded: model/broken: a link to nothing",
      "[local SageMaker] not uploaded: model/loop: a link to a folder that it lies in",
      "[local SageMaker] not uploaded: model/pipe: neither a file nor a folder",
    ]);
  });

  it("is kept where FailureReason says when it cannot be uploaded", async () => {
    await aws.s3.send(new CreateBucketCommand({ Bucket: "vanishing" }));
    await aws.createJob("homeless", waiting, {
      OutputDataConfig: { S3OutputPath: "s3://vanishing/out" },
      Environment: { GO: go() },
    });
    await aws.waitForLine("homeless", "running");
    await aws.s3.send(new DeleteBucketCommand({ Bucket: "vanishing" }));
    writeFileSync(go(), "");
    const job = await aws.waitForEnd("homeless");
    assert.equal(job.TrainingJobStatus, "Failed");
    assert.match(job.FailureReason ?? "", /^ClientError: Artifact upload failed:.* is kept in (.+)\)$/);
    const kept = /kept in (.+)\)$/.exec(job.FailureReason ?? "")?.[1] ?? "";
    assert.equal(readFileSync(path.join(kept, "algo-1/model/model.pth"), "utf8"), "weights");
    assert.ok(!existsSync(path.join(aws.stateDir, "aws/sagemaker/work/homeless")));
    await aws.stop();
    await aws.launch();
    assert.ok(existsSync(path.join(kept, "algo-1/model/model.pth")), "a start removed it");
  });

  it("does not depend on the records, which may be impossible to write for a while; nor does a stop", async () => {
    await aws.createJob("unrecorded", waiting, { Environment: { GO: go() } });
    await aws.createJob("stopped", waiting, { Environment: { GO: `${go()}-never` } });
    for (const name of ["unrecorded", "stopped"]) await aws.waitForLine(name, "running");
    const jobs = path.join(aws.stateDir, "aws/sagemaker/jobs");
    renameSync(jobs, `${jobs}-away`);
    writeFileSync(jobs, "no folder");
    try {
      writeFileSync(go(), "");
      const job = await aws.waitForEnd("unrecorded");
      assert.equal(job.TrainingJobStatus, "Completed", job.FailureReason);
      assert.deepEqual(await namesIn(await aws.get("out/unrecorded/output/model.tar.gz")), ["model.pth"]);
      await aws.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: "stopped" }));
      assert.equal((await aws.waitForEnd("stopped")).TrainingJobStatus, "Stopped");
      await assert.rejects(aws.createJob("refused", "print(1)"), { name: "InternalFailure" });
      await assert.rejects(aws.describe("refused"), { message: "Requested resource not found." });
    } finally {
      rmSync(jobs);
      renameSync(`${jobs}-away`, jobs);
    }
    const status = (name: string) =>
      JSON.parse(readFileSync(path.join(jobs, `${name}.json`), "utf8")).status as string;
    await until("the records to be written", () => {
      return status("unrecorded") === "Completed" && status("stopped") === "Stopped";
    });
    await aws.createJob("refused", "print(1)");
    assert.equal((await aws.waitForEnd("refused")).TrainingJobStatus, "Completed");
  });

  it("counts as trained in time when the processes ended in time", async () => {
    await aws.setFaults({ jobs: [{ name: "in-time", logDelaySeconds: 25 }] });
    await aws.createJob("in-time", "print(1)", { StoppingCondition: { MaxRuntimeInSeconds: 20 } });
    const job = await aws.waitForEnd("in-time");
    assert.equal(job.SecondaryStatus, "Completed");
  });

  it("survives a crash after the training", async () => {
    await aws.createJob(
      "crashed",
      [
        "import os, pathlib, time",
        "pathlib.Path(os.environ['SM_MODEL_DIR'], 'model.pth').write_text('weights')",
        "print('saved', flush=True)",
        "time.sleep(600)",
      ].join("\n"),
    );
    await aws.waitForLine("crashed", "saved");
    await aws.kill();
    await aws.launch();
    const kept = /kept in (.+)\)$/.exec((await aws.describe("crashed")).FailureReason ?? "")?.[1] ?? "";
    assert.equal(readFileSync(path.join(kept, "algo-1/model/model.pth"), "utf8"), "weights");
  });
});
