import assert from "node:assert/strict";
import { asWritten, EXPERIMENT_KEYS } from "../../../../components/trainingJob/check/asWritten";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { jobOf, runExperiment } from "../../support/experimentProgram";

const ROW = {
  logUrn: "urn:pulumi:s::p::training:index:Experiment$pulumi-nodejs:dynamic/sagemaker:TrainingJob::job",
};
const failure = (property: string, reason = "is wrong") => [{ property, reason }];

describe("asWritten", () => {
  it("has a key for all that an experiment hands to its job", async () => {
    const inputs = jobOf(
      await runExperiment({
        runId: "2",
        subnets: ["subnet-1"],
        securityGroupIds: ["sg-1"],
        livePrices: true,
      }),
    );
    // What the resource sets by itself, or the experiment of its own accord, is nobody's to change.
    const own = ["logUrn", "mark", "account", "project", "stack", "region", "awsConfig", "secretInputs"];
    const given = Object.keys(inputs).filter((name) => inputs[name] !== undefined && !own.includes(name));
    const known = Object.keys(EXPERIMENT_KEYS).map((path) => path.split(/[.[]/)[0]);
    assert.deepEqual(
      given.filter((name) => !known.includes(name)),
      [],
    );
  });

  for (const [property, key] of [
    ["resourceConfig.instanceType", "training:instanceType"],
    ["spot.maxWait", "training:maxWait"],
    ["hyperparameters.lr", "training:hyperparameters.lr"],
    ["inputDataConfig[1].dataSource.s3DataSource.s3Uri", "training:val"],
    ["algorithmSpecification.metricDefinitions[0].regex", "training:metrics.loss"],
    ["vpcConfig.subnets[0]", "training:subnets"],
    ["hyperparametersOfOthers", "hyperparametersOfOthers"],
  ]) {
    it(`calls ${property} ${key}`, () => {
      const algorithmSpecification = { metricDefinitions: [{ name: "loss", regex: "(" }] };
      const [told] = asWritten({ ...ROW, algorithmSpecification }, failure(property));
      assert.equal(told.property, key);
    });
  }

  it("says the same in the reason, and leaves plain words alone", () => {
    const reason =
      "spot: set enableManagedSpotTraining and stoppingCondition.maxWaitTimeInSeconds, or remove spot.";
    const [told] = asWritten(ROW, failure("spot", reason));
    assert.equal(told.reason, "spot: set training:spot and training:maxWait, or remove spot.");
  });

  it("leaves a job alone that no experiment makes", () => {
    const logUrn = "urn:pulumi:s::p::pulumi-nodejs:dynamic/sagemaker:TrainingJob::job";
    assert.deepEqual(asWritten({ logUrn }, failure("spot")), failure("spot"));
  });
});

describe("a machine with several GPUs", () => {
  const warned = (inputs: object) =>
    checkInputs({
      sourceUri: "s3://b/c/sourcedir.tar.gz",
      entryPoint: "train.py",
      ...inputs,
    }).warnings.filter(({ property }) => property === "distribution");

  for (const [type, gpus] of [
    ["ml.g5.12xlarge", 4],
    ["ml.g5.48xlarge", 8],
    ["ml.p4d.24xlarge", 8],
    ["ml.p5.48xlarge", 8],
  ]) {
    it(`is warned of where the script is started once: ${type} has ${gpus}`, () => {
      const resourceConfig = { instanceType: type };
      assert.match(warned({ resourceConfig })[0]?.reason ?? "", new RegExp(`${type} has ${gpus} GPUs`));
      assert.deepEqual(warned({ resourceConfig, distribution: "torchDistributed" }), []);
      assert.deepEqual(warned({ resourceConfig, sourceUri: undefined, entryPoint: undefined }), []);
    });
  }

  it("is not a machine with one, of which several are warned of too", () => {
    assert.deepEqual(warned({ resourceConfig: { instanceType: "ml.g5.16xlarge" } }), []);
    const two = warned({ resourceConfig: { instanceType: "ml.g5.xlarge", instanceCount: 2 } });
    assert.match(two[0]?.reason ?? "", /each of the 2 machines/);
  });
});
