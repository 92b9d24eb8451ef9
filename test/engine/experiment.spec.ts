import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { DeleteObjectCommand } from "@aws-sdk/client-s3";
import { StopTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { SCRIPT, TestStack } from "./support/stack";

/** The first line that a script prints has reached the engine: the job trains, and its log is followed. */
const TRAINING = /val_accuracy=0\.5/;

const PROJECT = path.resolve(__dirname, "../..");
const TSX = path.join(PROJECT, "node_modules/tsx/dist/cli.mjs");

const byName = (a: { name: unknown }, b: { name: unknown }) => (String(a.name) < String(b.name) ? -1 : 1);

/** A model with a confusion matrix, as train/ leaves one. */
const CONFUSED = `${SCRIPT}
import json
confusion = {"confusion_matrix": [[5, 1], [0, 6]], "classes": ["left", "right"], "best_epoch": 2}
json.dump(confusion, open(os.path.join(os.environ["SM_MODEL_DIR"], "metrics.json"), "w"))
`;

/** `npm run compare` or `report` in a shell that is on the stack's backend and AWS. */
async function ask(name: "compare" | "report", { env }: TestStack, ...args: string[]): Promise<string> {
  const command = [TSX, path.join(PROJECT, `commands/${name}/${name}.ts`), ...args];
  const { stdout } = await promisify(execFile)(process.execPath, command, { cwd: PROJECT, env });
  return stdout;
}

describe("an experiment on the real engine", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  it("trains once, changes nothing the second time, and trains again for changed code or hyperparameters", async () => {
    stack = await TestStack.create("changes");
    const first = await stack.up("--policy-pack", "policies");
    assert.equal(first.code, 0, first.output);
    const { modelArtifact, metrics, trainingJobName } = await stack.outputs();
    assert.match(
      String(modelArtifact),
      /^s3:\/\/.+\/artifacts\/changes-[0-9a-f]{8}\/output\/model\.tar\.gz$/,
    );
    assert.deepEqual(metrics, { val_accuracy: 0.9 });

    stack.write("README.md", "changed");
    stack.write("train/.sourceignore", "notes.txt\n");
    stack.write("train/notes.txt", "changed");
    const second = await stack.run(["preview", "--expect-no-changes"]);
    assert.equal(second.code, 0, second.output);

    stack.write("train/train.py", `${SCRIPT}# one more byte\n`);
    const third = await stack.up();
    assert.equal(third.code, 0, third.output);
    assert.match(third.output, /Trains again because of: sourceUri, train\.py \(changed\)/);

    const fourth = await stack.up("-c", "training:hyperparameters.lr=0.1", "--config-path");
    assert.equal(fourth.code, 0, fourth.output);
    assert.match(fourth.output, /Trains again because of: hyperparameters\.lr/);
    assert.notEqual((await stack.outputs()).trainingJobName, trainingJobName);
    // deletePolicy "delete" has removed the two jobs that were replaced.
    assert.equal((await stack.jobs()).length, 1);
    await stack.ok(["destroy", "--yes"]);
    assert.equal((await stack.jobs()).length, 0);
  });

  it("keeps a failed job in the state, names the exception, and replaces it once the script is mended", async () => {
    stack = await TestStack.create("failing", {
      script: 'print("about to fail")\nraise ValueError("no such class: cat")\n',
    });
    const failed = await stack.up();
    assert.notEqual(failed.code, 0);
    assert.match(failed.output, /Training job failing-[0-9a-f]{8} ended Failed without a model artifact/);
    // The script's own words in its log, and once more in the error: not in a tail, nor in the toolkit's report.
    const diagnostics = failed.output.slice(failed.output.lastIndexOf("Diagnostics:"));
    const said = diagnostics.split("\n").map((line) => line.trim());
    const log = said.slice(said.indexOf("about to fail"));
    assert.deepEqual(
      [log[1], log[3], log[4]],
      [
        "Traceback (most recent call last):",
        'raise ValueError("no such class: cat")',
        "ValueError: no such class: cat",
      ],
      failed.output,
    );
    assert.equal(diagnostics.split("ValueError: no such class: cat").length - 1, 2, failed.output);
    assert.match(
      diagnostics,
      /SageMaker: AlgorithmError: ExecuteUserScriptError, exit code 1: ValueError: no such class: cat/,
    );
    assert.match(diagnostics, /Log: https:\/\/\S+ \(its last lines are above\)/);
    assert.match(diagnostics, /Next: mend train\.py, line 2, then `pulumi up`/);
    const [inState] = await stack.jobsInState();
    assert.equal(inState.outputs.status, "Failed");
    assert.match(String(inState.outputs.failureReason), /ExecuteUserScriptError/);

    stack.write("train/train.py", SCRIPT);
    const mended = await stack.up();
    assert.equal(mended.code, 0, mended.output);
    assert.equal((await stack.jobsInState()).length, 1);
  });

  it("says that a job was stopped from outside, and the next up replaces it", async () => {
    stack = await TestStack.create("stopped", { gated: true });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.until(TRAINING);
    const [job] = await stack.jobs();
    await stack.sagemaker.send(new StopTrainingJobCommand({ TrainingJobName: job.TrainingJobName }));
    const { code, output } = await up.finished;
    assert.notEqual(code, 0);
    assert.match(output, /ended Stopped without a model artifact/);
    assert.match(output, /stopped from outside/);

    stack.openGate();
    stack.write("train/train.py", `${SCRIPT}# mended\n`);
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
  });

  it("trains again when the artifact was deleted, compares the two runs, and writes a report of them", async () => {
    stack = await TestStack.create("gone", {
      script: CONFUSED,
      config: { "training:deletePolicy": "retain" },
    });
    assert.equal((await stack.up()).code, 0);
    const before = await stack.outputs();
    const { host, pathname } = new URL(String(before.modelArtifact));
    await stack.s3.send(new DeleteObjectCommand({ Bucket: host, Key: pathname.slice(1) }));
    await stack.ok(["refresh", "--yes"]);
    const again = await stack.up();
    assert.equal(again.code, 0, again.output);
    assert.match(again.output, /the model artifact of gone-[0-9a-f]{8} is gone/);
    const after = await stack.outputs();
    assert.equal(after.trainingJobName, `${before.trainingJobName}-2`);

    // Both have left a record, and the state knows of one of them only.
    const runs = JSON.parse(await ask("compare", stack, "--stack", "test", "--json"));
    assert.deepEqual(
      runs
        .map(({ name, status, metrics, cost }: Record<string, unknown>) => ({ name, status, metrics, cost }))
        .sort(byName),
      [before, after].map(({ trainingJobName: name, metrics, cost }) => ({
        name,
        status: "Completed",
        metrics,
        cost: (cost as { actual: number }).actual,
      })),
    );
    const table = await ask("compare", stack, "--bucket", String(after.bucket));
    assert.ok(
      table.includes(`│ ${before.trainingJobName} `) && table.includes(`│ ${after.trainingJobName} `),
      table,
    );
    assert.ok(
      table.split("\n").every((line) => line.length <= 100),
      table,
    );

    // The better of two equal ones is the newer one, whose model is there.
    const file = path.join(stack.dir, "report.html");
    assert.equal(await ask("report", stack, "--stack", "test", "--out", file), `${file}\n`);
    const page = await readFile(file, "utf8");
    for (const { trainingJobName } of [before, after]) assert.ok(page.includes(`>${trainingJobName}<`), page);
    assert.ok(
      page.includes(
        `The model of ${after.trainingJobName} after epoch 2 has 11 of 12 validation images right`,
      ),
    );
    assert.match(page, /Nothing is deployed/);
  });
});
