import { allowedInstanceTypes } from "../../../policies/rules/allowedInstanceTypes";
import { noOtherWayToTrain } from "../../../policies/rules/noOtherWayToTrain";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses } from "../support/expect";
import { pascal, request } from "../support/ways";

const dear = pascal(request({ "resourceConfig.instanceType": "ml.p4d.24xlarge" })) as object;
const template = JSON.stringify({
  Resources: { Train: { Type: "AWS::SageMaker::TrainingJob", Properties: dear } },
});
const machine = (resource: string, parameters: object = {}) => {
  const states = { Do: { Type: "Task", Resource: resource, Parameters: parameters, End: true } };
  const definition = JSON.stringify({ StartAt: "Do", States: states });
  return { type: "aws:sfn/stateMachine:StateMachine", name: "x", props: { definition } };
};
const action = (name: string) => machine(`arn:aws:states:::aws-sdk:sagemaker:${name}`);

describe("actions of SageMaker that a state machine calls", () => {
  // An action that nobody here knows is one that may start machines.
  for (const name of [
    "batchAddClusterNodes",
    "createAutoMLJobV2",
    "createCompilationJob",
    "createInferenceRecommendationsJob",
    "createSomethingNew",
    "extendTrainingPlan",
    "retryPipelineExecution",
    "startPipelineExecution",
    "updateEndpoint",
    "updateMonitoringSchedule",
    "updatePipeline",
    "updateTrainingJob",
  ]) {
    it(`are named where the request does not tell what they start: ${name}`, () =>
      assertRefuses(examine(noOtherWayToTrain, action(name)), `calls ${name}`));
  }

  for (const name of [
    "addTags",
    "batchDescribeModelPackage",
    "createEndpoint",
    "createExperiment",
    "createModel",
    "createModelPackageGroup",
    "createPresignedDomainUrl",
    "deleteEndpoint",
    "describeTrainingJob",
    "listTrainingJobs",
    "stopTrainingJob",
    "updateModelPackage",
  ]) {
    it(`are let be where they start nothing: ${name}`, () =>
      assertPasses(examine(noOtherWayToTrain, action(name))));
  }

  it("are let be where another rule looks at what they start", () =>
    assertPasses(examine(noOtherWayToTrain, action("createProcessingJob"))));
});

describe("what is deployed by a state machine or a schedule is looked at as if the program deployed it:", () => {
  const calls: [string, object][] = [
    ["cloudformation:createStack", { TemplateBody: template }],
    ["cloudformation:updateStackSet", { TemplateBody: template }],
    [
      "cloudcontrol:createResource",
      { TypeName: "AWS::SageMaker::TrainingJob", DesiredState: JSON.stringify(dear) },
    ],
    [
      "sfn:createStateMachine",
      { Definition: machine("arn:aws:states:::sagemaker:createTrainingJob", dear).props.definition },
    ],
    [
      "scheduler:createSchedule",
      {
        Target: {
          Arn: "arn:aws:scheduler:::aws-sdk:sagemaker:createTrainingJob",
          Input: JSON.stringify(dear),
        },
      },
    ],
  ];
  for (const [call, parameters] of calls) {
    it(call, () =>
      assertRefuses(
        examine(allowedInstanceTypes, machine(`arn:aws:states:::aws-sdk:${call}`, parameters)),
        "ml.p4d.24xlarge",
      ),
    );
  }

  it("of a schedule", () => {
    const target = {
      arn: "arn:aws:scheduler:::aws-sdk:cloudformation:createStack",
      input: JSON.stringify({ TemplateBody: template }),
    };
    const schedule = { type: "aws:scheduler/schedule:Schedule", name: "x", props: { target } };
    assertRefuses(examine(allowedInstanceTypes, schedule), "ml.p4d.24xlarge");
  });

  it("from a place in S3, which is named", () => {
    const stack = machine("arn:aws:states:::aws-sdk:cloudformation:createStack", {
      TemplateURL: "https://s3/t.yaml",
    });
    assertRefuses(examine(noOtherWayToTrain, stack), "takes its template from https://s3/t.yaml");
  });

  it("with a type of another service, which is let be", () =>
    assertPasses(
      examine(
        noOtherWayToTrain,
        machine("arn:aws:states:::aws-sdk:cloudcontrol:createResource", { TypeName: "AWS::S3::Bucket" }),
      ),
    ));
});

describe("steps of a pipeline", () => {
  const pipeline = (type: string) => ({
    type: "aws:sagemaker/pipeline:Pipeline",
    name: "x",
    props: { pipelineDefinition: JSON.stringify({ Steps: [{ Name: "Do", Type: type, Arguments: {} }] }) },
  });

  it("are named where nobody here knows their type", () =>
    assertRefuses(
      examine(noOtherWayToTrain, pipeline("BedrockCustomModel")),
      "step Do",
      "BedrockCustomModel",
    ));

  for (const type of [
    "Model",
    "RegisterModel",
    "Lambda",
    "Callback",
    "Fail",
    "EMR",
    "EMRServerless",
    "Endpoint",
  ]) {
    it(`are let be where they train nothing on machines of SageMaker: ${type}`, () =>
      assertPasses(examine(noOtherWayToTrain, pipeline(type))));
  }
});
