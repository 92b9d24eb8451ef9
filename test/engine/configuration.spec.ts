import { strict as assert } from "node:assert";
import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { TestStack } from "./support/stack";

describe("a stack's configuration on the real engine", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  it("brings every digit of a number to the script, for the longest name of an experiment", async () => {
    const name = `digits-${"x".repeat(41)}`;
    stack = await TestStack.create(name, {
      script:
        'import os, sys\nprint("arguments: " + " ".join(sys.argv[1:]))\nopen(os.path.join(os.environ["SM_MODEL_DIR"], "m"), "w").close()\n',
      config: { "training:kmsKeyArn": "arn:aws:kms:us-east-1:000000000000:key/1" },
    });
    // As a user writes it: JSON.stringify would round the numbers here already.
    await stack.ok(["config", "set", "--path", "training:hyperparameters.seed", "9007199254740993"]);
    await stack.ok(["config", "set", "--path", "training:hyperparameters.big", "1234567890123456789"]);
    await stack.ok(["config", "set", "--path", "training:hyperparameters.layers[0]", "64"]);
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    assert.match(up.output, /--big 1234567890123456789 --layers \[64\] --seed 9007199254740993/);
    const [job] = await stack.jobs("digits-");
    const { HyperParameters } = await stack.sagemaker.send(
      new DescribeTrainingJobCommand({ TrainingJobName: job.TrainingJobName }),
    );
    assert.equal(HyperParameters?.seed, "9007199254740993");
    const again = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(again.code, 0, again.output);
  });

  it("is refused at preview in lines that a user can act on, without a stack trace", async () => {
    stack = await TestStack.create("refused", {
      config: { "training:imageRepository": "nowhere", "training:imageTag": "v1" },
    });
    const lookup = await stack.run(["preview"]);
    assert.notEqual(lookup.code, 0);
    assert.match(lookup.output, /The image nowhere:v1 could not be looked up in ECR\./);
    assert.doesNotMatch(lookup.output, /unhandled|serializing|^ +at /im);

    const idle = await stack.run(["preview", "-c", "training:securityGroupIds[0]=sg-1", "--config-path"]);
    assert.notEqual(idle.code, 0);
    assert.match(idle.output, /training:securityGroupIds: has no effect without training:subnets/);
    assert.doesNotMatch(idle.output, /^ +at /m);
  });
});
