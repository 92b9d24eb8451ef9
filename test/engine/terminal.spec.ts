import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { TerminalRun } from "../support/terminal";
import { TestStack } from "./support/stack";

const SCREENS = path.resolve(__dirname, "../fixtures/screens");
const LOCAL = path.resolve(__dirname, "../../local");
const UP = ["up", "--yes", "--skip-preview", "--stack", "test"];

/** Prints metrics, and waits for the test to have seen them. */
const SCRIPT = `
import argparse, os, time
parser = argparse.ArgumentParser()
parser.add_argument("--go")
parser.add_argument("--lr")
arguments = parser.parse_args()
print("epoch=1 train_loss=0.123456 val_loss=0.961234 val_accuracy=0.972222", flush=True)
while not os.path.exists(arguments.go):
    time.sleep(0.1)
print("the last line", flush=True)
open(os.path.join(os.environ["SM_MODEL_DIR"], "model.pth"), "w").write("weights")
`;

/** The row's beginning, which nobody may have to guess. */
const ROW = /val_accuracy=0\.9722, Training, \$[\d.]+, \d+m left/;

describe("a terminal", function () {
  this.timeout(600_000);
  let stack: TestStack;
  let runs: TerminalRun[] = [];
  afterEach(async () => {
    for (const run of runs) run.end();
    runs = [];
    await stack.dispose();
  });

  const open = (columns: number, command: string[], env: NodeJS.ProcessEnv = {}) => {
    const run = new TerminalRun(columns, command, { cwd: stack.dir, env: { ...stack.env, ...env } });
    runs.push(run);
    return run;
  };

  async function create(name: string): Promise<void> {
    const metric = (each: string) => [each, `${each}=([0-9.]+)`];
    stack = await TestStack.create(name, {
      script: SCRIPT,
      config: {
        "training:metrics": Object.fromEntries(["train_loss", "val_loss", "val_accuracy"].map(metric)),
        "training:primaryMetric": "val_accuracy",
      },
    });
  }

  /** Another experiment, whose script waits for its own sign to go on. */
  const setExperiment = async (lr: number): Promise<string> => {
    const go = path.join(stack.dir, `go-${lr}`);
    const set = ["config", "set", "--path"];
    await stack.ok([...set, "training:hyperparameters.go", go]);
    await stack.ok([...set, "training:hyperparameters.lr", String(lr)]);
    return go;
  };

  it("of 100 columns shows the row and the script's lines as npm start prints them", async () => {
    await create("narrow");
    const early = open(100, [...command("logs.ts"), "--stack", "test"]);
    assert.equal(await early.finished, 1);
    assert.match(
      early.lines().join("\n"),
      /The stack test has no training job yet: `pulumi up --stack test`/,
    );
    const wrong = open(100, [...command("artifact.ts"), "--stack", "absent"]);
    assert.equal(await wrong.finished, 1);
    assert.match(
      wrong.lines().join("\n"),
      /--stack absent failed: .*\n(.*\n)*Next: name the stack with --stack NAME/,
    );
    for (const [which, lr] of [
      ["first", 0.1],
      ["second", 0.2],
    ] as const) {
      const go = await setExperiment(lr);
      const up = open(100, linesOf(UP));
      await up.until(ROW);
      // In another terminal: the stack's outputs do not tell of this job yet.
      const log = open(100, [...command("logs.ts"), "--follow", "--stack", "test"]);
      await log.until(/^epoch=1 train_loss=0\.123456/);
      assert.doesNotMatch(log.lines().join("\n"), /the last line/);
      fs.writeFileSync(go, "");
      assert.equal(await up.finished, 0, up.lines().join("\n"));
      assert.equal(await log.finished, 0, log.lines().join("\n"));
      assert.match(log.lines().join("\n"), /^the last line$[\s\S]*narrow-[0-9a-f]{8} ended Completed/m);

      assertScreen(
        `${which}-100`,
        up
          .lines()
          .filter((line) => / narrow-training /.test(line))
          .filter(isSure),
      );
    }
    const out = path.join(stack.dir, "model");
    const artifact = open(100, [...command("artifact.ts"), "--stack", "test", "--out", out]);
    assert.equal(await artifact.finished, 0, artifact.lines().join("\n"));
    assert.equal(fs.readFileSync(path.join(out, "model.pth"), "utf8"), "weights");
    await stack.ok(["destroy", "--yes"]);
  });

  it("of 180 columns shows the row in Pulumi's own display", async () => {
    await create("wide");
    for (const [which, lr] of [
      ["first", 0.1],
      ["second", 0.2],
    ] as const) {
      const go = await setExperiment(lr);
      const up = open(180, ["pulumi", ...UP]);
      const row = await up.until(ROW);
      fs.writeFileSync(go, "");
      assert.equal(await up.finished, 0, up.lines().join("\n"));
      assertScreen(`${which}-180`, [row]);
    }
    await stack.ok(["destroy", "--yes"]);
  });
});

/** What `npm run` runs for one of the commands in commands/. */
const command = (file: string): string[] => [
  "node",
  "--import",
  "tsx",
  path.join(LOCAL, "../commands", file),
];

/** The command that runs a deployment as `npm start` does. */
function linesOf(args: string[]): string[] {
  const url = (file: string) => JSON.stringify(pathToFileURL(path.join(LOCAL, file)).href);
  const code = `import { pulumiLines } from ${url("deployment.ts")};
    import { main } from ${url("main.ts")};
    main(() => pulumiLines({ engine: { pulumi: "pulumi" }, env: process.env }, ${JSON.stringify(args)}));`;
  return ["node", "--input-type=module", "-e", code];
}

/** Whether a line is there however fast this machine is: a phase may pass between two looks at the job, and a cost may move twice. */
const isSure = (line: string, at: number, all: string[]): boolean =>
  !/\b(Preparing|Creating|Pending|Starting|Downloading|Uploading|Completed|Cleaning)\b/.test(line) &&
  !(/Training, /.test(line) && !/val_accuracy/.test(line)) &&
  all.findIndex((each) => masked(each) === masked(line)) === at;

/** What changes from run to run as `#`, and not what the window cut; columns are as wide as what is in them. */
const masked = (line: string): string =>
  line
    .replace(/(\d+m left|Trains again because of:).*/, "$1")
    .replace(/\([\d.]+s\)\.*/g, "(#s)")
    .replace(/\$[\d.]+,/g, "$#,")
    .replace(/\d+m left/g, "#m left")
    .replace(/-[0-9a-f]{7,8}\b/g, "-########")
    .replace(/ {2,}/g, "  ");

/** Holds what was seen against test/fixtures/screens; `UPDATE_SCREENS=1` writes it there. */
function assertScreen(name: string, lines: string[]): void {
  const file = path.join(SCREENS, `${name}.txt`);
  const seen = `${lines.map(masked).join("\n")}\n`;
  if (process.env.UPDATE_SCREENS) fs.writeFileSync(file, seen);
  assert.equal(seen, fs.readFileSync(file, "utf8"));
}
