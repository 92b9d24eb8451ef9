import assert from "node:assert/strict";
import type { ResourceValidationPolicy } from "@pulumi/policy";
import { rules } from "../../../policies/rules";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses } from "../support/expect";
import { type Changes, change, unknown } from "../support/jobs";
import { pascal, request, stackOf } from "../support/ways";

const rule = (name: string) => rules.find((each) => each.name === name) as ResourceValidationPolicy;
const of = (type: string, props: object) => ({ type, name: "x", props: { ...props } });

/** A processing job that no rule objects to. */
const processing = {
  processingResources: {
    clusterConfig: {
      instanceType: "ml.m5.large",
      instanceCount: 1,
      volumeSizeInGb: 0,
      volumeKmsKeyId: "arn:key",
    },
  },
  appSpecification: { imageUri: "1.dkr.ecr.eu-west-1.amazonaws.com/a:1" },
  processingOutputConfig: { kmsKeyId: "arn:key" },
  networkConfig: { enableNetworkIsolation: true },
  stoppingCondition: { maxRuntimeInSeconds: 600 },
  tags: [
    { key: "owner", value: "a" },
    { key: "cost-center", value: "b" },
  ],
};
const prices = { pricesUsdPerHour: { "ml.m5.large": 0.115 } };

describe("processing jobs", () => {
  const type = "aws-native:sagemaker:ProcessingJob";
  const job = (changes: Changes = {}) => of(type, change(processing, changes));

  it("pass where they are careful, and are asked for no spot", () => {
    for (const each of rules) {
      if ("validateResource" in each) {
        assert.deepEqual(
          examine(each, job(), each.name === "worst-case-cost-limit" ? prices : {}).violations,
          [],
          each.name,
        );
      }
    }
  });

  it("are judged by the rules on training, with the paths of their own request", () => {
    const cluster = "processingResources.clusterConfig";
    for (const [name, path, value, says] of [
      ["allowed-instance-types", `${cluster}.instanceType`, "ml.p4d.24xlarge", `Set ${cluster}.instanceType`],
      [
        "max-run-limit",
        "stoppingCondition.maxRuntimeInSeconds",
        90_000,
        "Set stoppingCondition.maxRuntimeInSeconds",
      ],
      ["instance-count-limit", `${cluster}.instanceCount`, 9, "9 instances"],
      [
        "kms-keys-required",
        "processingOutputConfig.kmsKeyId",
        undefined,
        "Set processingOutputConfig.kmsKeyId",
      ],
      ["network-isolation-or-vpc", "networkConfig", undefined, "set networkConfig.enableNetworkIsolation"],
      ["trusted-image", "appSpecification.imageUri", "docker.io/evil:1", "set appSpecification.imageUri"],
      ["no-plaintext-credentials", "environment.DB_PASSWORD", "hunter2hunter2", "environment.DB_PASSWORD"],
      ["required-tags", "tags", [], "owner"],
    ] as const) {
      assertRefuses(examine(rule(name), job({ [path]: value })), 'processing job "x"', says);
    }
  });

  it("are found in pipelines and templates", () => {
    const Properties = pascal(
      change(processing, { "processingResources.clusterConfig.instanceType": "ml.p4d.24xlarge" }),
    );
    const steps = [{ Name: "Prepare", Type: "Processing", Arguments: Properties }];
    const pipeline = of("aws:sagemaker/pipeline:Pipeline", {
      pipelineDefinition: JSON.stringify({ Steps: steps }),
    });
    for (const resource of [
      pipeline,
      stackOf({ P: { Type: "AWS::SageMaker::ProcessingJob", Properties } }),
    ]) {
      assertRefuses(
        examine(rule("allowed-instance-types"), resource),
        "Set ProcessingResources.ClusterConfig.InstanceType",
      );
    }
  });

  it("of monitoring are judged by the definition that starts them", () => {
    const clusterConfig = { instanceType: "ml.p4d.24xlarge", instanceCount: 1 };
    const monitoringJobDefinition = { monitoringResources: { clusterConfig } };
    const monitoringScheduleConfig = { monitoringJobDefinition };
    for (const [token, props, path] of [
      [
        "aws:sagemaker/monitoringSchedule:MonitoringSchedule",
        { monitoringScheduleConfig },
        "monitoringScheduleConfig.monitoringJobDefinition.monitoringResources.clusterConfig.instanceType",
      ],
      [
        "aws-native:sagemaker:ModelBiasJobDefinition",
        { jobResources: { clusterConfig } },
        "jobResources.clusterConfig.instanceType",
      ],
    ] as const) {
      assertRefuses(examine(rule("allowed-instance-types"), of(token, props)), path);
    }
    const named = { monitoringScheduleConfig: { monitoringJobDefinitionName: "other" } };
    assertPasses(
      examine(
        rule("allowed-instance-types"),
        of("aws:sagemaker/monitoringSchedule:MonitoringSchedule", named),
      ),
    );
  });

  it("are looked at again where a value is not known yet", () => {
    const later = job({ "processingResources.clusterConfig.instanceType": unknown.text });
    assert.match(
      examine(rule("allowed-instance-types"), later).unseen ?? "",
      /instanceType is not known yet/,
    );
  });
});

