import assert from "node:assert/strict";
import { isTold, readFailure } from "../../../../components/trainingJob/run/failure";

const reason = (
  message: string,
  end = '\nCommand "/opt/conda/bin/python3.11 train.py --lr 1", exit code: 1',
) => `AlgorithmError: ExecuteUserScriptError:\nExitCode 1\nErrorMessage "${message}"${end}`;

describe("readFailure", () => {
  for (const [what, given, message] of [
    ["the error", "ValueError: no", "ValueError: no"],
    ["an error with quotes in it", 'KeyError: "a"\n "b"', 'KeyError: "a" "b"'],
    ["the error behind the line that raised it", 'raise ValueError("no")\n ValueError: no', "ValueError: no"],
    [
      "an error in pieces",
      "ModuleNotFoundError\n \n No module named 'x'",
      "ModuleNotFoundError: No module named 'x'",
    ],
    ["the last of a chain", "KeyError: 1\n The above\n RuntimeError: two\n lines", "RuntimeError: two lines"],
    [
      "the error of a process of torchrun's",
      "[rank1]: ValueError: bad\n E11 torch/distributed/elastic/x failed\n ChildFailedError",
      "ValueError: bad",
    ],
    ["what is no exception", "gloo Exception in thread", "gloo Exception in thread"],
    ["nothing", "", ""],
  ]) {
    it(`finds ${what}`, () => {
      assert.deepEqual(readFailure(reason(given)), { kind: "ExecuteUserScriptError", exitCode: 1, message });
    });
  }

  it("reads a reason that SageMaker cut", () => {
    const cut =
      'AlgorithmError: ValueError:\nExitCode -9\nErrorMessage "ValueError: no such cla, exit code: 1';
    assert.deepEqual(readFailure(cut), {
      kind: "ValueError",
      exitCode: -9,
      message: "ValueError: no such cla",
    });
  });

  it("leaves out the extra information", () => {
    const extra =
      '\nExtraInfo "OutOfMemory: Process killed by SIGKILL (signal 9)"\nCommand "python", exit code: 1';
    assert.equal(readFailure(reason("", extra))?.message, "");
  });

  for (const other of [undefined, null, "", "ClientError: no data", "AlgorithmError: no, exit code: 1"]) {
    it(`is none of ${other}`, () => assert.equal(readFailure(other), undefined));
  }
});

describe("isTold", () => {
  it("finds the words however the lines are cut", () => {
    assert.ok(isTold("ValueError: no such class", ["epoch 1", "ValueError", ":", "no such class"]));
    assert.ok(!isTold("ValueError: no such class", ["no such class"]));
  });
});
