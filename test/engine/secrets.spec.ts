import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { DescribeTrainingJobCommand, paginateListTags } from "@aws-sdk/client-sagemaker";
import { jobProgram } from "./support/jobProgram";
import { TestStack } from "./support/stack";

const TOKEN = "token-of-hunter2";
const KEY = "key-of-hunter2";
const PLAIN = /hunter2/;

/** A script that tells everything that it was given, as scripts and toolkits do. */
const TELLS = `
import os, sys
print(f"called with {sys.argv[1:]} and {os.environ.get('KEY')}", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;

describe("secrets", function () {
  this.timeout(240_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  /** Everything that the stack keeps, and the job's name and tags. */
  async function kept(): Promise<string> {
    const file = path.join(stack.dir, "exported.json");
    await stack.ok(["stack", "export", "--file", file]);
    const [job] = await stack.jobs();
    const tags = [];
    for await (const page of paginateListTags(
      { client: stack.sagemaker },
      { ResourceArn: job.TrainingJobArn },
    )) {
      tags.push(...(page.Tags ?? []));
    }
    return [fs.readFileSync(file, "utf8"), job.TrainingJobArn, JSON.stringify(tags)].join("\n");
  }

  it("of the stack's configuration reach the job, and are nowhere else in plain text", async () => {
    stack = await TestStack.create("configured", { script: TELLS });
    await stack.ok(["config", "set", "--secret", "--path", "training:hyperparameters.token", TOKEN]);
    await stack.ok(["config", "set", "--secret", "--path", "training:environment.KEY", KEY]);

    const up = await stack.up();

    assert.equal(up.code, 0, up.output);
    assert.match(up.output, /called with \['--token', '\[secret\]'\] and \[secret\]/);
    const [{ TrainingJobName }] = await stack.jobs();
    const job = await stack.sagemaker.send(new DescribeTrainingJobCommand({ TrainingJobName }));
    assert.equal(job.HyperParameters?.token, JSON.stringify(TOKEN));
    assert.equal(job.Environment?.KEY, KEY);
    await stack.ok(["refresh", "--yes"]);
    for (const text of [up.output, await kept()]) assert.doesNotMatch(text, PLAIN);

    const again = await stack.run(["preview", "--expect-no-changes", "--diff"]);
    assert.equal(again.code, 0, again.output);
    const changed = await stack.run(["preview", "--diff", "-c", "training:runId=other"]);
    assert.match(changed.output, /Trains again because of: runId/);
    assert.doesNotMatch(changed.output, PLAIN);
  });

  it("of a program stay out of what a failed training shows and leaves", async () => {
    stack = await TestStack.create("programmed", {
      program: jobProgram(`
        hyperparameters: { lr: 0.1, token: pulumi.secret("${TOKEN}") },
        environment: { KEY: pulumi.secret("${KEY}"), OTHER: "in the open" },
      `),
      script: `${TELLS}raise ValueError(f"cannot use {os.environ['KEY']}")\n`,
    });

    const failed = await stack.up();

    assert.notEqual(failed.code, 0, failed.output);
    assert.match(failed.output, /called with \['--lr', '0\.1', '--token', '\[secret\]'\] and \[secret\]/);
    assert.match(failed.output, /cannot use \[secret\]/);
    const state = await kept();
    assert.match(state, /in the open/);
    for (const text of [failed.output, state]) assert.doesNotMatch(text, PLAIN);
  });

  it("stay out of what --debug shows, however the toolkit spells them", async () => {
    stack = await TestStack.create("debugged", {
      program: jobProgram(`
        hyperparameters: { auth: pulumi.secret({ token: "päss-of-hunter2" }), flat: pulumi.secret("${TOKEN}"), pin: pulumi.secret(918273) },
      `),
      script: `${TELLS}import base64, json\nprint(json.dumps(sys.argv), base64.b64encode(str(sys.argv).encode()))\nraise ValueError(sys.argv)\n`,
    });

    const failed = await stack.run(["up", "--yes", "--skip-preview", "--debug"]);

    assert.match(
      failed.output,
      /SM_HPS=\{"auth":\{"token":"\[secret\]"\},"flat":"\[secret\]","pin":\[secret\]\}/,
    );
    const decoded = failed.output.replace(/[A-Za-z0-9+/]{40,}/g, (text) =>
      Buffer.from(text, "base64").toString(),
    );
    for (const text of [failed.output, decoded, await kept()]) assert.doesNotMatch(text, /hunter2|918273/);
  });

  it("that were plain text before are encrypted in place", async () => {
    stack = await TestStack.create("concealed", { config: { "training:environment": { KEY } } });
    const plain = await stack.up();
    assert.equal(plain.code, 0, plain.output);
    assert.match(await kept(), PLAIN);

    await stack.ok(["config", "set", "--secret", "--path", "training:environment.KEY", KEY]);
    const encrypted = await stack.up();

    assert.equal(encrypted.code, 0, encrypted.output);
    assert.doesNotMatch(encrypted.output, /Trains again/);
    assert.doesNotMatch(await kept(), PLAIN);
    assert.equal((await stack.jobs()).length, 1);
  });
});
