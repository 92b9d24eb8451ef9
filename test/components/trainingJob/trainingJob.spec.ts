import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TrainingJobArgs } from "../../../components/trainingJob/args/args";
import { storedProvider } from "../../../components/trainingJob/storedProvider";
import { TrainingJob } from "../../../components/trainingJob/trainingJob";
import { programInputs } from "../support/inputs";
import { inputsOf, runProgram } from "../support/program";

const TYPE = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";

const ARGS: TrainingJobArgs = {
  roleArn: "arn:aws:iam::111122223333:role/training",
  algorithmSpecification: { trainingImage: "image" },
  outputDataConfig: { s3OutputPath: "s3://bucket/artifacts" },
  resourceConfig: { instanceType: "ml.g5.xlarge" },
};

type Handlers = Record<string, (...args: unknown[]) => Promise<unknown>>;

async function registered(
  args: TrainingJobArgs = ARGS,
  { config = {} }: { config?: Record<string, string> } = {},
) {
  const program = await runProgram(() => new TrainingJob("dense", args), { config });
  const { __provider, ...inputs } = inputsOf(program, TYPE, "dense");
  return { inputs, provider: String(__provider) };
}

describe("TrainingJob", () => {
  it("has the type token that policy packs look for", async () => {
    assert.equal(TrainingJob.__pulumiType, TYPE);
    await registered();
  });

  it("hands over the arguments as they are, and whose they are", async () => {
    const { inputs } = await registered({ ...ARGS, hyperparameters: { epochs: 4 } });
    assert.deepEqual(inputs, {
      ...ARGS,
      hyperparameters: { epochs: 4 },
      baseJobName: "dense",
      project: "training",
      stack: "dev",
      logUrn: `urn:pulumi:dev::training::${TYPE}::dense`,
    });
  });

  it("is in the stack's region, unless it is told otherwise", async () => {
    const config = { "aws:region": "eu-west-1" };
    assert.equal((await registered(ARGS, { config })).inputs.region, "eu-west-1");
    assert.equal((await registered({ ...ARGS, region: "us-west-2" }, { config })).inputs.region, "us-west-2");
  });

  it("is where its own aws.Provider says, or its parent's, in place of the stack", async () => {
    const config = { "aws:region": "us-east-2", "aws:profile": "of-the-stack" };
    const make = (inherited: boolean) => () => {
      const provider = new aws.Provider("eu", { region: "eu-west-1", profile: "of-eu" });
      const parent = inherited
        ? new pulumi.ComponentResource("a:b:C", "parent", {}, { provider })
        : undefined;
      return new TrainingJob("dense", ARGS, parent ? { parent } : { provider });
    };
    for (const inherited of [false, true]) {
      const { region, awsConfig } = inputsOf(await runProgram(make(inherited), { config }), TYPE, "dense");
      assert.equal(region, "eu-west-1");
      assert.deepEqual(awsConfig, { region: "eu-west-1", profile: "of-eu" });
    }
  });

  it("may be called differently from its resource", async () => {
    assert.equal((await registered({ ...ARGS, baseJobName: "retina" })).inputs.baseJobName, "retina");
  });

  it("names its own row of the display under its parent", async () => {
    const program = await runProgram(() => {
      const parent = new pulumi.ComponentResource("training:index:Experiment", "parent");
      return new TrainingJob("dense", ARGS, { parent });
    });
    assert.equal(
      inputsOf(program, TYPE, "dense").logUrn,
      `urn:pulumi:dev::training::training:index:Experiment$${TYPE}::dense`,
    );
    assert.equal(program.resources.find(({ name }) => name === "dense")?.parent, "parent");
  });

  it("has changes of its shorthands ignored where the state keeps them", async () => {
    const args = { ...ARGS, maxRun: "1h", spot: { maxWait: "2h" } };
    const asked = async (ignoreChanges: string[] | undefined, given: TrainingJobArgs = args) => {
      const program = await runProgram(() => new TrainingJob("dense", given, { ignoreChanges }));
      const { stoppingCondition } = inputsOf(program, TYPE, "dense");
      const ignored = program.resources.find(({ name }) => name === "dense")?.ignoreChanges;
      return { ignored, stoppingCondition };
    };
    assert.deepEqual(await asked(undefined), { ignored: [], stoppingCondition: undefined });
    const others = ["hyperparameters", "warmPool", "metricDefinitions", "constructor"];
    assert.deepEqual(await asked(others), {
      ignored: [
        "hyperparameters",
        "warmPool",
        "resourceConfig.keepAlivePeriodInSeconds",
        "metricDefinitions",
        "algorithmSpecification.metricDefinitions",
        "constructor",
      ],
      stoppingCondition: undefined,
    });
    const limits = ["maxRun", "spot"];
    const ignored = [
      "maxRun",
      "stoppingCondition.maxRuntimeInSeconds",
      "spot",
      "enableManagedSpotTraining",
      "stoppingCondition.maxWaitTimeInSeconds",
    ];
    // The engine puts nothing into what is not there.
    assert.deepEqual(await asked(limits), { ignored, stoppingCondition: {} });
    const stoppingCondition = { maxRuntimeInSeconds: 60 };
    assert.deepEqual(await asked(limits, { ...ARGS, stoppingCondition }), { ignored, stoppingCondition });
  });

  it("refuses the option import, which Pulumi has for no dynamic resource, and says what there is", async () => {
    const make = () => new TrainingJob("dense", ARGS, { import: "dense-0123" });
    await assert.rejects(
      runProgram(make),
      (error: Error) =>
        pulumi.RunError.isInstance(error) && /dense: .* import.*`adopt: "dense-0123"`/.test(error.message),
    );
  });

  it("says that customTimeouts have no effect", async () => {
    const said: string[] = [];
    const { warn } = pulumi.log;
    const log = pulumi.log as { warn: typeof warn };
    log.warn = async (message) => void said.push(message);
    try {
      await runProgram(() => new TrainingJob("dense", ARGS, { customTimeouts: { create: "5m" } }));
      await runProgram(() => new TrainingJob("other", ARGS, {}));
    } finally {
      log.warn = warn;
    }
    assert.equal(said.length, 1);
    assert.match(said[0], /customTimeouts .* no effect.*maxRun/);
  });

  it("keeps secret values secret on their way", async () => {
    const args = { ...ARGS, hyperparameters: { token: pulumi.secret("hunter2") } };
    const { inputs } = await registered(args);
    assert.deepEqual(inputs.hyperparameters, {
      [pulumi.runtime.specialSigKey]: pulumi.runtime.specialSecretSig,
      value: { token: "hunter2" },
    });
  });

  it("declares every output", async () => {
    const { result } = await runProgram(() => new TrainingJob("dense", ARGS));
    for (const name of [
      "modelArtifact",
      "trainingJobName",
      "trainingJobArn",
      "status",
      "secondaryStatus",
      "image",
      "attempts",
      "timeline",
      "metrics",
      "trainingSeconds",
      "billableSeconds",
      "cost",
      "logGroup",
      "logUrl",
      "consoleUrl",
      "failureReason",
    ] as const) {
      assert.ok(pulumi.Output.isInstance(result[name]), name);
    }
  });

  describe("puts a provider into the state", () => {
    const { __jobs } = globalThis as { __jobs?: unknown };
    afterEach(() => {
      (globalThis as { __jobs?: unknown }).__jobs = __jobs;
    });

    /** What the provider process makes of the text in the state. */
    const revived = (text: string): Handlers => {
      const exported: { handler?: () => Handlers } = {};
      new Function("exports", "require", text)(exported, require);
      return exported.handler?.() ?? {};
    };

    it("that is small, and the same however the program was compiled", async () => {
      const { provider } = await registered();
      assert.equal(provider, storedProvider);
      assert.ok(provider.length < 1000, `${provider.length} bytes`);
    });

    it("that forwards every call to the implementation", async () => {
      const { provider } = await registered();
      const called: unknown[][] = [];
      const methods = ["configure", "check", "diff", "create", "update", "read", "delete"];
      (globalThis as { __jobs?: unknown }).__jobs = Object.fromEntries(
        methods.map((name) => [name, async (...args: unknown[]) => called.push([name, ...args])]),
      );
      const handlers = revived(provider);
      for (const name of methods) await handlers[name]("id", { old: 1 }, { new: 2 });
      assert.deepEqual(
        called,
        methods.map((name) => [name, "id", { old: 1 }, { new: 2 }]),
      );
    });

    it("that finds the implementation in the project", async () => {
      const { argv } = process;
      process.argv = argv.slice(0, 2); // no engine to talk to
      try {
        const { provider } = await registered();
        delete (globalThis as { __jobs?: unknown }).__jobs;
        const answer = await revived(provider).check(
          {},
          programInputs({ maxRun: "29d", region: "us-east-1" }),
        );
        const { failures } = answer as { failures: { property: string }[] };
        assert.deepEqual(
          failures.map(({ property }) => property),
          ["training:maxRun"],
        );
      } finally {
        process.argv = argv;
      }
    });
  });
});
