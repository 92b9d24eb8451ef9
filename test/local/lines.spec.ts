import assert from "node:assert/strict";
import { DeploymentLines, printable } from "../../local/lines.ts";

const JOB = "pulumi-nodejs:dynamic/sagemaker:TrainingJob";

/** What is shown of lines as Pulumi 3.259 prints them without a terminal. */
function shown(...printed: string[]): string[] {
  const lines = new DeploymentLines();
  return printed.flatMap((line) => lines.of(line));
}

it("a script's log cannot colour, name or move the terminal that shows it", () => {
  assert.equal(printable("\x1b[31mred\x1b[0m \x1b]0;title\x07a\tb\x1b[2J\r\x08\x9b1m é"), "red a\tb é");
});

describe("lines of a deployment", () => {
  for (const [what, line, short] of [
    [
      "an operation",
      " +  aws:s3:Bucket net-store-bucket creating (0s) ",
      " +  net-store-bucket creating (0s)",
    ],
    [
      "its end",
      " +  aws:s3:Bucket net-store-bucket created (0.54s) ",
      " +  net-store-bucket created (0.54s)",
    ],
    ["a preview", " ~  aws:iam:Role net-role update [diff: ~tags]", " ~  net-role [diff: ~tags]"],
    [
      "a message",
      ` +  ${JOB} net-training creating (74s) epoch=4 a=0.9`,
      " +  net-training (74s) epoch=4 a=0.9",
    ],
    ["one of a row without operation", `    ${JOB} net-training  Costs $2`, "    net-training Costs $2"],
    [
      "one of a replacement",
      ` ++ ${JOB} net-training creating replacement (2s) [diff: ~hyperparameters]; epoch=4`,
      " ++ net-training (2s) epoch=4",
    ],
    [
      "a retained original",
      ` -- ${JOB} net-training deleting original (0s)[retain] `,
      " -- net-training deleting original (0s)[retain]",
    ],
    [
      "a failure",
      ` +  ${JOB} net-training **creating failed (3s)** error: Training job net-1 ended Failed`,
      " +  net-training **creating failed (3s)** error: Training job net-1 ended Failed",
    ],
    ["anything else", "Enforced Policies (1):", "Enforced Policies (1):"],
    [
      "indented text",
      "    modelArtifact: s3://bucket/a:b c (1s) d",
      "    modelArtifact: s3://bucket/a:b c (1s) d",
    ],
  ] as const) {
    it(`shows ${what}`, () => assert.deepEqual(shown(line), [short]));
  }

  it("does not repeat what was said when only the status changes, nor on the row of the original", () => {
    assert.deepEqual(
      shown(
        ` ++ ${JOB} net-training creating replacement (9s) [diff: ~runId]; Completed, a=0.9`,
        ` ++ ${JOB} net-training created replacement (9s) [diff: ~runId]; Completed, a=0.9`,
        ` -- ${JOB} net-training deleting original (0s) [diff: ~runId]; Completed, a=0.9`,
      ),
      [
        " ++ net-training (9s) Completed, a=0.9",
        " ++ net-training created replacement (9s)",
        " -- net-training deleting original (0s)",
      ],
    );
  });

  it("leaves out of the diagnostics what was shown as it came", () => {
    const row = ` +  ${JOB} net-training creating (2s)`;
    const title = `  ${JOB} (net-training):`;
    assert.deepEqual(
      shown(
        `${row} epoch=1`,
        `${row} epoch=2`,
        "Diagnostics:",
        title,
        "    epoch=1",
        "    epoch=2",
        "",
        "Outputs:",
      ),
      [" +  net-training (2s) epoch=1", " +  net-training (2s) epoch=2", "Outputs:"],
    );
  });

  it("keeps errors and warnings in the diagnostics whole, and what was not shown", () => {
    const title = `  ${JOB} (net-training):`;
    assert.deepEqual(
      shown(
        ` +  ${JOB} net-training creating (2s) epoch=1`,
        ` +  ${JOB} net-training creating (2s) warning: no metric`,
        "Diagnostics:",
        "  aws:s3:Bucket (net-bucket):",
        "    epoch=1",
        "",
        title,
        "    epoch=1",
        "    warning: no metric",
        "    error: Training job net-1 ended Failed",
        "    Log: https://",
        "",
        "Resources:",
      ).slice(2),
      [
        "Diagnostics:",
        "  aws:s3:Bucket (net-bucket):",
        "    epoch=1",
        "",
        title,
        "    warning: no metric",
        "    error: Training job net-1 ended Failed",
        "    Log: https://",
        "",
        "Resources:",
      ],
    );
  });

  it("tells again in the update what the preview told", () => {
    const row = `    ${JOB} net-training  Trains again because of: runId`;
    assert.equal(shown(row, "Updating (local):", row).length, 3);
  });
});