describe("tuning jobs in a definition", () => {
  it("are judged by every training definition, and by how many jobs they start", () => {
    const { hyperParameters, ...rest } = request();
    const good = pascal({ ...rest, staticHyperParameters: hyperParameters });
    const bad = change(good as object, { "ResourceConfig.InstanceType": "ml.p4d.24xlarge" });
    const limits = { MaxParallelTrainingJobs: 5, MaxNumberOfTrainingJobs: 10 };
    const Properties = {
      HyperParameterTuningJobConfig: { ResourceLimits: limits },
      TrainingJobDefinitions: [good, bad],
    };
    const call = "arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync";
    const definition = JSON.stringify({ States: { Tune: { Resource: call, Parameters: Properties } } });
    const machine = of("aws:sfn/stateMachine:StateMachine", { definition });
    assertRefuses(
      examine(rule("allowed-instance-types"), machine),
      'tuning job "x" (definition: state Tune.TrainingJobDefinitions.1)',
      "ml.p4d.24xlarge",
    );
    const { violations } = examine(rule("instance-count-limit"), machine);
    assert.equal(violations.length, 2);
    assert.match(
      violations.join(),
      /5 jobs at a time.*Lower the instance count \(ResourceConfig\.InstanceCount\) or MaxParallelTrainingJobs/,
    );
  });
});

describe("the validation of an algorithm", () => {
  const trainingJobDefinition = {
    resourceConfig: { instanceType: "ml.p4d.24xlarge", instanceCount: 1 },
    stoppingCondition: { maxRuntimeInSeconds: 60 },
  };
  const trainingSpecification = { trainingImage: "docker.io/evil:1" };

  it("is a training job, of one profile or of several", () => {
    const path = "validationSpecification.validationProfiles";
    for (const [validationProfiles, at] of [
      [{ trainingJobDefinition }, path],
      [[{ trainingJobDefinition }], `${path}.0`],
    ] as const) {
      const props = { trainingSpecification, validationSpecification: { validationProfiles } };
      const algorithm = of("aws:sagemaker/algorithm:Algorithm", props);
      assertRefuses(
        examine(rule("allowed-instance-types"), algorithm),
        'validation of algorithm "x"',
        `Set ${at}.trainingJobDefinition.resourceConfig.instanceType`,
      );
      assertRefuses(examine(rule("trusted-image"), algorithm), "set trainingSpecification.trainingImage");
      assertRefuses(examine(rule("managed-spot-required"), algorithm), "runs on demand");
    }
  });

  it("is not asked for by an algorithm without one", () => {
    const algorithm = of("aws:sagemaker/algorithm:Algorithm", { trainingSpecification });
    assertPasses(examine(rule("managed-spot-required"), algorithm));
  });
});
