import assert from "node:assert/strict";
import { parseDeployConfig } from "../../components/deployConfig";
import { ModelEndpoint } from "../../components/modelEndpoint";
import type { Lookup } from "../../components/rollout/takeUp";
import { type Program, type Registered, runProgram, settled } from "./support/program";

const MODEL = {
  artifact: "s3://ours/artifacts/job/output/model.tar.gz",
  image: "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-training:2.4.0-gpu-py311",
  trainingJobName: "job",
  metrics: { val_accuracy: 0.9 },
};
const SERVES = "763104351884.dkr.ecr.us-east-1.amazonaws.com/pytorch-inference:2.4.0-cpu-py311";
const SMOKE = "s3://data/val/cat/1.png";

/** No endpoint is there. */
const NONE: Lookup = { describe: async () => undefined, tags: async () => [] };

const run = (
  config: Record<string, unknown> = {},
  model: Partial<typeof MODEL> = {},
  bucket = "ours",
  lookup = () => NONE,
) =>
  runProgram(
    () =>
      new ModelEndpoint(
        "endpoint",
        {
          ...parseDeployConfig({ smokeRequest: SMOKE, ...config }),
          model: { ...MODEL, ...model },
          bucket,
        },
        {},
        lookup,
      ),
    {
      config: { "aws:region": "us-east-1" },
      lookups: { "aws:sagemaker/getPrebuiltEcrImage:getPrebuiltEcrImage": { registryPath: SERVES } },
      made: {
        "endpoint-owner": { mark: "a-mark" },
        "endpoint-errors": { name: "endpoint-errors-1a2b", arn: "arn:alarm" },
      },
    },
  );

function only({ resources }: Program<unknown>, type: string): Registered {
  const found = resources.filter((each) => each.type === type);
  assert.equal(found.length, 1, type);
  return found[0];
}
const MODEL_TYPE = "aws:sagemaker/model:Model";
const CONFIG_TYPE = "aws:sagemaker/endpointConfiguration:EndpointConfiguration";
const ENDPOINT_TYPE = "aws:sagemaker/endpoint:Endpoint";
const ALARM_TYPE = "aws:cloudwatch/metricAlarm:MetricAlarm";
const ROLLOUT_TYPE = "pulumi-nodejs:dynamic/sagemaker:Rollout";

