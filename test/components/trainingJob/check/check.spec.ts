import assert from "node:assert/strict";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import { baseInputs, IMAGE, inputsWith, SCRIPT, s3Channel, UNKNOWN } from "./cases/builders";
import { invalidCompute } from "./cases/invalidCompute";
import { invalidData } from "./cases/invalidData";
import { invalidOther } from "./cases/invalidOther";
import { invalidPlaces } from "./cases/invalidPlaces";
import { invalidScript } from "./cases/invalidScript";
import { invalidTimes } from "./cases/invalidTimes";
import { validCompute } from "./cases/validCompute";
import { validData } from "./cases/validData";
import { validOther } from "./cases/validOther";
import { validPlaces } from "./cases/validPlaces";
import { validScript } from "./cases/validScript";
import { validUnknown } from "./cases/validUnknown";
import { warned } from "./cases/warned";

const invalidInputs = [
  ...invalidCompute,
  ...invalidTimes,
  ...invalidData,
  ...invalidScript,
  ...invalidPlaces,
  ...invalidOther,
];
const validInputs = [
  ...validCompute,
  ...validData,
  ...validScript,
  ...validPlaces,
  ...validOther,
  ...validUnknown,
];

const refused = (inputs: Record<string, unknown>) =>
  checkInputs(inputs).failures.map(({ property }) => property);

