import assert from "node:assert/strict";
import { Toolkit } from "../../../../components/trainingJob/run/toolkit";

const STAMP = "2026-01-01 00:00:00,000 sagemaker-training-toolkit";
const kept = (lines: string[]): string[] => {
  const toolkit = new Toolkit();
  return lines.filter((line) => !toolkit.isNoise(line));
};

describe("Toolkit", () => {
  it("leaves out the environment, the command, and what the toolkit repeats of a failure", () => {
    assert.deepEqual(
      kept([
        ...[`${STAMP} INFO     Invoking user script`, "", "Training Env:", "{}", "SM_HP_LR=1"],
        ...["Invoking script with the following command:", "", "python train.py", " "],
        ...["the script", `${STAMP} WARNING  look at this`, "ValueError: no"],
        ...[`${STAMP} ERROR    Reporting training FAILURE`, `${STAMP} ERROR    ExecuteUserScriptError:`],
        ...["ExitCode 1", 'ErrorMessage "ValueError: no"', `${STAMP} ERROR    Encountered exit_code 1`],
        "[local SageMaker] not uploaded: model/pipe: neither a file nor a folder",
      ]),
      [
        ...["the script", `${STAMP} WARNING  look at this`, "ValueError: no"],
        "[local SageMaker] not uploaded: model/pipe: neither a file nor a folder",
      ],
    );
  });

  it("keeps what the toolkit says of a fault of its own, which nobody else tells", () => {
    const fault = [
      `${STAMP} ERROR    Framework Error:`,
      "Traceback (most recent call last):",
      "KeyError: 'hosts'",
    ];
    assert.deepEqual(kept([`${STAMP} ERROR    Reporting training FAILURE`, ...fault]), fault);
  });

  it("leaves out torchrun's report of what the processes said themselves", () => {
    const failed =
      "E1126 1 torch/distributed/elastic/multiprocessing/api.py:833] failed (exitcode: -9) local_rank: 0";
    assert.deepEqual(
      kept([
        "loss=1",
        failed,
        "Traceback (most recent call last):",
        "ChildFailedError:",
        "=====",
        `${STAMP} INFO     Done`,
      ]),
      ["loss=1", failed],
    );
  });

  it("begins anew when the job is restarted on the same host", () => {
    assert.deepEqual(
      kept([
        ...[
          `${STAMP} ERROR    ExecuteUserScriptError:`,
          "ExitCode 1",
          `${STAMP} INFO     Imported framework`,
        ],
        "Requirement already satisfied: numpy",
        "epoch=1",
      ]),
      ["epoch=1"],
    );
  });
});