describe("ModelEndpoint", () => {
  it("serves the artifact's own code, in AWS's image and with a role of its own", async () => {
    const { inputs, name } = only(await run(), MODEL_TYPE);
    assert.match(name, /^endpoint-model-[0-9a-f]{8}$/);
    assert.deepEqual(inputs.primaryContainer, {
      image: SERVES,
      modelDataUrl: MODEL.artifact,
      environment: { SAGEMAKER_PROGRAM: "inference.py", SAGEMAKER_SUBMIT_DIRECTORY: "/opt/ml/model/code" },
    });
    assert.match(String(inputs.executionRoleArn), /role\/endpoint-execution-[0-9a-f]{8}-role/);
  });

  it("is serverless unless told otherwise, without alarm or deployment configuration, which SageMaker would not follow", async () => {
    const program = await run({ memorySize: 4096, maxConcurrency: 7 });
    const [{ modelName: _, ...variant }] = only(program, CONFIG_TYPE).inputs.productionVariants as Record<
      string,
      unknown
    >[];
    assert.deepEqual(variant, {
      variantName: "main",
      initialVariantWeight: 1,
      serverlessConfig: { memorySizeInMb: 4096, maxConcurrency: 7 },
    });
    assert.ok(!program.resources.some(({ type }) => type === ALARM_TYPE));
    assert.equal(only(program, ROLLOUT_TYPE).inputs.deploymentConfig, undefined);
  });

  it("is of instances, whose updates are watched by an alarm that rolls them back", async () => {
    const program = await run({
      instanceType: "ml.m5.large",
      instanceCount: 2,
      rollout: "canary",
      rolloutWait: "10m",
      dataCapture: 20,
    });
    const { inputs } = only(program, CONFIG_TYPE);
    const [{ instanceType, initialInstanceCount }] = inputs.productionVariants as Record<string, unknown>[];
    assert.deepEqual([instanceType, initialInstanceCount], ["ml.m5.large", 2]);
    assert.deepEqual(inputs.dataCaptureConfig, {
      enableCapture: true,
      initialSamplingPercentage: 20,
      destinationS3Uri: "s3://ours/captured",
      captureOptions: [{ captureMode: "Input" }, { captureMode: "Output" }],
    });
    const { alarmDescription: _, ...alarm } = only(program, ALARM_TYPE).inputs;
    assert.deepEqual(alarm, {
      namespace: "AWS/SageMaker",
      metricName: "Invocation5XXErrors",
      dimensions: { EndpointName: "training-dev", VariantName: "main" },
      statistic: "Average",
      period: 60,
      evaluationPeriods: 1,
      threshold: 0.05,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
      tags: {},
    });
    assert.deepEqual(only(program, ROLLOUT_TYPE).inputs.deploymentConfig, {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: "CANARY",
          CanarySize: { Type: "CAPACITY_PERCENT", Value: 10 },
          WaitIntervalInSeconds: 600,
        },
      },
      AutoRollbackConfiguration: { Alarms: [{ AlarmName: "endpoint-errors-1a2b" }] },
    });
    const policy = String(
      program.resources.find(({ type }) => type === "aws:iam/rolePolicy:RolePolicy")?.inputs.policy,
    );
    assert.match(policy, /"Sid":"WatchAlarm".*"arn:alarm"/);
    assert.match(policy, /"Sid":"Capture".*"arn:aws:s3:::ours\/captured\/\*"/);
  });

  it("moves all at once or in steps, and without an alarm where none is wanted", async () => {
    const routing = async (config: Record<string, unknown>) => {
      const program = await run({ instanceType: "ml.m5.large", instanceCount: 2, ...config });
      return only(program, ROLLOUT_TYPE).inputs.deploymentConfig;
    };
    assert.deepEqual(await routing({ rollbackErrorRate: 100 }), {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: { Type: "ALL_AT_ONCE", WaitIntervalInSeconds: 300 },
      },
    });
    const linear = await routing({
      rollout: "linear",
      rolloutStep: 50,
      rolloutWait: 0,
      rollbackErrorRate: 100,
    });
    assert.deepEqual(linear, {
      BlueGreenUpdatePolicy: {
        TrafficRoutingConfiguration: {
          Type: "LINEAR",
          LinearStepSize: { Type: "CAPACITY_PERCENT", Value: 50 },
          WaitIntervalInSeconds: 0,
        },
      },
    });
  });

  it("has another model and configuration for another artifact, beside those before, and the same for the same", async () => {
    const names = async (config = {}, model = {}) => {
      const program = await run(config, model);
      return [only(program, MODEL_TYPE).name, only(program, CONFIG_TYPE).name];
    };
    const first = await names();
    assert.deepEqual(await names({}, { metrics: { val_accuracy: 0.1 } }), first);
    const other = await names({}, { artifact: "s3://ours/artifacts/job-2/output/model.tar.gz" });
    assert.notEqual(other[0], first[0]);
    assert.notEqual(other[1], first[1]);
    const larger = await names({ memorySize: 6144 });
    assert.equal(larger[0], first[0]);
    assert.notEqual(larger[1], first[1]);
  });

  it("has another role for a model in another place, so that the one in service can read its own until then, and come back", async () => {
    const ROLE = "aws:iam/role:Role";
    const roleOf = async (config = {}, model = {}, bucket = "ours") =>
      only(await run(config, model, bucket), ROLE).name;
    const elsewhere = { artifact: "s3://theirs/adopted/output/model.tar.gz" };
    const key = { kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/1" };
    const own = (repository: string) => ({
      imageUri: `123456789012.dkr.ecr.us-east-1.amazonaws.com/${repository}:1`,
    });
    const first = await roleOf();
    const same = await roleOf(
      { memorySize: 6144 },
      { artifact: "s3://ours/artifacts/job-2/output/model.tar.gz" },
    );
    assert.equal(same, first);
    assert.match(first, /^endpoint-execution-[0-9a-f]{8}-role$/);
    const others = [
      await roleOf({}, {}, "moved"),
      await roleOf({}, elsewhere),
      await roleOf(key),
      await roleOf(own("a")),
      await roleOf(own("b")),
    ];
    assert.equal(new Set([first, ...others]).size, 6);
    // That of an earlier release is the first of them.
    const { aliases } = only(await run(), "training:index:InferenceRole");
    assert.deepEqual(aliases, ["endpoint-execution"]);
  });

  it("leaves every later configuration to the rollout, which can take it back", async () => {
    const program = await run();
    const endpoint = only(program, ENDPOINT_TYPE);
    assert.deepEqual(endpoint.ignoreChanges, ["endpointConfigName", "deploymentConfig"]);
    assert.equal(endpoint.inputs.name, "training-dev");
    const { inputs } = only(program, ROLLOUT_TYPE);
    assert.deepEqual(inputs.smoke, { request: SMOKE, answer: "classification" });
    assert.deepEqual(inputs.model, MODEL);
    assert.match(
      await settled(program.result.call),
      /^aws sagemaker-runtime invoke-endpoint .*--content-type image\/png /,
    );
  });

  it("has an owner that is removed after it, and deletes what is left of it", async () => {
    const program = await run({ tags: { team: "x" } });
    const owner = only(program, "pulumi-nodejs:dynamic/sagemaker:EndpointOwner");
    assert.equal(owner.inputs.endpointName, "training-dev");
    assert.match(String(owner.inputs.__provider), /load\(\)\.owner\.delete/);
    assert.deepEqual(only(program, ENDPOINT_TYPE).inputs.tags, { team: "x", "pulumi:mark": "a-mark" });
  });

  it("takes up the endpoint that a killed deployment of this stack left, and makes one where it is not to be seen", async () => {
    const lookup = (mark: string): Lookup => ({
      describe: async (name) =>
        name === "training-dev" ? { status: "Creating", configName: "c" } : undefined,
      tags: async () => [{ Key: "pulumi:mark", Value: mark }],
    });
    const imported = async (look: () => Lookup) =>
      only(await run({}, {}, "ours", look), ENDPOINT_TYPE).importId;
    assert.equal(await imported(() => lookup("a-mark")), "training-dev");
    assert.equal(await imported(() => lookup("another")), "");
    const denied = () => {
      throw new Error("AccessDenied");
    };
    assert.equal(await imported(denied), "");
  });

  it("asks again where the smoke request is another file by the same name", async () => {
    const { inputs } = only(await run({ smokeRequest: "deploy/smoke.png" }), ROLLOUT_TYPE);
    assert.match((inputs.smoke as { digest: string }).digest, /^[0-9a-f]{8}$/);
  });

  it("refuses a smoke request that is not there, before anything is made", async () => {
    await assert.rejects(
      run({ smokeRequest: "none.png" }),
      /The smoke request none\.png cannot be read \(ENOENT\)/,
    );
  });
});