describe("checkInputs", () => {
  describe("refuses", () => {
    for (const [title, change, ...properties] of invalidInputs) {
      it(title, () => assert.deepEqual(refused(inputsWith(change)).sort(), [...properties].sort()));
    }
  });

  describe("accepts", () => {
    for (const [title, change] of validInputs) {
      it(title, () => {
        const { failures, warnings } = checkInputs(inputsWith(change));
        assert.deepEqual({ failures, warnings }, { failures: [], warnings: [] });
      });
    }
  });

  describe("warns of", () => {
    for (const [title, change, ...properties] of warned) {
      it(title, () => {
        const { failures, warnings } = checkInputs(inputsWith(change));
        assert.deepEqual(failures, []);
        assert.deepEqual(warnings.map(({ property }) => property).sort(), [...properties].sort());
      });
    }
  });

  describe("gives reasons", () => {
    const reason = (change: Record<string, unknown>) => checkInputs(inputsWith(change)).failures[0]?.reason;

    it("with value, limit and fix", () => {
      assert.equal(reason({ maxRun: "29d" }), "2505600 is too large: at most 2419200");
      assert.match(
        reason({ spot: { maxWait: 60 }, maxRun: 90 }),
        /^60 s is less than the 90 s .*; raise it or lower maxRun$/,
      );
      assert.match(reason({ tags: { "aws:x": "" } }), /reserved; choose another$/);
    });

    it("with the name that was probably meant", () => {
      const { warnings } = checkInputs(inputsWith({ resourceConfig: { instanceType: "ml.g5.13xlarge" } }));
      assert.match(warnings[0].reason, /values known here; did you mean ml\.g5\.1[26]xlarge\?$/);
      assert.match(reason({ hyperParameters: {} }), /did you mean hyperparameters\?$/);
      assert.match(reason({ maxrun: 1 }), /did you mean maxRun\?$/);
      assert.match(reason({ trainingJobName: "x" }), /set baseJobName/);
    });

    it("without values that may be secret", () => {
      const secret = "hunter2-".repeat(400);
      const { failures } = checkInputs({
        ...baseInputs(),
        environment: { TOKEN: secret, PORT: { secret } },
        hyperparameters: { token: secret, sagemaker_program: secret },
        debugRuleConfigurations: [
          { ruleConfigurationName: "r", ruleEvaluatorImage: IMAGE, ruleParameters: { token: secret } },
        ],
        ...SCRIPT,
      });
      assert.equal(failures.length, 5);
      assert.doesNotMatch(JSON.stringify(failures), /hunter2/);
    });

    it("that stay short", () => {
      const { failures } = checkInputs(inputsWith({ roleArn: "x".repeat(5000), adopt: "y z".repeat(999) }));
      assert.ok(failures.every((failure) => failure.reason.length < 300));
    });
  });

  describe("brings into canonical form", () => {
    const canonical = (change: Record<string, unknown>) => checkInputs(inputsWith(change)).inputs;

    it("the shorthands", () => {
      const inputs = canonical({
        maxRun: "2h",
        maxPending: "1h",
        spot: { maxWait: "4h", fallback: "on-demand" },
        metricDefinitions: [{ name: "loss", regex: "loss=(.*)" }],
      });
      assert.deepEqual(inputs.stoppingCondition, {
        maxRuntimeInSeconds: 7200,
        maxPendingTimeInSeconds: 3600,
        maxWaitTimeInSeconds: 14_400,
      });
      assert.equal(inputs.enableManagedSpotTraining, true);
      assert.deepEqual(inputs.spot, { fallback: "on-demand", capacityRetries: 3 });
      assert.deepEqual(inputs.algorithmSpecification?.metricDefinitions, [
        { name: "loss", regex: "loss=(.*)" },
      ]);
      assert.equal(
        canonical({ warmPool: { keepAlive: "10m" } }).resourceConfig?.keepAlivePeriodInSeconds,
        600,
      );
      for (const shorthand of ["maxRun", "maxPending", "warmPool", "metricDefinitions"]) {
        assert.equal(shorthand in inputs, false, shorthand);
      }
    });

    it("the defaults", () => {
      assert.deepEqual(canonical({}), {
        ...baseInputs(),
        algorithmSpecification: {
          ...(baseInputs().algorithmSpecification as object),
          trainingInputMode: "File",
        },
        resourceConfig: { instanceType: "ml.c5.xlarge", instanceCount: 1, volumeSizeInGB: 30 },
        stoppingCondition: { maxRuntimeInSeconds: 86_400 },
        onCancel: "detach",
        deletePolicy: "retain",
      });
    });

    it("checkpoints for spot, a place of its own for every experiment", () => {
      const checkpointConfig = {
        s3Uri: "s3://artifacts/retina/{job}/checkpoints",
        localPath: "/opt/ml/checkpoints",
      };
      assert.deepEqual(canonical({ spot: { maxWait: "1d" } }).checkpointConfig, checkpointConfig);
      assert.equal(canonical({}).checkpointConfig, undefined);
      const mine = { s3Uri: "s3://mine/c", localPath: "/c" };
      assert.deepEqual(canonical({ spot: { maxWait: "1d" }, checkpointConfig: mine }).checkpointConfig, mine);
    });

    for (const [name, baseJobName] of [
      ["retina", "retina"],
      ["a--b", "a--b"],
      ["my_model", "my-model"],
      ["_Run.7/α_", "Run-7"],
      ["x".repeat(70), "x".repeat(63)],
      ["___", undefined],
    ]) {
      it(`the resource's name ${name} as a job's`, () => {
        const logUrn = `urn:pulumi:dev::training::pulumi-nodejs:dynamic/sagemaker:TrainingJob::${name}`;
        const { inputs, failures } = checkInputs(inputsWith({ baseJobName: name, logUrn }));
        assert.deepEqual(failures, []);
        assert.equal(inputs.baseJobName, baseJobName);
      });
    }

    it("without what is empty and so not set, but for words of the user", () => {
      const words = { kmsKeyId: "", environment: "" };
      const inputs = canonical({
        environment: words,
        tags: words,
        outputDataConfig: { s3OutputPath: "s3://artifacts/retina", kmsKeyId: "" },
      });
      assert.deepEqual(inputs.environment, words);
      assert.deepEqual(inputs.tags, words);
      assert.deepEqual(inputs.outputDataConfig, { s3OutputPath: "s3://artifacts/retina" });
    });

    it("what is not known yet, kept", () => {
      const inputs = canonical({
        maxRun: UNKNOWN,
        spot: UNKNOWN,
        outputDataConfig: { s3OutputPath: UNKNOWN },
      });
      assert.deepEqual(inputs.stoppingCondition as unknown, {
        maxRuntimeInSeconds: UNKNOWN,
        maxWaitTimeInSeconds: UNKNOWN,
      });
      assert.equal(inputs.enableManagedSpotTraining, UNKNOWN);
      assert.equal(
        canonical({ spot: { maxWait: UNKNOWN }, outputDataConfig: { s3OutputPath: UNKNOWN } })
          .checkpointConfig?.s3Uri,
        UNKNOWN,
      );
    });

    it("without changing what it was given", () => {
      const news = inputsWith({ maxRun: "1h", inputDataConfig: [s3Channel()], hyperparameters: { a: null } });
      const before = structuredClone(news);
      checkInputs(news);
      assert.deepEqual(news, before);
    });

    for (const [title, change] of validInputs) {
      it(`once and for all: ${title}`, () => {
        const inputs = canonical(change);
        const again = checkInputs(inputs as unknown as Record<string, unknown>);
        assert.deepEqual(again, { inputs, failures: [], warnings: [] });
      });
    }
  });
});
