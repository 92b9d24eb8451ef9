import { strict as assert } from "node:assert";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { SCRIPT, TestStack } from "./support/stack";

/** The commands in a refusal that a user is told to run. */
const commandsIn = (output: string): string[][] =>
  [...output.matchAll(/^ +pulumi (config (?:rm|set) .*?) --stack test$/gm)].map(([, words]) =>
    words.split(" "),
  );

/**
 * Every step is one that somebody new takes, with the commands of README.md and of the messages before. Here: hyperparameters, a bucket
 * with a dot, a script of one's own, both models kept, destroy and back, refusals and warnings at preview. What else they meet is elsewhere:
 * - ^C, a killed `up`, destroy while it trains: ownership and recovery here, ownerProvider and engineGone of components/trainingJob
 * - a closed terminal: local/deployment; the row and the lines in a terminal: terminal here
 * - tracebacks and their last lines: run/traceback and run/scriptErrors of components/trainingJob; a metric without a value: run/unmatched
 * - several experiments and the best of them: sweep here
 * - class folders, odd files, broken images, wrong arguments, checkpoints, serving: train
 * - commands, keys and examples on the pages: docs
 */
describe("somebody new to it", function () {
  this.timeout(600_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  const hyperparameters = () =>
    (stack.settings() as { config: Record<string, unknown> }).config["training:hyperparameters"];

  it("changes a hyperparameter in every way that comes to mind, without a wrong turn", async () => {
    // A bucket of their own, with a dot in its name.
    const own = "newcomer-lr-0.001";
    stack = await TestStack.create("newcomer", {
      config: {
        "training:hyperparameters": { seconds: 0, lr: 0.1 },
        "training:deletePolicy": undefined,
        "training:bucketName": own,
      },
    });
    await stack.s3.send(new CreateBucketCommand({ Bucket: own }));
    // As a key of its own, and as a key without the map: refused, with the commands that mend the file.
    for (const [given, expected] of [
      ["training:hyperparameters.seconds=1", { seconds: 1, lr: 0.1 }],
      ["training:lr=0.2", { seconds: 1, lr: "0.2" }],
    ] as const) {
      const refused = await stack.run(["preview", "-c", given]);
      assert.notEqual(refused.code, 0, refused.output);
      const commands = commandsIn(refused.output);
      assert.equal(commands.length, 2, refused.output);
      for (const command of commands) await stack.ok(command);
      assert.deepEqual(hyperparameters(), expected);
    }
    const first = await stack.up();
    assert.equal(first.code, 0, first.output);

    assert.ok(String((await stack.outputs()).modelArtifact).startsWith(`s3://${own}/`));

    // The value that it has already is no change, whichever way it is set.
    for (const spelling of [
      ["--path", "training:hyperparameters.seconds", "1"],
      ["--path", "training:hyperparameters.lr", "0.2"],
      ["training:hyperparameters", '{"seconds": 1, "lr": 0.2}'],
    ]) {
      await stack.ok(["config", "set", ...spelling]);
      const same = await stack.run(["preview", "--expect-no-changes"]);
      assert.equal(same.code, 0, `${spelling.join(" ")}: ${same.output}`);
    }

    // --config-path begins a new map: what is left out is said, with the command that puts it back.
    const partly = await stack.run(["preview", "-c", "training:hyperparameters.seconds=0", "--config-path"]);
    assert.equal(partly.code, 0, partly.output);
    assert.match(partly.output, /Trains again because of: .*hyperparameters\.lr: .* -> unset/);
    const [, back] = /(config set --path training:hyperparameters\.lr 0\.2)\./.exec(partly.output) ?? [];
    assert.ok(back, partly.output);
    await stack.ok(back.split(" "));
    assert.deepEqual(hyperparameters(), { seconds: 0, lr: "0.2" });
  });

  it("brings a script of their own, keeps both models, and goes on after a destroy", async () => {
    stack = await TestStack.create("own-script", {
      config: { "training:hyperparameters": { seconds: 0 }, "training:deletePolicy": undefined },
    });
    const first = await stack.up();
    assert.equal(first.code, 0, first.output);
    const before = String((await stack.outputs()).modelArtifact);

    stack.write("train/train.py", SCRIPT.replaceAll("seconds", "patience").replaceAll("val_accuracy", "f1"));
    const another = await stack.run(["preview"]);
    assert.equal(another.code, 0, another.output);
    assert.match(another.output, /warning: No file of train names the hyperparameters seconds: .*left over/);
    assert.match(another.output, /Trains again because of: sourceUri, train\.py \(changed\)/);
    await stack.ok(["config", "rm", "--path", "training:hyperparameters.seconds"]);

    const second = await stack.up();
    assert.equal(second.code, 0, second.output);
    assert.doesNotMatch(second.output, /left over/);
    assert.match(second.output, /warning: The metric val_accuracy has no value: no line of the log matched/);
    assert.ok(second.output.includes(`Kept: ${before} (val_accuracy 0.9).`), second.output);
    const { modelArtifact, bucket } = await stack.outputs();

    const destroyed = await stack.run(["destroy", "--yes"]);
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.ok(destroyed.output.includes(`Kept: ${modelArtifact}.`), destroyed.output);
    const [, command] = /pulumi (config set training:bucketName \S+)/.exec(destroyed.output) ?? [];
    assert.equal(command, `config set training:bucketName ${bucket}`);
    await stack.ok(command.split(" "));
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.equal((await stack.outputs()).bucket, bucket);
  });

  it("is told at preview what would be paid for in vain, in the words of the configuration", async () => {
    stack = await TestStack.create("in-vain", {
      config: { "training:train": "s3://not-there-at-all/train/", "training:instanceType": "ml.g5.12xlarge" },
    });
    const idle = await stack.run(["preview"]);
    assert.equal(idle.code, 0, idle.output);
    assert.match(
      idle.output,
      /warning: training:train: nothing is under s3:\/\/not-there-at-all\/train\/: its bucket/,
    );
    assert.doesNotMatch(idle.output, /training:val: nothing/);
    assert.match(idle.output, /warning: training:distribution: .*ml\.g5\.12xlarge has 4 GPUs/);

    for (const [key, value, expected] of [
      ["training:instanceType", "g5.xlarge", /training:instanceType.*did you mean ml\.g5\.xlarge\?/],
      ["training:train", "s3://YOUR-BUCKET/images/train/", /training:train: .* is a placeholder/],
    ] as const) {
      await stack.ok(["config", "set", key, value]);
      const refused = await stack.run(["preview"]);
      assert.notEqual(refused.code, 0, refused.output);
      assert.match(refused.output, expected);
    }
    assert.deepEqual(await stack.jobs(), []);
  });
});
