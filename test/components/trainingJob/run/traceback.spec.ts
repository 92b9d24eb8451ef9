import assert from "node:assert/strict";
import { TracebackJoiner } from "../../../../components/trainingJob/run/traceback";
import recorded from "../../../fixtures/tracebackWrites.generated.json";

const joined = (lines: string[]): string[] => {
  const joiner = new TracebackJoiner();
  return [...lines.flatMap((line) => joiner.push(line)), ...joiner.end()];
};

/** What sagemaker-training's process.watch prints of the pieces that it reads: each without the spaces around it, in lines. */
const passedOn = (reads: string[]): string[] =>
  reads.flatMap((read) => read.replace(/^\s+|\s+$/g, "").split("\n")).map((line) => line.trimEnd());

/** Numbers from 0 to 1, the same in every run. */
function* numbers(seed: number): Generator<number, never> {
  for (let state = seed; ; ) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

/** The writes as they may be read: a few at a time, `often` of all boundaries kept. */
function reads(writes: string[], often: number, random: Generator<number, never>): string[] {
  const all: string[] = [];
  for (const write of writes) {
    if (all.length > 0 && random.next().value >= often) all.push(`${all.pop()}${write}`);
    else all.push(write);
  }
  return all;
}

const FRAME = '  File "/opt/ml/code/train.py", line';
const EXPECTED: Record<string, string[]> = {
  chain: [
    "Traceback (most recent call last):",
    `${FRAME} 8, in main`,
    "    read(\"{'a'\")",
    `${FRAME} 4, in read`,
    "    return json.loads(text)",
    '  File "/opt/conda/lib/python3.11/json/__init__.py", line 346, in loads',
    "    return _default_decoder.decode(s)",
    '  File "/opt/conda/lib/python3.11/json/decoder.py", line 337, in decode',
    "    obj, end = self.raw_decode(s, idx=_w(s, 0).end())",
    '  File "/opt/conda/lib/python3.11/json/decoder.py", line 353, in raw_decode',
    "    obj, end = self.scan_once(s, idx)",
    "json.decoder.JSONDecodeError: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
    "The above exception was the direct cause of the following exception:",
    "Traceback (most recent call last):",
    `${FRAME} 12, in <module>`,
    "    main()",
    `${FRAME} 10, in main`,
    '    raise RuntimeError("settings: cannot be read\\nsee the file") from error',
    "RuntimeError: settings: cannot be read",
    "see the file",
  ],
  group: [
    "  + Exception Group Traceback (most recent call last):",
    `  | ${FRAME} 7, in <module>`,
    '  |     raise ExceptionGroup("three shards", errors)',
    "  | ExceptionGroup: three shards (3 sub-exceptions)",
    "  +-+---------------- 1 ----------------",
    "  | KeyError: 'x'",
    "  +---------------- 2 ----------------",
    "  | Traceback (most recent call last):",
    `  | ${FRAME} 4, in <module>`,
    '  |     raise ValueError(f"shard {shard}")',
    "  | ValueError: shard 1",
    "  +---------------- 3 ----------------",
    "  | Traceback (most recent call last):",
    `  | ${FRAME} 4, in <module>`,
    '  |     raise ValueError(f"shard {shard}")',
    "  | ValueError: shard 2",
    "  +------------------------------------",
  ],
  syntax: [`${FRAME} 1`, "    print('a'", "SyntaxError: '(' was never closed"],
  noSource: [
    "Traceback (most recent call last):",
    `${FRAME} 1, in <module>`,
    "    exec('undefined_name')",
    '  File "<string>", line 1, in <module>',
    "NameError: name 'undefined_name' is not defined",
  ],
  noMessage: [
    "Traceback (most recent call last):",
    `${FRAME} 3, in <module>`,
    "    main()",
    `${FRAME} 2, in main`,
    "    raise KeyboardInterrupt",
    "KeyboardInterrupt",
  ],
  repeated: [
    "Traceback (most recent call last):",
    `${FRAME} 3, in <module>`,
    "    again(0)",
    ...Array(3)
      .fill([`${FRAME} 2, in again`, "    return again(n + 1)"])
      .flat(),
    "  [Previous line repeated 996 more times]",
    "RecursionError: maximum recursion depth exceeded",
  ],
  local: [
    "Traceback (most recent call last):",
    `${FRAME} 4, in <module>`,
    "    main()",
    `${FRAME} 3, in main`,
    "    raise Odd(': odd.')",
    "main.<locals>.Odd: : odd.",
  ],
};

describe("TracebackJoiner", () => {
  for (const [name, expected] of Object.entries(EXPECTED)) {
    it(`puts the traceback of ${name} together, however its pieces were read`, () => {
      const random = numbers(7);
      for (let round = 0; round <= 300; round++) {
        const lines = passedOn(reads(recorded[name as keyof typeof recorded], round / 300, random));
        const told = joined(lines).filter((line) => line.trim() !== "");
        assert.deepEqual(told, expected, JSON.stringify(lines));
      }
    });
  }

  it("has nothing to do for a script that writes whole lines, as the docs advise", () => {
    assert.ok(recorded.reconfigured.every((write) => /^[^\n]+\n$/.test(write)));
    assert.equal(recorded.reconfigured[0], "epoch 1 loss 0.5\n");
  });

  it("leaves what comes after a traceback as it is", () => {
    const after = ["going", "", "on", "^^^^", "RuntimeError", ":", "| x", "+", "a: b"];
    const traceback = ["Traceback (most recent call last):", '  File "train.py", line 3, in <module>'];
    assert.deepEqual(joined([...traceback, "    x()", "KeyError: 'x'", ...after]).slice(4), after);
  });

  it("leaves lines outside of tracebacks as they are", () => {
    const lines = [
      ...[
        "epoch",
        "",
        "0",
        " ",
        "loss:",
        ".5",
        ": x",
        "^",
        "~~~~",
        "|",
        "| table |",
        "+",
        "+ Exception Group",
      ],
      ...[
        "+-----------------------------+",
        "File x, line 3",
        "    indented",
        'File "a.py", line 3, in f',
        "Error",
        ":",
      ],
    ];
    assert.deepEqual(joined(lines), lines);
  });

  it("is not confused by what the toolkit says in between", () => {
    const toolkit =
      "2026-11-26 07:43:26,712 sagemaker-training-toolkit INFO     Waiting for the process to finish";
    assert.deepEqual(
      joined([
        "Traceback (most recent call last):",
        'File "<stdin>", line 1, in f',
        "KeyError",
        toolkit,
        "x",
      ]),
      ["Traceback (most recent call last):", '  File "<stdin>", line 1, in f', "KeyError", toolkit, "x"],
    );
  });

  it("holds back no more than the beginning of one line", () => {
    const joiner = new TracebackJoiner();
    for (const line of ["Traceback (most recent call last):", 'File "<stdin>", line 1, in f'])
      joiner.push(line);
    assert.deepEqual(joiner.push("json.decoder"), []);
    assert.deepEqual(joiner.push("."), []);
    assert.deepEqual(joiner.end(), ["json.decoder."]);
    assert.deepEqual(joiner.end(), []);
  });
});
