import { instanceCountLimit } from "../../../policies/rules/instanceCountLimit";
import { managedSpotRequired } from "../../../policies/rules/managedSpotRequired";
import { maxRunLimit } from "../../../policies/rules/maxRunLimit";
import { maxWaitLimit } from "../../../policies/rules/maxWaitLimit";
import { warmPoolLimit } from "../../../policies/rules/warmPoolLimit";
import { dynamicType } from "../../../policies/training/adapter";
import { examine } from "../support/examine";
import { assertRefuses } from "../support/expect";
import { forEvery, jobKinds, kindOf } from "../support/jobs";

const own = "urn:pulumi:s::training::pulumi-nodejs:dynamic/sagemaker:TrainingJob::mednist";
const inExperiment =
  "urn:pulumi:s::training::training:index:Experiment$pulumi-nodejs:dynamic/sagemaker:TrainingJob::mednist";
const maxRun = "stoppingCondition.maxRuntimeInSeconds";
const maxWait = "stoppingCondition.maxWaitTimeInSeconds";
const keepAlive = "resourceConfig.keepAlivePeriodInSeconds";
const onDemand = { enableManagedSpotTraining: false };

describe("the fix that a violation names", () => {
  const { job } = kindOf(dynamicType);

  it("is a key of the stack configuration for a job of an Experiment", () => {
    const of = (changes: object) => job({ ...changes, logUrn: inExperiment });
    const where = "in the stack configuration";
    assertRefuses(
      examine(maxRunLimit, of({ [maxRun]: 90_000 })),
      `Set training:maxRun ${where} to 86400 or less`,
    );
    assertRefuses(examine(maxWaitLimit, of({ [maxWait]: 200_000 })), `Set training:maxWait ${where}`);
    assertRefuses(
      examine(warmPoolLimit, of({ ...onDemand, [keepAlive]: 3600 })),
      `Set training:keepAlive ${where}`,
    );
    assertRefuses(examine(managedSpotRequired, of(onDemand)), `Set training:spot to true ${where}`);
    assertRefuses(
      examine(managedSpotRequired, of({ spot: { fallback: "on-demand" } })),
      `Set training:fallback ${where} to "none"`,
    );
    assertRefuses(
      examine(instanceCountLimit, of({ "resourceConfig.instanceCount": 5 })),
      `(training:instanceCount ${where})`,
    );
  });

  it("is the shorthand of a TrainingJob, and the field of the API that it stands for", () => {
    const of = (changes: object) => job({ ...changes, logUrn: own });
    assertRefuses(
      examine(maxRunLimit, of({ [maxRun]: 90_000 })),
      `Set maxRun (or ${maxRun}, where that is set) to 86400 or less`,
    );
    assertRefuses(examine(maxWaitLimit, of({ [maxWait]: 200_000 })), `Set spot.maxWait (or ${maxWait}`);
    assertRefuses(
      examine(warmPoolLimit, of({ ...onDemand, [keepAlive]: 3600 })),
      `Set warmPool.keepAlive (or ${keepAlive}`,
    );
    assertRefuses(examine(managedSpotRequired, of(onDemand)), "Set spot, with a maxWait of at least maxRun");
  });

  forEvery(jobKinds, (kind) => {
    it("is the field of the API where the program has no other name for it", () => {
      assertRefuses(examine(maxRunLimit, kind.job({ [maxRun]: 90_000 })), `Set ${maxRun} to 86400 or less`);
    });
  });
});
