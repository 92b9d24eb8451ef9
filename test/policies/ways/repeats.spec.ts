import { instanceCountLimit } from "../../../policies/rules/instanceCountLimit";
import { stackCostLimit } from "../../../policies/rules/stackCostLimit";
import { stackInstanceLimit } from "../../../policies/rules/stackInstanceLimit";
import { worstCaseCostLimit } from "../../../policies/rules/worstCaseCostLimit";
import type { Resource } from "../../../policies/training/adapter";
import { examine, examineStack } from "../support/examine";
import { assertPasses, assertRefuses } from "../support/expect";
import { pascal, request } from "../support/ways";

/** One hour of one ml.g5.xlarge: 1.41 USD. */
const Parameters = pascal(request()) as object;
const train = { Type: "Task", Resource: "arn:aws:states:::sagemaker:createTrainingJob.sync", Parameters };
const end = { End: true };
const machineOf = (States: object) => ({
  type: "aws:sfn/stateMachine:StateMachine",
  name: "x",
  props: { region: "us-east-1", definition: JSON.stringify({ StartAt: "Train", States }) },
});
const map = (more: object) => ({
  Type: "Map",
  ItemProcessor: { StartAt: "Train", States: { Train: { ...train, ...end } } },
  ...end,
  ...more,
});
const cost = (resource: Resource, maxCostUsd: number) =>
  examine(worstCaseCostLimit, resource, { maxCostUsd });

describe("what a state machine starts more than once", () => {
  it("costs each time that a state may be tried again, three times where it does not say", () => {
    const tried = (Retry: object[]) => machineOf({ Train: { ...train, ...end, Retry } });
    assertPasses(cost(machineOf({ Train: { ...train, ...end } }), 2));
    assertPasses(cost(tried([{ ErrorEquals: ["A"], MaxAttempts: 0 }]), 2));
    assertRefuses(cost(tried([{ ErrorEquals: ["A"], MaxAttempts: 999 }]), 2), "1408.00 USD", "in 1000 jobs");
    assertRefuses(
      cost(tried([{ ErrorEquals: ["A"] }, { ErrorEquals: ["B"], MaxAttempts: 2 }]), 2),
      "in 6 jobs",
    );
  });

  it("costs for each item of a map, and runs beside the others", () => {
    const listed = machineOf({ Train: map({ Items: [1, 2, 3, 4, 5], MaxConcurrency: 2 }) });
    assertPasses(examine(instanceCountLimit, listed, { maxInstanceCount: 2 }));
    assertRefuses(examine(instanceCountLimit, listed, { maxInstanceCount: 1 }), "2 jobs at a time");
    assertRefuses(cost(listed, 7), "in 5 jobs");
    const free = machineOf({ Train: map({ Items: [1, 2, 3] }) });
    assertRefuses(examine(instanceCountLimit, free, { maxInstanceCount: 2 }), "3 jobs at a time");
  });

  it("is not bounded by a map whose items come with an execution", () => {
    const given = machineOf({ Train: map({ ItemsPath: "$.items" }) });
    assertRefuses(
      cost(given, 1e6),
      "bounds neither the number of its jobs nor their time",
      "List the items of the map",
    );
    assertRefuses(
      examine(instanceCountLimit, given),
      "any number of jobs at a time",
      "Set MaxConcurrency of the map",
    );
    assertRefuses(examineStack(stackCostLimit, [given]), "bounds neither", "List the items of the map");
    assertRefuses(examineStack(stackInstanceLimit, [given]), "any number instances");
    const few = machineOf({ Train: map({ ItemsPath: "$.items", MaxConcurrency: 2 }) });
    assertPasses(examine(instanceCountLimit, few));
  });

  it("is not bounded where its state is one of a loop", () => {
    const choice = {
      Type: "Choice",
      Choices: [{ Variable: "$.a", IsPresent: true, Next: "Train" }],
      Default: "Done",
    };
    const looped = machineOf({
      Train: { ...train, Next: "Again" },
      Again: choice,
      Done: { Type: "Succeed" },
    });
    assertRefuses(cost(looped, 1e6), "bounds neither", "let no state lead back");
    const caught = machineOf({ Train: { ...train, ...end, Catch: [{ ErrorEquals: ["A"], Next: "Train" }] } });
    assertRefuses(cost(caught, 1e6), "bounds neither");
    const polled = machineOf({
      Train: { ...train, Next: "Wait" },
      Wait: { Type: "Wait", Seconds: 60, Next: "Look" },
      Look: { ...choice, Choices: [{ Variable: "$.a", IsPresent: true, Next: "Wait" }] },
      Done: { Type: "Succeed" },
    });
    assertPasses(cost(polled, 2));
  });

  it("counts together: a map that is tried again", () => {
    const both = machineOf({
      Train: map({ Items: [1, 2], Retry: [{ ErrorEquals: ["A"], MaxAttempts: 1 }] }),
    });
    assertRefuses(cost(both, 2), "in 4 jobs");
  });

  it("may be a tuning job", () => {
    const Definition = { ...Parameters, StaticHyperParameters: {} };
    const limits = { MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 };
    const tune = {
      Type: "Task",
      Resource: "arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync",
      Parameters: {
        HyperParameterTuningJobConfig: { ResourceLimits: limits },
        TrainingJobDefinition: Definition,
      },
      ...end,
      Retry: [{ ErrorEquals: ["A"], MaxAttempts: 1 }],
    };
    assertRefuses(cost(machineOf({ Train: tune }), 2), "in 6 jobs");
  });
});

describe("a step of a pipeline", () => {
  it("costs each time that it may be tried again", () => {
    const step = { Name: "Train", Type: "Training", Arguments: Parameters };
    const pipeline = (RetryPolicies?: object[]) => ({
      type: "aws:sagemaker/pipeline:Pipeline",
      name: "x",
      props: {
        region: "us-east-1",
        pipelineDefinition: JSON.stringify({ Steps: [{ ...step, RetryPolicies }] }),
      },
    });
    assertPasses(cost(pipeline(), 2));
    assertRefuses(
      cost(pipeline([{ ExceptionType: ["Step.SERVICE_FAULT"], MaxAttempts: 9 }]), 2),
      "in 10 jobs",
    );
    assertRefuses(cost(pipeline([{ ExceptionType: ["Step.SERVICE_FAULT"] }]), 2), "in 6 jobs");
  });
});
