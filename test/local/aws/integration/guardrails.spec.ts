import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import {
  CreateEndpointCommand,
  CreateEndpointConfigCommand,
  DeleteEndpointCommand,
  type DeploymentConfig,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";
import { stateFiles } from "../../../../local/aws/stateFiles.ts";
import { isAlive } from "../../../../local/processes.ts";
import { bucket, TestAws, until } from "./testAws";
import {
  createConfig,
  createModel,
  describeEndpoint,
  gatedScript,
  invoke,
  script,
  settled,
} from "./testEndpoint";

describe("updates of endpoints on the local AWS", function () {
  this.timeout(360_000);
  let aws: TestAws;

  before(async () => {
    aws = await TestAws.start();
  });
  after(() => aws.remove());

  const errorAlarm = (AlarmName: string, EndpointName: string) =>
    aws.cloudwatch.send(
      new PutMetricAlarmCommand({
        AlarmName,
        ...{ Namespace: "AWS/SageMaker", MetricName: "Invocation5XXErrors", Statistic: "Sum", Period: 60 },
        ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: "GreaterThanOrEqualToThreshold" },
        TreatMissingData: "notBreaching",
        Dimensions: [
          { Name: "EndpointName", Value: EndpointName },
          { Name: "VariantName", Value: "AllTraffic" },
        ],
      }),
    );

  it("are rolled back when their own alarm goes off while they are watched; requests are captured", async () => {
    await createModel(aws, "good", script("good"));
    await createModel(aws, "bad", script("bad").replace('if data.get("fail"):', "if True:"));
    await aws.sagemaker.send(
      new CreateEndpointConfigCommand({
        EndpointConfigName: "good",
        ProductionVariants: [
          {
            VariantName: "AllTraffic",
            ModelName: "good",
            InstanceType: "ml.m5.large",
            InitialInstanceCount: 1,
          },
        ],
        DataCaptureConfig: {
          ...{ InitialSamplingPercentage: 100, DestinationS3Uri: `s3://${bucket}/captured` },
          CaptureOptions: [{ CaptureMode: "Input" }, { CaptureMode: "Output" }],
          CaptureContentTypeHeader: { JsonContentTypes: ["application/json"] },
        },
      }),
    );
    await createConfig(aws, "bad", [{ ModelName: "bad", VariantName: "AllTraffic" }]);
    await aws.sagemaker.send(
      new CreateEndpointCommand({ EndpointName: "guarded", EndpointConfigName: "good" }),
    );
    const { DataCaptureConfig } = await settled(aws, "guarded");
    assert.equal(DataCaptureConfig?.CaptureStatus, "Started");
    const first = await invoke(aws, "guarded", { first: true });
    const { pid } = first.json;
    await errorAlarm("errors-of-another", "another");
    await errorAlarm("errors", "guarded");

    const update = (...names: string[]) => {
      const size = { Type: "CAPACITY_PERCENT", Value: 50 } as const;
      const DeploymentConfig: DeploymentConfig = {
        BlueGreenUpdatePolicy: {
          // Longer than the test: nothing but the alarm ends it.
          TrafficRoutingConfiguration: { Type: "CANARY", CanarySize: size, WaitIntervalInSeconds: 3600 },
        },
        AutoRollbackConfiguration: { Alarms: names.map((AlarmName) => ({ AlarmName })) },
      };
      return aws.sagemaker.send(
        new UpdateEndpointCommand({ EndpointName: "guarded", EndpointConfigName: "bad", DeploymentConfig }),
      );
    };
    await assert.rejects(update("errors", "nowhere"), /Could not find the CloudWatch alarm\(s\) nowhere/);
    await update("errors-of-another", "errors");
    const statuses = new Set([first.status]);
    await until("the rollback", async () => {
      statuses.add((await invoke(aws, "guarded", {})).status);
      const { EndpointStatus = "" } = await describeEndpoint(aws, "guarded");
      return ["RollingBack", "InService", "Failed"].includes(EndpointStatus);
    });
    assert.deepEqual([...statuses].sort(), [200, 424], "the canary was asked, and nothing else failed");
    const { EndpointStatus, EndpointConfigName, FailureReason } = await settled(aws, "guarded");
    assert.deepEqual([EndpointStatus, EndpointConfigName], ["InService", "good"]);
    assert.match(FailureReason ?? "", /the alarm errors is in state ALARM/);
    const answer = await invoke(aws, "guarded", { last: true });
    assert.deepEqual([answer.json.word, answer.json.pid], ["good", pid], "the one that was there before");

    // That of the endpoint itself may be OK again: a minute may have passed.
    const { MetricAlarms = [] } = await aws.cloudwatch.send(
      new DescribeAlarmsCommand({ AlarmNames: ["errors-of-another"] }),
    );
    assert.deepEqual(
      MetricAlarms.map(({ StateValue }) => StateValue),
      ["OK"],
    );
    // The first request, at least one of the canary's, and the last.
    await until("the requests to be counted", async () => {
      const { Datapoints = [] } = await aws.cloudwatch.send(
        new GetMetricStatisticsCommand({
          ...{ Namespace: "AWS/SageMaker", MetricName: "Invocations", Period: 3600, Statistics: ["Sum"] },
          StartTime: new Date(Date.now() - 2 * 3_600_000),
          EndTime: new Date(Date.now() + 3_600_000),
          Dimensions: [
            { Name: "EndpointName", Value: "guarded" },
            { Name: "VariantName", Value: "AllTraffic" },
          ],
        }),
      );
      return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0) >= 3;
    });

    const lines: { captureData: { endpointInput: { data: string }; endpointOutput: { data: string } } }[] =
      [];
    await until("the last request to be captured", async () => {
      const Prefix = "captured/guarded/AllTraffic/";
      const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
      lines.length = 0;
      for (const { Key = "" } of Contents) {
        assert.match(
          Key.slice(Prefix.length),
          /^\d{4}\/\d\d\/\d\d\/\d\d\/\d\d-\d\d-\d{3}-[0-9a-f-]{36}\.jsonl$/,
        );
        lines.push(
          ...String(await aws.get(Key))
            .trim()
            .split("\n")
            .map((line) => JSON.parse(line)),
        );
      }
      return lines.some(({ captureData }) => captureData.endpointInput.data === '{"last":true}');
    });
    const words = lines.map(({ captureData }) => JSON.parse(captureData.endpointOutput.data).word);
    assert.deepEqual([...new Set(words)], ["good"], "the update had no data capture");
    await aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "guarded" }));
  });

  it("go on after a crash, of which no process and no folder is left", async () => {
    const gate = path.join(aws.stateDir, "gate");
    await createModel(aws, "old", script("old"));
    await createModel(aws, "new", gatedScript("new", gate));
    for (const ModelName of ["old", "new"]) {
      await createConfig(aws, ModelName, [{ ModelName, VariantName: "AllTraffic" }]);
    }
    await aws.sagemaker.send(new CreateEndpointCommand({ EndpointName: "crash", EndpointConfigName: "old" }));
    await settled(aws, "crash");
    const { pid: old } = (await invoke(aws, "crash", {})).json;
    await aws.sagemaker.send(new UpdateEndpointCommand({ EndpointName: "crash", EndpointConfigName: "new" }));
    let loading = 0;
    await until("the new model to load", async () => {
      const lines = await aws.groupLines("/aws/sagemaker/Endpoints/crash");
      loading = Number(lines.find((line) => /^loading \d+$/.test(line))?.split(" ")[1] ?? 0);
      return loading > 0;
    });
    const { served, servingSockets } = stateFiles(aws.stateDir);
    const sockets = readFileSync(servingSockets, "utf8");
    await aws.kill();
    await until("both model servers to end", () => !isAlive(old) && !isAlive(loading));
    writeFileSync(gate, "");
    await aws.launch();
    assert.equal(existsSync(sockets), false, "nor the sockets' folder");
    const { EndpointConfigName } = await settled(aws, "crash");
    assert.equal(EndpointConfigName, "new");
    assert.equal((await invoke(aws, "crash", {})).json.word, "new");
    const [folder = "", ...others] = readdirSync(served);
    assert.deepEqual(
      [others, readdirSync(path.join(served, folder)).length],
      [[], 1],
      "one deployment of one endpoint",
    );
    await aws.sagemaker.send(new DeleteEndpointCommand({ EndpointName: "crash" }));
    await until("the endpoint to be gone", () => readdirSync(served).length === 0);
  });
});
