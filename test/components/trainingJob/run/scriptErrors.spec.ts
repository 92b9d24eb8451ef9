import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { explainFailure } from "../../../../components/trainingJob/run/errors";
import { isHeading, LogTail, lastLines } from "../../../../components/trainingJob/run/logs";
import { Progress } from "../../../../components/trainingJob/run/progress";
import type { TrainingJobFacts } from "../../../../components/trainingJob/state/facts";
import { FakeAws } from "../../support/fakeAws";
import { FakeClock } from "../../support/fakeClock";
import { FakeEngine } from "../../support/fakeEngine";

const GROUP = "/aws/sagemaker/TrainingJobs";
const JOB = "dense-0123abcd";
/** What a local AWS told of real scripts, by recordScriptErrors.ts. */
const FOLDER = path.join(__dirname, "../../../fixtures/scriptErrors");

interface Recorded {
  failureReason: string;
  streams: { host: string; lines: string[] }[];
}

const read = (name: string): Recorded => JSON.parse(readFileSync(path.join(FOLDER, `${name}.json`), "utf8"));

/** What a user is told at the end of the job, by a deployment that followed it and by one that did not. */
async function told(name: string) {
  const { failureReason, streams } = read(name);
  const clock = new FakeClock();
  const aws = new FakeAws(clock);
  for (const { host, lines } of streams) {
    for (const line of lines) {
      aws.logs.put(`${JOB}/${host}-1700000000000`, clock.now(), line);
      clock.advance(1);
    }
  }
  const facts = {
    trainingJobName: JOB,
    status: "Failed",
    secondaryStatus: "Failed",
    attempts: [],
    logUrl: "https://logs",
    failureReason,
  } as unknown as TrainingJobFacts;
  const engine = new FakeEngine();
  const progress = new Progress({
    engine,
    urn: "urn:job",
    metricDefinitions: [],
    hosts: streams.length,
    now: () => clock.now(),
  });
  const tail = new LogTail(aws, clock, GROUP, JOB);
  for (let reads = 0; reads < 3; reads++) progress.lines(await tail.read(true));
  const lines = await lastLines(aws, GROUP, JOB, 20);
  return {
    lines,
    displayed: engine.messages("info"),
    isShown: progress.hasShown(lines.filter((line) => !isHeading(line))),
    unseen: explainFailure(facts, { lines }).split("\n"),
    seen: explainFailure(facts, { lines, areShown: true }).split("\n"),
  };
}

const FRAME = '  File "/opt/ml/code/train.py", line';
const TRACEBACK = "Traceback (most recent call last):";
const EPOCHS = ["epoch", "0 loss 1.0", "epoch 1 loss 0.5", "epoch 2 loss 0.3333333333333333"];
const [USAGE, NO_TAIL] = ["usage: train.py [-h] [--epochs EPOCHS]", ""];

/** The end of what is shown of the log; the error that SageMaker's reason gives, or else the last line; and the next step. */
const EXPECTED: Record<string, [tail: string[], error: string, next: string]> = {
  nameError: [
    [...EPOCHS, TRACEBACK, `${FRAME} 3, in <module>`, "    print(undefined_name)"],
    "NameError: name 'undefined_name' is not defined",
    "mend train.py, line 3, then",
  ],
  syntaxError: [
    [`${FRAME} 2`, "    print('a'"],
    "SyntaxError: '(' was never closed",
    "mend train.py, line 2, then",
  ],
  missingModule: [
    [TRACEBACK, `${FRAME} 2, in <module>`, "    import no_such_module"],
    "ModuleNotFoundError: No module named 'no_such_module'",
    "add no_such_module to requirements.txt beside the script",
  ],
  missingData: [
    [TRACEBACK, `${FRAME} 2, in <module>`, '    print(os.listdir("/opt/ml/input/data/train"))'],
    "FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/input/data/train'",
    "see that the channel train has what the script reads",
  ],
  unknownArgument: [
    [USAGE],
    "train.py: error: unrecognized arguments: --lrr 0.1",
    "the script takes no argument lrr: remove or rename that hyperparameter",
  ],
  wrongArgument: [
    [USAGE],
    "train.py: error: argument --epochs: invalid int value: 'many'",
    "correct the hyperparameter epochs (invalid int value: 'many')",
  ],
  missingScript: [
    [],
    "/opt/conda/bin/python: can't open file '/opt/ml/code/missing.py': [Errno 2] No such file or directory",
    "correct the entry point: there is no missing.py in the source folder",
  ],
  systemExit: [["epoch=1 loss=0.5"], "no images under train", "mend the training script, then"],
  outOfMemory: [EPOCHS, NO_TAIL, "most likely it ran out of memory"],
  requirements: [
    [],
    "ERROR: No matching distribution found for six==0.0.0.dev999",
    "mend requirements.txt: pip found no six==0.0.0.dev999",
  ],
  chain: [
    [
      "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
      "The above exception was the direct cause of the following exception:",
      ...[TRACEBACK, `${FRAME} 9, in <module>`, "    main()", `${FRAME} 8, in main`],
      '    raise RuntimeError("settings: cannot be read\\nsee the file") from error',
      ...["RuntimeError: settings: cannot be read", "see the file"],
    ],
    "RuntimeError: settings: cannot be read see the file",
    "mend train.py, line 8, then",
  ],
  group: [
    [
      "  +---------------- 2 ----------------",
      ...[`  | ${TRACEBACK}`, `  | ${FRAME} 4, in <module>`, '  |     raise ValueError(f"shard {shard}")'],
      ...["  | ValueError: shard 2", "  +------------------------------------"],
    ],
    "ValueError: shard 2",
    "mend train.py, line 4, then",
  ],
};

