import assert from "node:assert/strict";
import { rules } from "../../../policies/rules";
import { allowedInstanceTypes } from "../../../policies/rules/allowedInstanceTypes";
import { noOtherWayToTrain } from "../../../policies/rules/noOtherWayToTrain";
import { runningMachinesLimit } from "../../../policies/rules/runningMachinesLimit";
import { examine } from "../support/examine";
import { assertNotApplicable, assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { kinds, unknown } from "../support/jobs";
import { pascal, request, stackOf, ways } from "../support/ways";

const look = (type: string, props: object, config = {}) =>
  examine(noOtherWayToTrain, { type, name: "x", props: { ...props } }, config);

const stack = "aws:cloudformation/stack:Stack";
const url = "https://templates.s3.amazonaws.com/train.yaml";

describe("no-other-way-to-train", () => {
  it("has nothing to say of what the other rules look at", () => {
    for (const { job } of ways) assertPasses(examine(noOtherWayToTrain, job()));
    for (const { job } of kinds) assertNotApplicable(examine(noOtherWayToTrain, job()), "no other way");
    assertNotApplicable(look("aws:s3/bucket:Bucket", {}), "no other way");
  });

  it("names a template that is kept elsewhere, unless its place is trusted", () => {
    assertRefuses(
      look(stack, { templateUrl: url }),
      `takes its template from ${url}`,
      "cannot look at it",
      "Write the definition",
    );
    assertPasses(look(stack, { templateUrl: url }, { trustedSources: ["https://templates.s3.*"] }));
    const nested = { Inner: { Type: "AWS::CloudFormation::Stack", Properties: { TemplateURL: url } } };
    assertRefuses(examine(noOtherWayToTrain, stackOf(nested)), "(templateBody: Resources.Inner)", url);
  });

  it("names a template that a macro or a loop changes before it is used", () => {
    const props = { templateBody: JSON.stringify({ Transform: "OurMacro", Resources: {} }) };
    assertRefuses(look(stack, props), 'is changed by "OurMacro"');
    assertPasses(look(stack, props, { trustedSources: ["OurMacro"] }));
    const loop = { "Fn::ForEach::Jobs": ["X", ["a"], {}] };
    assertRefuses(examine(noOtherWayToTrain, stackOf(loop)), "in a loop");
  });

  it("says that a template is not known yet, once: the rules on training are silent until it is", () => {
    assertUnseen(look(stack, { templateBody: unknown.text }), "templateBody");
    for (const rule of rules) {
      if ("validateStack" in rule || rule.name === noOtherWayToTrain.name) continue;
      const verdict = examine(rule, { type: stack, name: "x", props: { templateBody: unknown.text } });
      assert.deepEqual([verdict.violations, verdict.unseen], [[], undefined], rule.name);
    }
  });

  it("names a request that only another service can tell, which hides nothing of the others", () => {
    const job = (instanceType: string) => pascal(request({ "resourceConfig.instanceType": instanceType }));
    const state = (action: string, Arguments: unknown) => ({
      Type: "Task",
      Resource: `arn:aws:states:::sagemaker:${action}`,
      Arguments,
    });
    const tuning = { TrainingJobDefinitions: "{% $definitions %}" };
    for (const hidden of [
      state("createTrainingJob", "{% $states.input %}"),
      state("createHyperParameterTuningJob", tuning),
      state("createEndpointConfig", { ProductionVariants: "{% $variants %}" }),
    ]) {
      const States = { Hidden: hidden, Dear: state("createTrainingJob", job("ml.p4d.24xlarge")) };
      const machine = {
        type: "aws:sfn/stateMachine:StateMachine",
        name: "m",
        props: { definition: JSON.stringify({ States }) },
      };
      assertRefuses(examine(noOtherWayToTrain, machine), "is given by an expression", "cannot look at it");
      assertRefuses(examine(allowedInstanceTypes, machine), "state Dear", "ml.p4d.24xlarge");
      assertPasses(examine(runningMachinesLimit, machine));
    }
  });

  it("says once of a definition that it cannot be read", () => {
    for (const templateBody of ["just a text", "[1]", 7]) {
      assertRefuses(look(stack, { templateBody }), "could not be judged by no-other-way-to-train");
    }
    for (const pipelineDefinition of ["{ not json", "[1]", 7, JSON.stringify({ Steps: "wrong" })]) {
      assertRefuses(look("aws:sagemaker/pipeline:Pipeline", { pipelineDefinition }), "could not be judged");
    }
    for (const States of ["wrong", [1], { A: { Branches: "wrong" } }, { A: 7 }]) {
      const definition = JSON.stringify({ States });
      assertRefuses(look("aws:sfn/stateMachine:StateMachine", { definition }), "could not be judged");
    }
  });

  it("names definitions that are kept in S3", () => {
    const location = { bucket: "b", objectKey: "p.json" };
    const s3 = "takes its definition from s3://b/p.json";
    assertRefuses(look("aws:sagemaker/pipeline:Pipeline", { pipelineDefinitionS3Location: location }), s3);
    const native = { pipelineDefinition: { pipelineDefinitionS3Location: { bucket: "b", key: "p.json" } } };
    assertRefuses(look("aws-native:sagemaker:Pipeline", native), s3);
    const machine = { definitionS3Location: { bucket: "b", key: "p.json" } };
    assertRefuses(look("aws-native:stepfunctions:StateMachine", machine), s3);
  });

  it("names calls that start what their request does not describe", () => {
    for (const action of ["startPipelineExecution", "createAutoMLJobV2", "startNotebookInstance"]) {
      const State = { Type: "Task", Resource: `arn:aws:states:::aws-sdk:sagemaker:${action}` };
      const definition = JSON.stringify({ States: { State } });
      assertRefuses(look("aws:sfn/stateMachine:StateMachine", { definition }), action, "cannot look at it");
      const target = { arn: `arn:aws:scheduler:::aws-sdk:sagemaker:${action}`, input: "{}" };
      assertRefuses(look("aws:scheduler/schedule:Schedule", { target }), action);
    }
    const labeling = { labelingJobAlgorithmsConfig: { labelingJobAlgorithmSpecificationArn: "arn" } };
    assertRefuses(look("aws:sagemaker/labelingJob:LabelingJob", labeling), "trains a model");
    assertPasses(look("aws:sagemaker/labelingJob:LabelingJob", {}));
  });

  it("names commands that call SageMaker, by the command line or an SDK", () => {
    for (const create of [
      "aws sagemaker create-training-job --cli-input-json file://job.json",
      "aws --region eu-west-1 sagemaker --output json start-pipeline-execution --pipeline-name p",
      "python -c 'import boto3; boto3.client(\"sagemaker\").create_training_job()'",
      "node -e 'new CreateTrainingJobCommand({})'",
    ]) {
      assertRefuses(look("command:local:Command", { create }), "(create) calls ", "of SageMaker");
    }
    assertRefuses(look("command:remote:Command", { update: "aws sagemaker update-endpoint" }), "(update)");
    assertPasses(
      look("command:local:Command", { create: "aws sagemaker describe-training-job; make train" }),
    );
    assertUnseen(look("command:local:Command", { create: unknown.text }), "create");
  });

  it("does not show how the address of a template is signed, and trusts it by its whole address", () => {
    const templateUrl = "https://b.s3.amazonaws.com/t.yaml?X-Amz-Signature=0a1b2c";
    const verdict = look("aws:cloudformation/stack:Stack", { templateUrl });
    assertRefuses(verdict, "takes its template from https://b.s3.amazonaws.com/t.yaml;");
    assertPasses(
      examine(
        noOtherWayToTrain,
        { type: "aws:cloudformation/stack:Stack", name: "x", props: { templateUrl } },
        { trustedSources: ["https://b.s3.amazonaws.com/t.yaml?*"] },
      ),
    );
  });

  it("names a dynamic provider of another project that trains without the request in its inputs", () => {
    const __provider = "exports.handler = async () => client.send(new CreateTrainingJobCommand(request))";
    assertRefuses(look("pulumi-nodejs:dynamic:Resource", { __provider, name: "x" }), "CreateTrainingJob");
    assertPasses(
      look("pulumi-nodejs:dynamic:Resource", { __provider: "exports.handler = () => 1", name: "x" }),
    );
    assertPasses(look("pulumi-nodejs:dynamic/sagemaker:TrainingJobOwner", { __provider }));
  });

  it("is silent on a template, a state machine and a schedule that have nothing to do with SageMaker", () => {
    assertPasses(
      examine(
        noOtherWayToTrain,
        stackOf({ Net: { Type: "AWS::EC2::VPC", Properties: { CidrBlock: { Ref: "X" } } } }),
      ),
    );
    const definition = JSON.stringify({
      States: { S: { Type: "Task", Resource: "arn:aws:states:::lambda:invoke" } },
    });
    assertPasses(look("aws:sfn/stateMachine:StateMachine", { definition }));
    assertPasses(
      look("aws:scheduler/schedule:Schedule", { target: { arn: "arn:aws:lambda:x", input: "no json" } }),
    );
    assertPasses(
      look("aws:cloudcontrol/resource:Resource", { typeName: "AWS::S3::Bucket", desiredState: unknown.text }),
    );
  });
});
