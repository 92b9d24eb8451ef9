import { strict as assert } from "node:assert";
import { allowedInstanceTypes } from "../../../policies/rules/allowedInstanceTypes";
import { noOtherWayToTrain } from "../../../policies/rules/noOtherWayToTrain";
import { noPlaintextCredentials } from "../../../policies/rules/noPlaintextCredentials";
import { runningMachinesLimit } from "../../../policies/rules/runningMachinesLimit";
import { tuningType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertPasses, assertRefuses } from "../support/expect";
import { kindOf, unknown } from "../support/jobs";
import { pascal, request, stackOf } from "../support/ways";

const expensive = "ml.p4d.24xlarge";
const careful = request();
const dear = request({ "resourceConfig.instanceType": expensive });

describe("what a template takes in when it is used", () => {
  const include = { Name: "AWS::Include", Parameters: { Location: "s3://templates/train.yaml" } };
  const job = (more: object) => ({
    Train: { Type: "AWS::SageMaker::TrainingJob", Properties: { ...(pascal(careful) as object), ...more } },
  });

  for (const [what, stack] of Object.entries({
    "whole resources": stackOf({ "Fn::Transform": include }),
    "a resource": stackOf({ Train: { "Fn::Transform": include } }),
    "a part of the template": stackOf({}, { templateBody: JSON.stringify({ "Fn::Transform": include }) }),
  })) {
    it(`is named: ${what}`, () => {
      assertRefuses(examine(noOtherWayToTrain, stack), "(templateBody) is changed by Fn::Transform");
      assertPasses(examine(noOtherWayToTrain, stack, { trustedSources: ["Fn::Transform"] }));
    });
  }

  it("is named: properties of a job, beside those that are written", () => {
    for (const more of [
      { "Fn::Transform": include },
      { ResourceConfig: { A: 1, "Fn::Transform": include } },
    ]) {
      const [violation] = examine(noOtherWayToTrain, stackOf(job(more))).violations;
      assert.match(violation ?? "", /is given by Fn::Transform/);
    }
  });

  it("is let be where no rule looks, such as in the body of an API", () => {
    const api = { Type: "AWS::ApiGateway::RestApi", Properties: { Body: { "Fn::Transform": include } } };
    assertPasses(examine(noOtherWayToTrain, stackOf({ Api: api })));
  });

  it("is named: a module", () => {
    const stack = stackOf({ Train: { Type: "Our::Training::Job::MODULE", Properties: {} } });
    assertRefuses(examine(noOtherWayToTrain, stack), "Resources.Train", "is the module Our::Training::Job");
    assertPasses(examine(noOtherWayToTrain, stack, { trustedSources: ["Our::*"] }));
  });
});

describe("requests in the inputs of a dynamic provider", () => {
  const dynamic = (props: object) => ({ type: "pulumi-nodejs:dynamic:Resource", name: "x", props });

  for (const [what, where, props] of [
    ["beside a careful one", "b", { a: careful, b: dear }],
    ["inside a careful one", "next", { ...careful, next: dear }],
    ["in a list", "jobs.1", { jobs: [careful, dear] }],
    ["deep in a map", "plan.first.job", { plan: { first: { job: dear } } }],
    ["as JSON text", "body", { body: JSON.stringify(dear) }],
  ] as const) {
    it(`are all judged: ${what}`, () => {
      assertRefuses(examine(allowedInstanceTypes, dynamic(props)), expensive, `(${where})`);
    });
  }

  it("are judged under names that the engine keeps for itself", () => {
    assertRefuses(
      examine(allowedInstanceTypes, dynamic({ __provider: "code", __job: dear })),
      expensive,
      "(__job)",
    );
    assert.equal(examine(allowedInstanceTypes, dynamic({})).notApplicable, "not part of this update");
  });

  it("are judged once where they are the definitions of a tuning job", () => {
    const tuning = {
      hyperParameterTuningJobConfig: { resourceLimits: { maxParallelTrainingJobs: 1 } },
      trainingJobDefinition: dear,
    };
    assertRefuses(examine(allowedInstanceTypes, dynamic(tuning)), expensive, "trainingJobDefinition");
  });

  it("may name the hyperparameters as the TrainingJob does", () => {
    const { hyperParameters: _, ...rest } = careful;
    const props = { ...rest, hyperparameters: { password: "hunter2hunter2" } };
    assertRefuses(examine(noPlaintextCredentials, dynamic(props)), "ameters.password");
  });
});

