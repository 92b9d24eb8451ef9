import assert from "node:assert/strict";
import { allowedInstanceTypes } from "../../../policies/rules/allowedInstanceTypes";
import { noOtherWayToTrain } from "../../../policies/rules/noOtherWayToTrain";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses } from "../support/expect";
import { pascal, request, stackOf } from "../support/ways";

const dear = request({ "resourceConfig.instanceType": "ml.p4d.24xlarge" });
const on = (type: string, props: object = {}) => ({ type, name: "x", props: { ...props } });

describe("types of SageMaker that no rule knows", () => {
  for (const type of [
    "aws:sagemaker/somethingNew:SomethingNew",
    "aws:index/sagemakerTrainingJob:SagemakerTrainingJob",
    "awscc:index/sagemakerProcessingJob:SagemakerProcessingJob",
    "kubernetes:sagemaker.aws.amazon.com/v1:TrainingJob",
  ]) {
    it(`are named: ${type}`, () =>
      assertRefuses(examine(noOtherWayToTrain, on(type, dear)), `is of the type ${type}`));
  }

  for (const type of [
    "aws:sagemaker/model:Model",
    "aws:index/sagemakerModel:SagemakerModel",
    "aws:index/s3Bucket:S3Bucket",
    "acme:sagemaker:Training",
    "training:index:Experiment",
    "pulumi-nodejs:dynamic/sagemaker:TrainingJob",
    "pulumi-nodejs:dynamic/sagemaker:TrainingJobOwner",
    "aws:sagemaker/trainingJob:TrainingJob",
    "aws:sagemaker/hyperParameterTuningJob:HyperParameterTuningJob",
    "kubernetes:sagemaker.services.k8s.aws/v1alpha1:Model",
  ]) {
    it(`are none of these: ${type}`, () =>
      assert.deepEqual(examine(noOtherWayToTrain, on(type)).violations, []));
  }

  it("are named by what they are in CloudFormation, wherever they stand", () => {
    const asks = "asks for a SomethingNew";
    const typeName = "AWS::SageMaker::SomethingNew";
    assertRefuses(examine(noOtherWayToTrain, on("aws-native:sagemaker:SomethingNew")), asks);
    assertRefuses(
      examine(noOtherWayToTrain, on("aws:cloudcontrol/resource:Resource", { typeName, desiredState: "{}" })),
      asks,
    );
    assertRefuses(examine(noOtherWayToTrain, stackOf({ New: { Type: typeName } })), "Resources.New", asks);
    assertPasses(examine(noOtherWayToTrain, stackOf({ Old: { Type: "AWS::SageMaker::Model" } })));
  });
});

describe("a request is judged", () => {
  it("in a custom resource that is patched, which makes it where it is not there", () =>
    assertRefuses(
      examine(
        allowedInstanceTypes,
        on("kubernetes:sagemaker.services.k8s.aws/v1alpha1:TrainingJobPatch", { spec: dear }),
      ),
      "ml.p4d.24xlarge",
    ));

  it("in a dynamic provider under the name of what keeps a training's jobs", () =>
    assertRefuses(
      examine(allowedInstanceTypes, on("pulumi-nodejs:dynamic/sagemaker:TrainingJobOwner", dear)),
      "ml.p4d.24xlarge",
    ));
});

describe("texts that call SageMaker", () => {
  const api = "arn:aws:apigateway:us-east-1:sagemaker:action/CreateTrainingJob";
  const step = {
    action: "aws:executeAwsApi",
    inputs: { Service: "sagemaker", Api: "CreateTrainingJob", ...(pascal(dear) as object) },
  };
  for (const [type, props] of [
    ["aws:ssm/document:Document", { content: JSON.stringify({ mainSteps: [step] }) }],
    ["aws-native:ssm:Document", { content: { mainSteps: [step] } }],
    [
      "aws:ssm/association:Association",
      { parameters: { commands: "aws sagemaker create-training-job --cli-input-json file://job" } },
    ],
    [
      "aws:ssm/maintenanceWindowTask:MaintenanceWindowTask",
      {
        taskInvocationParameters: {
          runCommandParameters: { parameters: [{ values: ["aws sagemaker create-training-job"] }] },
        },
      },
    ],
    ["aws:apigateway/integration:Integration", { uri: api }],
    [
      "aws:apigateway/integration:Integration",
      { requestParameters: { "integration.request.header.X-Amz-Target": "'SageMaker.CreateTrainingJob'" } },
    ],
    [
      "aws:apigateway/restApi:RestApi",
      {
        body: JSON.stringify({
          paths: { "/": { post: { "x-amazon-apigateway-integration": { uri: api } } } },
        }),
      },
    ],
    ["aws-native:apigateway:Method", { integration: { uri: api } }],
  ] as const) {
    it(`are named: ${type}`, () =>
      assertRefuses(examine(noOtherWayToTrain, on(type, props)), "of SageMaker"));
  }

  it("are let be where they only read", () => {
    const content = JSON.stringify({ mainSteps: [{ inputs: { Api: "DescribeTrainingJob" } }] });
    assertPasses(examine(noOtherWayToTrain, on("aws:ssm/document:Document", { content })));
    assertPasses(
      examine(
        noOtherWayToTrain,
        on("aws:apigateway/integration:Integration", { uri: "https://example.com" }),
      ),
    );
  });

  for (const create of [
    "aws cloudcontrol create-resource --type-name AWS::SageMaker::TrainingJob --desired-state file://job.json",
    "aws sagemaker batch-add-cluster-nodes --cluster-name c",
    "aws sagemaker retry-pipeline-execution --pipeline-execution-arn a",
    "aws sagemaker extend-training-plan --training-plan-extension-offering-id o",
    "aws sagemaker create-model-package --cli-input-json file://package.json",
    'python -c "from sagemaker.pytorch import PyTorch; PyTorch(entry_point=1).fit()"',
    "python3 - <<E\nimport sagemaker\nE",
  ]) {
    it(`are named in a command: ${create.slice(0, 40)}`, () =>
      assertRefuses(
        examine(noOtherWayToTrain, on("command:local:Command", { create })),
        "(create)",
        "SageMaker",
      ));
  }

  for (const create of [
    "aws sagemaker wait training-job-completed-or-stopped --training-job-name j",
    "aws sagemaker list-training-jobs",
    "aws cloudcontrol get-resource --type-name AWS::SageMaker::Model",
    "echo pip install sagemaker",
  ]) {
    it(`are let be in a command: ${create}`, () =>
      assertPasses(examine(noOtherWayToTrain, on("command:local:Command", { create }))));
  }
});