describe("what is told of a script that failed", () => {
  it("has every recording", () => {
    const recorded = readdirSync(FOLDER).map((file) => path.parse(file).name);
    assert.deepEqual(recorded.sort(), [...Object.keys(EXPECTED), "torchrun"].sort());
  });

  for (const [name, [tail, error, next]] of Object.entries(EXPECTED)) {
    it(`is whole, said once, and names what to do: ${name}`, async () => {
      const { displayed, isShown, lines, unseen, seen } = await told(name);
      // The last line of the log is the error itself, where it is one line.
      const end = error === NO_TAIL || tail.at(-1)?.match(/see the file|\+---/) ? tail : [...tail, error];
      assert.deepEqual(displayed.slice(-end.length), end);
      assert.ok(lines.length <= 20);
      assert.deepEqual(displayed.slice(-lines.length), lines, "the log's end is that of the display");
      assert.ok(isShown);
      for (const text of [...displayed, ...unseen]) {
        assert.doesNotMatch(text, /sagemaker[-_]|ErrorMessage|^Command |^SM_|^\s*[\^~]+$|^$/);
      }
      // Said below, and so not in the reason; said above, and so once more and no tail.
      const { kind, code } =
        /: (?<kind>\w+):\s+ExitCode (?<code>-?\d+)/.exec(read(name).failureReason)?.groups ?? {};
      assert.equal(unseen[1], `SageMaker: AlgorithmError: ${kind}, exit code ${code}`);
      assert.equal(unseen[2], "Last lines of its log:");
      assert.deepEqual(
        unseen.slice(3, -2).map((line) => line.slice(2, 200)),
        lines.map((line) => line.slice(0, 198)),
      );
      assert.equal(seen.length, 4);
      assert.equal(seen[1], `${unseen[1]}${error === NO_TAIL ? "" : `: ${error}`}`);
      assert.equal(seen[2], "Log: https://logs (its last lines are above)");
      for (const text of [unseen.at(-1), seen.at(-1)]) assert.ok(text?.startsWith(`Next: ${next}`), text);
    });
  }

  it("is of several hosts that which failed first, without torchrun's own report", async () => {
    const { lines, unseen, seen } = await told("torchrun");
    assert.deepEqual(lines.slice(0, 5), [
      "[algo-2]",
      "[rank1]: Traceback (most recent call last):",
      '[rank1]:   File "/opt/ml/code/train.py", line 4, in <module>',
      '[rank1]:     raise ValueError("shard 1 is bad")',
      "[rank1]: ValueError: shard 1 is bad",
    ]);
    assert.match(lines[5], /torch\/distributed\/elastic\/.* failed \(exitcode: 1\) local_rank: 0/);
    assert.equal(lines[6], "[algo-1]");
    assert.match(lines.slice(-2).join("\n"), /^\[rank0\]: RuntimeError: .*\n.* failed \(exitcode: 1\)/);
    assert.equal(lines.length, 1 + 5 + 1 + 5);
    assert.equal(unseen[1], "SageMaker: AlgorithmError: ExecuteUserScriptError, exit code 1");
    assert.equal(seen[1], `${unseen[1]}: ValueError: shard 1 is bad`);
    assert.match(seen.at(-1) ?? "", /^Next: mend train\.py, line 4, then/);
  });
});
