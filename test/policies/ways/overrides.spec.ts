import assert from "node:assert/strict";
import { noOtherWayToTrain } from "../../../policies/rules/noOtherWayToTrain";
import { examine } from "../support/examine";
import { assertRefuses, assertUnseen } from "../support/expect";
import { unknown } from "../support/jobs";

const look = (type: string, props: object) =>
  examine(noOtherWayToTrain, { type, name: "x", props: { ...props } });

/** Resources that give parameters of their own to a definition that is judged by its defaults. */
const given: [type: string, props: (name: string, value: unknown) => object][] = [
  [
    "aws:cloudformation/stackSetInstance:StackSetInstance",
    (name, value) => ({ parameterOverrides: { [name]: value } }),
  ],
  [
    "aws:cloudformation/stackInstances:StackInstances",
    (name, value) => ({ parameterOverrides: { [name]: value } }),
  ],
  [
    "aws-native:cloudformation:StackSet",
    (name, value) => ({
      stackInstancesGroup: [{ parameterOverrides: [{ parameterKey: name, parameterValue: value }] }],
    }),
  ],
  [
    "aws:scheduler/schedule:Schedule",
    (name, value) => ({ target: { sagemakerPipelineParameters: { pipelineParameters: [{ name, value }] } } }),
  ],
  [
    "aws-native:scheduler:Schedule",
    (name, value) => ({
      target: { sageMakerPipelineParameters: { pipelineParameterList: [{ name, value }] } },
    }),
  ],
  [
    "aws:cloudwatch/eventTarget:EventTarget",
    (name, value) => ({ sagemakerPipelineTarget: { pipelineParameterLists: [{ name, value }] } }),
  ],
  [
    "aws:pipes/pipe:Pipe",
    (name, value) => ({
      targetParameters: { sagemakerPipelineParameters: { pipelineParameters: [{ name, value }] } },
    }),
  ],
];

describe("an instance type that is given to a definition from outside", () => {
  for (const [type, props] of given) {
    it(`is named: ${type}`, () => {
      assertRefuses(
        look(type, props("Machine", "ml.p4d.24xlarge")),
        "gives the parameter Machine the value ml.p4d.24xlarge",
      );
      assert.deepEqual(look(type, props("Data", "s3://data/2026")).violations, []);
      assert.deepEqual(look(type, {}).violations, []);
      assertUnseen(look(type, props("Machine", unknown.text)));
    });
  }
});
