import { strict as assert } from "node:assert";
import { stackCostLimit } from "../../../policies/rules/stackCostLimit";
import { stackInstanceLimit } from "../../../policies/rules/stackInstanceLimit";
import { examineStack, type StackResource } from "../support/examine";
import { assertPasses, assertRefuses } from "../support/expect";
import { type Changes, change } from "../support/jobs";
import { pascal, request, stackOf, ways } from "../support/ways";

const prices = { pricesUsdPerHour: { "ml.g5.xlarge": 1, "ml.g5.12xlarge": 36 }, maxStackCostUsd: 100 };
/** An hour at 36 USD. */
const dear: Changes = {
  "resourceConfig.instanceType": "ml.g5.12xlarge",
  "stoppingCondition.maxRuntimeInSeconds": 3600,
};

/** A training job in a template. */
const train = (changes: Changes = {}, more: Changes = {}) => ({
  Type: "AWS::SageMaker::TrainingJob",
  Properties: change(pascal(request(changes)) as object, more),
});

/** A tuning job in a template, with these limits. */
function tune(ResourceLimits: object) {
  const { hyperParameters, ...rest } = request(dear);
  const definition = pascal({ ...rest, staticHyperParameters: hyperParameters });
  const Properties = {
    HyperParameterTuningJobConfig: { ResourceLimits },
    TrainingJobDefinitions: [definition, definition],
  };
  const call = "arn:aws:states:::sagemaker:createHyperParameterTuningJob.sync";
  const States = { Tune: { Resource: call, Parameters: Properties } };
  const props = { definition: JSON.stringify({ States }) };
  return { type: "aws:sfn/stateMachine:StateMachine", name: "machine", props };
}

const cost = (...resources: StackResource[]) => examineStack(stackCostLimit, resources, {}, prices);

describe("the training of a stack", () => {
  for (const { name, job } of ways) {
    it(`counts where it is asked for in another way: ${name}`, () => {
      const jobs = [1, 2, 3].map((index) => ({ ...job(dear), name: `job${index}` }));
      assertPasses(cost(...jobs.slice(1)));
      assertRefuses(cost(...jobs), "may cost up to 108.00 USD", "job3 36.00 USD");
      const nine = jobs.map((each) => ({
        ...each,
        ...job({ "resourceConfig.instanceCount": 9 }),
        name: each.name,
      }));
      assertRefuses(examineStack(stackInstanceLimit, nine), "runs on 27 instances at a time");
    });
  }

  it("counts every job of a template", () => {
    assertPasses(cost(stackOf({ A: train(dear), B: train(dear) })));
    assertRefuses(
      cost(stackOf({ A: train(dear), B: train(dear), C: train(dear) })),
      "108.00 USD (mednist 108.00 USD)",
    );
  });

  it("leaves out what only another service can tell, and counts the rest", () => {
    const reference = train(dear, { "ResourceConfig.InstanceCount": { "Fn::GetAtt": ["X", "Y"] } });
    const unseen = {
      Type: "AWS::SageMaker::HyperParameterTuningJob",
      Properties: { TrainingJobDefinitions: { Ref: "X" } },
    };
    const jobs = { A: train(dear), B: train(dear) };
    assertPasses(cost(stackOf({ ...jobs, reference, unseen })));
    assertRefuses(cost(stackOf({ reference, unseen, ...jobs, C: train(dear) })), "108.00 USD");
  });

  it("counts a tuning job by the dearest of its definitions, and refuses one that nothing bounds, as it is written", () => {
    assertPasses(cost(tune({ MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 1 })));
    assertRefuses(cost(tune({ MaxNumberOfTrainingJobs: 3, MaxParallelTrainingJobs: 1 })), "108.00 USD");
    const { violations } = cost(tune({ MaxParallelTrainingJobs: 1 }));
    assert.match(
      violations.join("\n"),
      /Set HyperParameterTuningJobConfig\.ResourceLimits\.MaxNumberOfTrainingJobs/,
    );
    const { violations: counted } = examineStack(stackInstanceLimit, [tune({ MaxNumberOfTrainingJobs: 3 })]);
    assert.match(counted.join("\n"), /any number instances at a time/);
  });
});
