import assert from "node:assert/strict";
import { isCapacityError, remedyOf } from "../../../../components/trainingJob/run/remedy";
import type { TrainingJobFacts } from "../../../../components/trainingJob/state/facts";
import { assertSays } from "../../support/failure";

const SCRIPT_FAILED = {
  status: "Failed",
  secondaryStatus: "Failed",
  failureReason: "AlgorithmError: ExecuteUserScriptError:",
};

describe("remedyOf", () => {
  for (const [facts, outcome, next] of [
    [{ status: "Stopped", secondaryStatus: "Stopped" }, "Stopped", "stopped from outside"],
    [
      { status: "Stopped", secondaryStatus: "MaxRuntimeExceeded" },
      "Stopped (MaxRuntimeExceeded)",
      "raise maxRun",
    ],
    [
      { status: "Stopped", secondaryStatus: "MaxWaitTimeExceeded" },
      "Stopped (MaxWaitTimeExceeded)",
      "set fallback to on-demand",
    ],
    [{ failureReason: "CapacityError: no machines" }, "Failed", "choose another instance type or region"],
    [{ failureReason: "ClientError: Data download failed" }, "Failed", "mend the input that SageMaker names"],
    [{ failureReason: "InternalServerError: We encountered an error" }, "Failed", "the fault is SageMaker's"],
    [{ failureReason: "AlgorithmError: it broke" }, "Failed", "mend the training script"],
    [{ failureReason: "AlgorithmError: , exit code: 137" }, "Failed", "memory"],
    [{ failureReason: "AlgorithmError: ExecuteUserScriptError:\nExitCode -9" }, "Failed", "memory"],
    [{ failureReason: 'AlgorithmError: ErrorMessage "torch.OutOfMemoryError: CUDA"' }, "Failed", "memory"],
    [
      { failureReason: "AlgorithmError: InstallRequirementsError:\nExitCode 1" },
      "Failed",
      "requirements.txt",
    ],
    [
      {
        failureReason:
          "AlgorithmError: botocore: User: arn:role is not authorized to perform: s3:GetObject on resource: arn:object because no identity-based policy allows the s3:GetObject action",
      },
      "Failed",
      "grant arn:role s3:GetObject on arn:object",
    ],
    [{ failureReason: "ClientError: Data download failed:Access denied" }, "Failed", "execution role"],
    [{ failureReason: "ClientError: Please use an instance type with more memory" }, "Failed", "memory"],
    [{ failureReason: "ResourceLimitExceeded: the account-level service limit" }, "Failed", "Service Quotas"],
    [{ failureReason: "AlgorithmError: ValueError: exit code 1370" }, "Failed", "mend the training script"],
  ] as [Partial<TrainingJobFacts>, string, string][]) {
    it(`tells what to do after ${facts.failureReason ?? outcome}`, () => {
      const remedy = remedyOf(
        { status: "Failed", secondaryStatus: "Failed", ...facts } as TrainingJobFacts,
        [],
      );
      assertSays(remedy, next, "`pulumi up`");
    });
  }

  for (const [line, next] of [
    ["train.py: error: unrecognized arguments: --lrr 0.1 -b 3 -5", "takes no argument lrr, b:"],
    [
      "train.py: error: argument --lr/-l: invalid float value: 'x'",
      "the hyperparameter lr (invalid float value: 'x')",
    ],
    [
      "train.py: error: the following arguments are required: --lr, --epochs",
      "set the hyperparameter lr, epochs",
    ],
    // train.py's own words for what argparse says
    [
      "ValueError: unrecognized arguments: --lrr 0.1; train.py --help lists the arguments",
      "takes no argument lrr:",
    ],
    [
      "ValueError: argument --lr: 0 is not a positive number; train.py --help lists",
      "lr (0 is not a positive number)",
    ],
    ["KeyError: 'SM_HP_EPOCHS'", "set the hyperparameter epochs"],
    ["KeyError: 'SM_CHANNEL_TRAIN'", "give the job a channel train"],
    [
      "FileNotFoundError: [Errno 2] No such file or directory: '/opt/ml/input/data/val/x.csv'",
      "the channel val has",
    ],
    [
      "NotADirectoryError: [Errno 20] Not a directory: '/tmp/x/algo-1/input/data/train/x'",
      "the channel train has",
    ],
    ["ValueError: the val channel is empty: no png", "mend the data"],
    [
      "ValueError: cannot read the image /opt/ml/input/data/train/a/b.png: truncated",
      "the channel train has",
    ],
    ["ValueError: the classes of val differ from those of train: missing a", "mend the data"],
    ["ModuleNotFoundError: No module named 'monai.networks'", "add monai to requirements.txt"],
    ["[rank1]: ModuleNotFoundError: No module named 'monai'", "add monai to requirements.txt"],
    ['[rank1]:   File "/opt/ml/code/nets/dense.py", line 7, in forward', "mend nets/dense.py, line 7"],
    ["loss 3: channel 2", "mend the training script"],
    ["", "mend the training script"],
  ]) {
    it(`tells what to do after a script that said ${line || "nothing"}`, () => {
      assertSays(remedyOf(SCRIPT_FAILED as TrainingJobFacts, ["before", line]), next, "`pulumi up`");
    });
  }

  it("names the innermost line of the user's own code, of the last error", () => {
    const lines = [
      'File "/opt/ml/code/old.py", line 1, in f',
      "KeyError: 'SM_CHANNEL_TRAINING'",
      'File "/opt/ml/code/train.py", line 9, in <module>',
      'File "/opt/ml/code/model.py", line 5, in forward',
      'File "/opt/conda/lib/python3.11/site-packages/torch/nn/modules/module.py", line 1553, in _call_impl',
      "RuntimeError: mat1 and mat2 shapes cannot be multiplied",
    ];
    assertSays(remedyOf(SCRIPT_FAILED as TrainingJobFacts, lines.slice(2)), "mend model.py, line 5");
  });

  it("says what pip did not find", () => {
    const facts = {
      ...SCRIPT_FAILED,
      failureReason: "AlgorithmError: InstallRequirementsError:\nExitCode 1",
    };
    const line = "ERROR: No matching distribution found for torch==99";
    assertSays(
      remedyOf(facts as TrainingJobFacts, [line]),
      "mend requirements.txt: pip found no torch==99 (",
    );
  });
});

describe("isCapacityError", () => {
  for (const [reason, expected] of [
    ["CapacityError: Unable to provision requested ML compute capacity.", true],
    ["capacityError: please retry", true],
    ["AlgorithmError: CapacityError in my script", false],
    [undefined, false],
  ] as const) {
    it(`${expected ? "is" : "is not"} ${reason}`, () => assert.equal(isCapacityError(reason), expected));
  }
});
