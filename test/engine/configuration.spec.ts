import { strict as assert } from "node:assert";
import { setTimeout as delay } from "node:timers/promises";
import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { callControl } from "../../local/aws/control.ts";
import type { Mail } from "../../local/aws/notifications/mailbox.ts";
import { testAws } from "./support/aws";
import { TestStack } from "./support/stack";

/** The e-mails to an address, once there are so many. */
async function mailTo(address: string, count: number): Promise<Mail[]> {
  const aws = await testAws();
  const deadline = Date.now() + 120_000;
  for (;;) {
    const all = (await (await callControl(aws, "mail")).json()) as Mail[];
    const found = all.filter(({ to }) => to === address);
    if (found.length >= count) return found;
    if (Date.now() > deadline) throw new Error(`${found.length} e-mails to ${address}, not ${count}`);
    await delay(200);
  }
}

describe("a stack's configuration on the real engine", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  it("brings every digit of a number to the script, and word of its end, for the longest name of an experiment", async () => {
    const name = `digits-${"x".repeat(41)}`;
    stack = await TestStack.create(name, {
      script:
        'import os, sys\nprint("arguments: " + " ".join(sys.argv[1:]))\nopen(os.path.join(os.environ["SM_MODEL_DIR"], "m"), "w").close()\n',
      config: {
        "training:kmsKeyArn": "arn:aws:kms:us-east-1:000000000000:key/1",
        "training:dashboard": true,
        "training:notify": ["me@example.org"],
      },
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

    // Names of jobs have no room for the whole name; who waits for word of them must know that.
    const [mail, ...others] = await mailTo("me@example.org", 1);
    assert.deepEqual(others, []);
    const [line, page] = mail.text.split("\n").map((each) => JSON.parse(each));
    assert.equal(line, `Training job ${job.TrainingJobName} of ${name}: Completed (Completed). `);
    const { dashboardUrl, consoleUrl } = await stack.outputs();
    assert.equal(page, `Job: ${consoleUrl}`);
    assert.match(String(dashboardUrl), /#dashboards\/dashboard\/training-test-digits-x+-[0-9a-f]{7}$/);

    const build = await stack.run(["preview", "-c", "training:dockerfile=docker/Dockerfile"]);
    assert.notEqual(build.code, 0);
    assert.match(
      build.output,
      /training:dockerfile: the AWS at http:\S+ has no registry to push an image to/,
    );
    assert.doesNotMatch(build.output, /^ +at /m);
    await stack.ok(["config", "rm", "training:dockerfile"]);
    await stack.ok(["destroy", "--yes", "--skip-preview"]);
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
