import { strict as assert } from "node:assert";
import { type Finished, TestStack } from "./support/stack";

/** It reaches what it is told to, and raises above 1. */
const SCRIPT = `
import argparse, os
parser = argparse.ArgumentParser()
parser.add_argument("--reach", type=float)
reach = parser.parse_args().reach
assert reach <= 1
print("val_accuracy=%g" % reach, flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;
/** A stack that serves a model, as far as others see it. */
const SERVING = {
  "serving/Pulumi.yaml": "{name: training-deploy, runtime: nodejs}",
  "serving/package.json": "{}",
  "serving/index.js": 'exports.modelInService = require("./model.json");',
};
const SERVED = "organization/training-deploy/test";

describe("a gate for models", function () {
  this.timeout(1_200_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  const up = async (config: Record<string, unknown>, ...args: string[]): Promise<Finished> => {
    const before = (stack.settings() as { config: object }).config;
    stack.write("Pulumi.test.yaml", JSON.stringify({ config: { ...before, ...config } }));
    return stack.up(...args);
  };
  const green = async (config: Record<string, unknown>) => {
    const done = await up(config);
    assert.equal(done.code, 0, done.output);
    return done.output;
  };
  const red = async (config: Record<string, unknown>, ...args: string[]) => {
    const done = await up(config, ...args);
    assert.notEqual(done.code, 0, done.output);
    return done.output;
  };
  const reach = (value: number) => ({ "training:hyperparameters": { reach: value } });
  const gate = (value: object) => ({ "training:gate": value });
  const trained = async () => (await stack.jobs()).length;
  const serve = async (model: unknown) => {
    stack.write("serving/model.json", JSON.stringify(model));
    await stack.ok(["up", "--yes", "--skip-preview", "-C", "serving"]);
  };

  it("hands on only what passes, tells both figures, and judges again without training", async () => {
    stack = await TestStack.create("judged", {
      script: SCRIPT,
      config: { "training:deletePolicy": "retain", ...reach(0.8), ...gate({ min: 0.9 }) },
    });
    const first = await red({}, "--policy-pack", "policies");
    assert.match(
      first,
      /judged-[0-9a-f]{8} is not handed on: its val_accuracy is 0\.8, and training:gate asks for at least 0\.9\./,
    );
    assert.match(first, /None has passed yet/);
    assert.doesNotMatch(first, /Export the S3 URI|mandatory/);
    const none = await stack.outputs();
    assert.deepEqual(
      [none.modelArtifact, none.image, none.model, none.metrics],
      [undefined, undefined, undefined, { val_accuracy: 0.8 }],
    );

    // Another threshold judges the same model again.
    await green(gate({ min: "0.7" }));
    assert.equal(await trained(), 1);
    const { modelArtifact, image, model, trainingJobName } = await stack.outputs();
    assert.deepEqual(model, {
      artifact: modelArtifact,
      image,
      trainingJobName,
      metrics: { val_accuracy: 0.8 },
    });
    const kept = { modelArtifact, image, model };
    const handedOn = async () => {
      const outputs = await stack.outputs();
      return { modelArtifact: outputs.modelArtifact, image: outputs.image, model: outputs.model };
    };

    const below = await red(reach(0.6));
    assert.match(below, /its val_accuracy is 0\.6, and training:gate asks for at least 0\.7/);
    assert.match(below, new RegExp(`What is handed on is still ${trainingJobName}`));
    assert.deepEqual(await handedOn(), kept);
    const told = await stack.outputs();
    assert.notEqual(told.trainingJobName, trainingJobName);
    assert.deepEqual(told.gate, {
      passed: false,
      metric: "val_accuracy",
      value: 0.6,
      threshold: 0.7,
      trainingJobName: told.trainingJobName,
      reason: (told.gate as { reason: string }).reason,
      accepted: trainingJobName,
    });
    const preview = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(preview.code, 0, preview.output);
    assert.match(preview.output, /is not handed on: its val_accuracy is 0\.6/);
    assert.match(await red(reach(2)), /ended Failed without a model artifact/);
    assert.deepEqual(await handedOn(), kept, "a training that fails takes nothing away");

    // Of several the best is judged.
    await green({ "training:grid": { reach: [0.2, 0.85] } });
    const { best, ...several } = await stack.outputs();
    assert.equal((best as { value: number }).value, 0.85);
    assert.match(String(several.modelArtifact), new RegExp(`/${several.trainingJobName}/`));
  });

  it("asks for more than what is in service has", async () => {
    stack = await TestStack.create("better", {
      script: SCRIPT,
      files: SERVING,
      config: { "training:deletePolicy": "retain", ...reach(0.8), ...gate({ betterThan: SERVED }) },
    });
    assert.match(
      await green({}),
      /nothing is in service, as there is no stack organization\/training-deploy\/test: any model passes/,
    );
    await stack.ok(["stack", "init", "test", "-C", "serving"]);
    await serve({ trainingJobName: "other", metrics: { val_accuracy: 0.9 } });
    const worse = await red(reach(0.85));
    assert.match(
      worse,
      /its val_accuracy is 0\.85, and training:gate asks for more than the 0\.9 of other, which is in service/,
    );
    await green(reach(0.95));
    assert.equal(await trained(), 3);

    // Once it serves, it need not be better than itself.
    const { model, modelArtifact } = await stack.outputs();
    await serve(model);
    await green({});
    assert.equal((await stack.outputs()).modelArtifact, modelArtifact);

    // Without the gate the last one is handed on, whatever it is.
    await green({ ...reach(0.1), ...gate({}) });
    const plain = await stack.outputs();
    assert.match(String(plain.modelArtifact), new RegExp(`/${plain.trainingJobName}/`));
    assert.ok(!("gate" in plain));
    assert.equal(await trained(), 4);
    const { deployment } = await stack.state();
    assert.deepEqual(
      deployment.resources.filter(({ type }) => type.includes("Gate")),
      [],
    );

    const misspelt = ["-c", "training:gate.betterThan=organization/training-deploy/tset", "--config-path"];
    const refused = await stack.run(["preview", ...misspelt]);
    assert.notEqual(refused.code, 0);
    assert.match(
      refused.output,
      /there is no stack organization\/training-deploy\/tset; did you mean .*\/test\?/,
    );
    const wrong = await stack.run(["preview", "-c", "training:gate.betterThan=a/b/c", "--config-path"]);
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.output, /training:gate\.betterThan: the stack a\/b\/c cannot be read: .*organization/);
  });
});
