// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are references of CloudFormation and of states, not of JavaScript.
import assert from "node:assert/strict";
import { allowedInstanceTypes } from "../../../policies/rules/allowedInstanceTypes";
import { managedSpotRequired } from "../../../policies/rules/managedSpotRequired";
import { maxRunLimit } from "../../../policies/rules/maxRunLimit";
import { noOtherWayToTrain } from "../../../policies/rules/noOtherWayToTrain";
import { noRemoteDebug } from "../../../policies/rules/noRemoteDebug";
import { requiredTags } from "../../../policies/rules/requiredTags";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { change, unknown } from "../support/jobs";
import { pascal, request, stackOf } from "../support/ways";

/** A template whose training job runs on the machines that this value says. */
function onType(instanceType: unknown, template: object = {}, more: object = {}) {
  const properties = change(pascal(request()) as object, { "ResourceConfig.InstanceType": instanceType });
  const Resources = { Train: { Type: "AWS::SageMaker::TrainingJob", Properties: properties } };
  return {
    ...stackOf({}),
    props: { templateBody: JSON.stringify({ ...template, Resources }), ...more },
  };
}

/** A template in YAML whose training job has these lines for its instance type. */
const yamlOnType = (value: string) => ({
  ...stackOf({}),
  props: {
    templateBody: [
      "AWSTemplateFormatVersion: 2010-09-09",
      "Parameters: { Size: { Type: String, Default: 24xlarge } }",
      "Mappings: { Types: { big: { gpu: ml.p4d.24xlarge } } }",
      "Resources:",
      "  Train:",
      "    Type: AWS::SageMaker::TrainingJob",
      "    Properties:",
      "      RoleArn: !GetAtt Role.Arn",
      `      ResourceConfig: { InstanceCount: 1, InstanceType: ${value} }`,
    ].join("\n"),
  },
});

const Parameters = { Type: { Type: "String", Default: "ml.p4d.24xlarge" } };
const where = "Resources.Train";

describe("references in a CloudFormation template", () => {
  for (const [what, value] of [
    ["a parameter's default", { Ref: "Type" }],
    ["a text with a parameter in it", { "Fn::Sub": "${Type}" }],
    ["a text with a value of its own", { "Fn::Sub": ["ml.${Family}.24xlarge", { Family: "p4d" }] }],
    ["parts that are joined", { "Fn::Join": [".", ["ml", "p4d", "24xlarge"]] }],
  ] as const) {
    it(`are resolved before a rule looks: ${what}`, () => {
      assertRefuses(
        examine(allowedInstanceTypes, onType(value, { Parameters })),
        "runs on ml.p4d.24xlarge (ResourceConfig.InstanceType)",
        "Set ResourceConfig.InstanceType",
        where,
      );
    });
  }

  it("to a parameter of Systems Manager stand for a value that is kept there, and not for its name", () => {
    const parameter = { Type: "AWS::SSM::Parameter::Value<String>", Default: "ml.g5.xlarge" };
    const stack = onType({ Ref: "Type" }, { Parameters: { Type: parameter } });
    assert.deepEqual(examine(allowedInstanceTypes, stack).violations, []);
    assertRefuses(examine(noOtherWayToTrain, stack), "is given by !Ref Type, a parameter of Systems Manager");
    const given = onType(
      { Ref: "Type" },
      { Parameters: { Type: parameter } },
      { parameters: { Type: "ml.g5.2xlarge" } },
    );
    assertRefuses(examine(noOtherWayToTrain, given), "is given by !Ref Type");
  });

  it("are resolved in YAML's short forms, and in a mapping", () => {
    for (const value of [
      '!Sub "ml.p4d.${Size}"',
      "!FindInMap [Types, big, gpu]",
      "!Join [., [ml, p4d, !Ref Size]]",
    ]) {
      assertRefuses(examine(allowedInstanceTypes, yamlOnType(value)), "runs on ml.p4d.24xlarge");
    }
    assertPasses(examine(allowedInstanceTypes, yamlOnType("ml.g5.xlarge")));
  });

  it("take the value that the program gives a parameter, which may come with the update", () => {
    const typed = (type: unknown) => onType({ Ref: "Type" }, { Parameters }, { parameters: { Type: type } });
    assertPasses(examine(allowedInstanceTypes, typed("ml.g5.xlarge")));
    assertUnseen(examine(allowedInstanceTypes, typed(unknown.text)), "parameters.Type");
  });

  it("that only CloudFormation can resolve are named once, by no-other-way-to-train, with how to show them", () => {
    for (const value of [{ "Fn::GetAtt": ["X", "Y"] }, { Ref: "X" }, "{{resolve:ssm:type}}"]) {
      const job = onType(value);
      assertPasses(examine(allowedInstanceTypes, job));
      assertRefuses(
        examine(noOtherWayToTrain, job),
        "ResourceConfig.InstanceType",
        "cannot look at it",
        "give it as a parameter",
      );
    }
  });

  it("that no rule needs, such as the role, are let be", () => {
    const properties = change(pascal(request()) as object, { RoleArn: { "Fn::GetAtt": ["Role", "Arn"] } });
    const job = stackOf({ Train: { Type: "AWS::SageMaker::TrainingJob", Properties: properties } });
    assertPasses(examine(noOtherWayToTrain, job));
  });
});

