import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { parseConfig } from "../../components/config";
import { Experiment } from "../../components/experiment";
import { checkInputs } from "../../components/trainingJob/check/check";
import { IMAGE, JOB, jobOf, KEY, runExperiment } from "./support/experimentProgram";
import { inputsOf, runProgram, settled, typesOf } from "./support/program";

const BUCKET = "dense-store-bucket-1a2b";

const channel = (channelName: string, s3Uri: string, fingerprint = false) => ({
  channelName,
  fingerprint,
  dataSource: {
    s3DataSource: { s3DataType: "S3Prefix", s3Uri, s3DataDistributionType: "FullyReplicated" },
  },
});

describe("Experiment", () => {
  it("runs the training script of the project on spot, from the stack's least configuration", async () => {
    const program = await runExperiment();
    const { sourceUri, sourceFiles, sourceVersion, logUrn, ...inputs } = jobOf(program);
    assert.deepEqual(inputs, {
      baseJobName: "dense",
      region: "us-east-1",
      project: "training",
      stack: "dev",
      roleArn: "arn:aws:iam::111122223333:role/dense-execution-role-1a2b",
      algorithmSpecification: { trainingImage: IMAGE, trainingInputMode: "File" },
      entryPoint: "train.py",
      distribution: "none",
      hyperparameters: {},
      environment: {},
      metricDefinitions: [],
      inputDataConfig: [channel("train", "s3://data/train/"), channel("val", "s3://data/val/")],
      outputDataConfig: { s3OutputPath: `s3://${BUCKET}/artifacts` },
      resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 1 },
      maxRun: "2h",
      spot: { maxWait: 14_400, fallback: "none" },
      checkpointConfig: { s3Uri: `s3://${BUCKET}/checkpoints/{job}` },
      enableNetworkIsolation: false,
      onCancel: "detach",
      deletePolicy: "retain",
      livePrices: false,
      tags: {},
    });
    assert.match(String(sourceUri), new RegExp(`^s3://${BUCKET}/code/[0-9a-f]{16}/sourcedir\\.tar\\.gz$`));
    assert.ok("train.py" in (sourceFiles as object));
    const { digest } = sourceVersion as { digest: string };
    assert.ok(String(sourceUri).includes(`/code/${digest}/`));
    assert.equal(logUrn, `urn:pulumi:dev::training::training:index:Experiment$${JOB}::dense-training`);
  });

  it("creates the bucket, the code, the role and the job, and nothing else", async () => {
    const program = await runExperiment();
    assert.deepEqual(typesOf(program), [
      "aws:iam/role:Role",
      "aws:iam/rolePolicy:RolePolicy",
      "aws:s3/bucket:Bucket",
      "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
      "aws:s3/bucketObjectv2:BucketObjectv2",
      "aws:s3/bucketPolicy:BucketPolicy",
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
      "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      JOB,
      `${JOB}Owner`,
    ]);
    assert.equal(await settled(program.result.store.bucket), BUCKET);
    assert.equal(await settled(program.result.image.uri), IMAGE);
  });

  it("lets the role read both channels by a statement of each, also where they are one place", async () => {
    const program = await runExperiment({ val: "s3://data/train/" });
    const { policy } = inputsOf(program, "aws:iam/rolePolicy:RolePolicy", "dense-execution-policy");
    const sids = JSON.parse(String(policy)).Statement.map(({ Sid }: { Sid: string }) => Sid);
    assert.ok(sids.includes("ReadData0") && sids.includes("ReadData1"), `${sids}`);
  });

  it("hands on everything that a stack can set", async () => {
    const program = await runExperiment({
      runId: "again",
      hyperparameters: { epochs: 4, lr: 0.001 },
      environment: { SEED: "7" },
      distribution: "torchDistributed",
      metrics: { loss: "loss=(.*)" },
      fingerprintData: true,
      instanceType: "ml.g5.12xlarge",
      instanceCount: 2,
      maxRun: "1d",
      maxWait: "2d",
      fallback: "on-demand",
      onCancel: "stop",
      deletePolicy: "delete",
      kmsKeyArn: KEY,
      subnets: ["subnet-1"],
      securityGroupIds: ["sg-1"],
      networkIsolation: true,
      tags: { team: "imaging" },
    });
    const inputs = jobOf(program);
    for (const [name, value] of Object.entries({
      runId: "again",
      hyperparameters: { epochs: 4, lr: 0.001 },
      environment: { SEED: "7" },
      distribution: "torchDistributed",
      metricDefinitions: [{ name: "loss", regex: "loss=(.*)" }],
      inputDataConfig: [channel("train", "s3://data/train/", true), channel("val", "s3://data/val/", true)],
      outputDataConfig: { s3OutputPath: `s3://${BUCKET}/artifacts`, kmsKeyId: KEY },
      resourceConfig: { instanceType: "ml.g5.12xlarge", instanceCount: 2 },
      maxRun: "1d",
      spot: { maxWait: "2d", fallback: "on-demand" },
      vpcConfig: { subnets: ["subnet-1"], securityGroupIds: ["sg-1"] },
      enableNetworkIsolation: true,
      onCancel: "stop",
      deletePolicy: "delete",
      tags: { team: "imaging" },
    })) {
      assert.deepEqual(inputs[name], value, name);
    }
    assert.deepEqual(inputsOf(program, "aws:iam/role:Role", "dense-execution-role").tags, {
      team: "imaging",
    });
    assert.equal(inputsOf(program, "aws:s3/bucket:Bucket", "dense-store-bucket").forceDestroy, true);
    const { policy } = inputsOf(program, "aws:iam/rolePolicy:RolePolicy", "dense-execution-policy");
    const sids = JSON.parse(String(policy)).Statement.map(({ Sid }: { Sid: string }) => Sid);
    assert.ok(sids.includes("NetworkInterfaces") && sids.includes("UseKeys"));
  });

  it("defines the metric to watch last", async () => {
    const metrics = { accuracy: "a=(.*)", f1: "f=(.*)", loss: "l=(.*)" };
    const namesOf = async (changes: object) =>
      (jobOf(await runExperiment({ metrics, ...changes })).metricDefinitions as { name: string }[]).map(
        ({ name }) => name,
      );
    assert.deepEqual(await namesOf({}), ["accuracy", "f1", "loss"]);
    assert.deepEqual(await namesOf({ primaryMetric: "accuracy" }), ["f1", "loss", "accuracy"]);
  });

  it("trains on demand without checkpoints, and may keep its machines warm", async () => {
    const inputs = jobOf(await runExperiment({ spot: false, keepAlive: "30m" }));
    assert.ok(!("spot" in inputs) && !("checkpointConfig" in inputs));
    assert.deepEqual(inputs.warmPool, { keepAlive: "30m" });
  });

  it("waits for spot as long again as it trains, unless told otherwise", async () => {
    assert.deepEqual(jobOf(await runExperiment({ maxRun: "90m" })).spot, {
      maxWait: 10_800,
      fallback: "none",
    });
    assert.deepEqual(jobOf(await runExperiment({ maxRun: 600 })).spot, { maxWait: 1200, fallback: "none" });
  });

  it("takes the image for the machine that it trains on", async () => {
    const tagFor = async (instanceType: string) =>
      (await runExperiment({ instanceType })).calls.find(({ token }) => token.includes("getPrebuiltEcrImage"))
        ?.inputs.imageTag;
    assert.equal(await tagFor("ml.g5.xlarge"), "2.4.0-gpu-py311");
    assert.equal(await tagFor("ml.p4d.24xlarge"), "2.4.0-gpu-py311");
    assert.equal(await tagFor("ml.c5.xlarge"), "2.4.0-cpu-py311");
  });

  it("takes an existing bucket and role", async () => {
    const program = await runExperiment({ bucketName: "ours", roleArn: "arn:aws:iam::1:role/theirs" });
    assert.deepEqual(typesOf(program), ["aws:s3/bucketObjectv2:BucketObjectv2", JOB, `${JOB}Owner`]);
    const inputs = jobOf(program);
    assert.equal(inputs.roleArn, "arn:aws:iam::1:role/theirs");
    assert.deepEqual(inputs.outputDataConfig, { s3OutputPath: "s3://ours/artifacts" });
  });

  it("has names that AWS takes for the longest experiment", async () => {
    const name = "E".repeat(48);
    const program = await runProgram(
      () =>
        new Experiment(
          name,
          parseConfig({ train: "s3://data/train", val: "s3://data/val/", experiment: name }),
        ),
      { lookups: { "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": { registryPath: IMAGE } } },
    );
    const longest = {
      "aws:s3/bucket:Bucket": 63,
      "aws:iam/role:Role": 64,
      "aws:iam/rolePolicy:RolePolicy": 128,
    };
    for (const [type, most] of Object.entries(longest)) {
      const found = program.resources.filter((each) => each.type === type);
      assert.ok(found.length === 1 && found[0].name.length + "-1234567".length <= most, found[0]?.name);
    }
  });

  it("stores the code after the bucket's guards and with its key, and reads just the channels", async () => {
    const program = await runExperiment({ kmsKeyArn: KEY });
    const object = program.resources.find(({ type }) => type === "aws:s3/bucketObjectv2:BucketObjectv2");
    assert.deepEqual(object?.dependencies.filter((each) => each !== "dense-store-bucket").sort(), [
      "dense-store-encryption",
      "dense-store-private",
      "dense-store-tls-only",
    ]);
    assert.equal(object?.inputs.kmsKeyId, KEY);
    const { policy } = inputsOf(program, "aws:iam/rolePolicy:RolePolicy", "dense-execution-policy");
    const { Statement } = JSON.parse(String(policy));
    assert.deepEqual(Statement[0].Resource, ["arn:aws:s3:::data/train/*"]);
  });

  it("trains in the region of a provider that is handed down", async () => {
    const program = await runProgram(
      () => {
        const provider = new aws.Provider("eu", { region: "eu-west-1" });
        return new Experiment("dense", parseConfig({ train: "s3://data/train", val: "s3://data/val/" }), {
          provider,
        });
      },
      {
        config: { "aws:region": "us-east-1" },
        lookups: {
          "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": { registryPath: IMAGE },
        },
      },
    );
    assert.equal(jobOf(program).region, "eu-west-1");
  });

  it("asks for a job that check accepts", async () => {
    for (const changes of [
      {},
      { spot: false, keepAlive: "30m" },
      { distribution: "torchDistributed", instanceCount: 2, fallback: "on-demand" },
      {
        subnets: ["subnet-0123456789abcdef0"],
        securityGroupIds: ["sg-0123456789abcdef0"],
        networkIsolation: true,
      },
    ]) {
      const { failures } = checkInputs(inputsOf(await runExperiment(changes), JOB, "dense-training"));
      assert.deepEqual(failures, [], JSON.stringify(changes));
    }
  });
});
