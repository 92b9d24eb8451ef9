import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { containerCommand } from "../../../../../local/aws/training/process/command.ts";

const command = (ContainerEntrypoint?: string[], ContainerArguments?: string[]) =>
  containerCommand(
    { AlgorithmSpecification: { TrainingInputMode: "File", ContainerEntrypoint, ContainerArguments } },
    "/base",
  );

describe("the command of a container", () => {
  it("is the toolkit's, also where the image is told so", () => {
    assert.deepEqual(command(), []);
    assert.deepEqual(command(undefined, []), []);
    assert.deepEqual(command(undefined, ["train"]), []);
  });

  it("is the request's, with its files where they are", () => {
    assert.deepEqual(command(["python", "/opt/ml/code/x.py"], ["--out", "/opt/ml/model"]), [
      ...["python", "/base/code/x.py", "--out", "/base/model"],
    ]);
  });

  it("is what the image's shell makes of arguments alone", () => {
    const [shell, ...words] = command(undefined, ["echo", "a  b", "/opt/ml/model;", "echo", "$((1+1))"]);
    assert.equal(execFileSync(shell, words, { encoding: "utf8" }), "a b /base/model;\n2\n".replace(";", ""));
  });
});