describe("a name that is written twice, in two spellings", () => {
  it("cannot hide the one that AWS takes", () => {
    const spec = { ...careful, resourceConfig: { instanceType: expensive, InstanceType: "ml.g5.xlarge" } };
    const type = "kubernetes:sagemaker.services.k8s.aws/v1alpha1:TrainingJob";
    assertRefuses(
      examine(allowedInstanceTypes, { type, name: "x", props: { spec } }),
      "resourceConfig.InstanceType",
      "written twice",
    );
  });
});

describe("a call of SageMaker", () => {
  const schedule = (action: string, input: unknown) => ({
    type: "aws:scheduler/schedule:Schedule",
    name: "x",
    props: {
      target: { arn: `arn:aws:scheduler:::aws-sdk:sagemaker:${action}`, input: JSON.stringify(input) },
    },
  });

  it("is one with a capital too", () => {
    assertRefuses(examine(allowedInstanceTypes, schedule("CreateTrainingJob", pascal(dear))), expensive);
  });

  it("that buys capacity is named", () => {
    assertRefuses(examine(noOtherWayToTrain, schedule("createTrainingPlan", {})), "createTrainingPlan");
  });

  const create = "aws sagemaker create-training-job --cli-input-json file://job.json";
  for (const [what, props, where] of [
    ["its environment", { create: 'eval "$RUN"', environment: { RUN: create } }, "environment.RUN"],
    ["its interpreter", { create: ":", interpreter: ["bash", "-c", create] }, "interpreter"],
    ["a line that goes on", { create: create.replace(" create", " \\\n  create") }, "create"],
    ["quotes", { create: `aws 'sagemaker' "create-training-job"` }, "create"],
    ["the purchase of capacity", { create: "aws sagemaker create-training-plan" }, "create"],
  ] as const) {
    it(`is found in a command: ${what}`, () => {
      const verdict = examine(noOtherWayToTrain, { type: "command:local:Command", name: "x", props });
      assertRefuses(verdict, `(${where})`, "calls create-training-");
    });
  }
});

describe("a serverless endpoint", () => {
  const endpoint = (variant: object) =>
    examine(runningMachinesLimit, {
      type: "aws:sagemaker/endpointConfiguration:EndpointConfiguration",
      name: "serve",
      props: { productionVariants: [variant] },
    });

  it("is none where it names machines", () => {
    const { violations } = endpoint({
      instanceType: expensive,
      initialInstanceCount: 8,
      serverlessConfig: {},
    });
    assert.match(violations.join("\n"), /leaves ml\.p4d\.24xlarge running.*\n.*leaves 8 instances running/);
  });

  it("costs while nobody asks, as far as its concurrency is provisioned", () => {
    const serverlessConfig = { memorySizeInMb: 2048, maxConcurrency: 200, provisionedConcurrency: 200 };
    assertRefuses(
      endpoint({ serverlessConfig }),
      "provisioned concurrency of 200 (productionVariants.0.serverlessConfig.provisionedConcurrency)",
      "the limit is 2",
    );
    assertPasses(endpoint({ serverlessConfig: { ...serverlessConfig, provisionedConcurrency: 2 } }));
  });
});

describe("the code of a dynamic provider in Python", () => {
  // A pickle in base64, in which names stand as they are, each after its length.
  const pickled = (name: string) =>
    Buffer.concat([
      Buffer.from([0x80, 0x05, 0x8c, name.length]),
      Buffer.from(name),
      Buffer.from([0x94, 0x2e]),
    ]).toString("base64");
  const provider = (name: string) => ({
    type: "pulumi-python:dynamic:Resource",
    name: "x",
    props: { __provider: pickled(name), epochs: 3 },
  });

  it("is read too", () => {
    assertRefuses(
      examine(noOtherWayToTrain, provider("create_training_job")),
      "calls create_training_job of SageMaker",
    );
    assertPasses(examine(noOtherWayToTrain, provider("describe_training_job")));
  });
});

describe("definitions of a tuning job", () => {
  it("are judged each, whatever is not known of another", () => {
    const tuning = kindOf(tuningType).job();
    const definition = tuning.props.trainingJobDefinition as object;
    const bad = { ...definition, resourceConfig: { instanceType: expensive, instanceCount: 1 } };
    const props = {
      ...tuning.props,
      trainingJobDefinition: undefined,
      trainingJobDefinitions: [unknown.object, bad],
    };
    const { violations, unseen } = examine(allowedInstanceTypes, { ...tuning, props });
    assert.equal(violations.length, 1);
    assert.match(violations[0] ?? "", /trainingJobDefinitions\.1.*p4d/);
    assert.match(unseen ?? "", /trainingJobDefinitions\.0/);
  });
});