describe("a CloudFormation template in YAML", () => {
  const job = (lines: string[]) => ({
    ...stackOf({}),
    props: {
      templateBody: [
        "AWSTemplateFormatVersion: 2010-09-09",
        "Resources:",
        "  Train:",
        "    Type: AWS::SageMaker::TrainingJob",
        "    Properties:",
        ...lines.map((line) => `      ${line}`),
      ].join("\n"),
    },
  });

  // The version that CloudFormation reads: "Template format", in its user guide.
  it("is read as YAML 1.1", () => {
    assertPasses(examine(managedSpotRequired, job(["EnableManagedSpotTraining: yes"])));
    assertRefuses(
      examine(noRemoteDebug, job(["RemoteDebugConfig: { EnableRemoteDebug: on }"])),
      "can be debugged",
    );
    for (const [written, seconds] of [
      ["100_000", "100000 s"],
      ["30:00:00", "108000 s"],
      ["0400000", "131072 s"],
    ]) {
      const stack = job([`StoppingCondition: { MaxRuntimeInSeconds: ${written} }`]);
      assertRefuses(examine(maxRunLimit, stack), `(${seconds})`);
    }
  });

  it("keeps dates as the texts that they are", () => {
    const policy = ["Tags: [{ Key: owner, Value: 2026-01-02 }, { Key: cost-center, Value: b }]"];
    assertPasses(examine(requiredTags, job(policy)));
  });
});

describe("references in a pipeline", () => {
  const pipeline = (instanceType: unknown) => {
    const Arguments = change(pascal(request()) as object, { "ResourceConfig.InstanceType": instanceType });
    const definition = {
      Parameters: [
        { Name: "Type", Type: "String", DefaultValue: "ml.p4d.24xlarge" },
        { Name: "Open", Type: "String" },
      ],
      Steps: [{ Name: "Train", Type: "Training", Arguments }],
    };
    const props = { pipelineDefinition: JSON.stringify(definition) };
    return { type: "aws:sagemaker/pipeline:Pipeline", name: "p", props };
  };

  it("to a parameter are judged by its default", () => {
    for (const value of [
      { Get: "Parameters.Type" },
      { "Std:Join": { On: ".", Values: ["ml", "p4d", "24xlarge"] } },
    ]) {
      assertRefuses(examine(allowedInstanceTypes, pipeline(value)), "runs on ml.p4d.24xlarge", "step Train");
    }
  });

  it("to a parameter without one, or to another step, are named", () => {
    for (const value of [{ Get: "Parameters.Open" }, { Get: "Steps.Before.Type" }]) {
      assertPasses(examine(allowedInstanceTypes, pipeline(value)));
      assertRefuses(examine(noOtherWayToTrain, pipeline(value)), value.Get, "cannot look at it");
    }
  });
});

describe("paths and expressions in a state machine", () => {
  it("are named", () => {
    for (const [key, value] of [
      ["InstanceType.$", "$.type"],
      ["InstanceType", "{% $type %}"],
    ] as const) {
      const Parameters = change(pascal(request()) as object, {
        ResourceConfig: { InstanceCount: 1, [key]: value },
      });
      const State = { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob", Parameters };
      const props = { definition: JSON.stringify({ States: { State } }) };
      const machine = { type: "aws:sfn/stateMachine:StateMachine", name: "m", props };
      assertPasses(examine(allowedInstanceTypes, machine));
      assertRefuses(examine(noOtherWayToTrain, machine), `ResourceConfig.${key}`);
    }
  });

  it("are filled in where the resource substitutes them", () => {
    const Parameters = change(pascal(request()) as object, { "ResourceConfig.InstanceType": "${type}" });
    const State = { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob", Parameters };
    const props = {
      definitionString: JSON.stringify({ States: { State } }),
      definitionSubstitutions: { type: "ml.p4d.24xlarge" },
    };
    const machine = { type: "aws-native:stepfunctions:StateMachine", name: "m", props };
    assertRefuses(examine(allowedInstanceTypes, machine), "ml.p4d.24xlarge");
    assert.deepEqual(examine(noOtherWayToTrain, machine).violations, []);
  });
});
