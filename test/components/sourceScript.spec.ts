import assert from "node:assert/strict";
import { checkScript } from "../../components/sourceScript";

const file = (path: string, text = "", executable = false) => ({
  path,
  content: Buffer.from(text),
  executable,
  defines: true,
  sha256: "",
});

describe("source of a script", () => {
  const check = (files: ReturnType<typeof file>[], entryPoint: string, networkIsolation?: boolean) =>
    checkScript(files, { entryPoint, networkIsolation });

  it("is refused with an entry point in a folder beside a setup.py, which would be run as a module", () => {
    assert.throws(
      () => check([file("setup.py"), file("pipeline/train.py")], "pipeline/train.py"),
      /setup\.py beside it/,
    );
    assert.deepEqual(check([file("setup.py"), file("train.py")], "train.py"), []);
    assert.deepEqual(check([file("pipeline/setup.py"), file("pipeline/train.py")], "pipeline/train.py"), []);
    assert.deepEqual(check([file("setup.py"), file("bin/train.sh")], "bin/train.sh"), []);
  });

  it("is refused with a shell script that has Windows line ends, and warned about others", () => {
    const dos = "#!/bin/sh\r\necho\r\n";
    assert.throws(() => check([file("train.sh", dos)], "train.sh"), /train\.sh has Windows line ends/);
    assert.throws(() => check([file("train", dos)], "train"), /train has Windows line ends/);
    const [warning, ...more] = check(
      [file("train.sh", "#!/bin/sh\necho\n"), file("prep.sh", dos)],
      "train.sh",
    );
    assert.match(warning, /prep\.sh has Windows line ends/);
    assert.deepEqual(more, []);
  });

  it("may be Python with Windows line ends, which Python reads", () => {
    assert.deepEqual(check([file("train.py", "#!/usr/bin/env python\r\n")], "train.py"), []);
    assert.deepEqual(check([file("train.py", "#!/usr/bin/env python\r\n", true)], "train.py").length, 1);
  });

  it("is warned about requirements without a network to fetch them", () => {
    const files = [file("train.py"), file("requirements.txt")];
    assert.match(check(files, "train.py", true).join(), /requirements\.txt with networkIsolation/);
    assert.deepEqual(check(files, "train.py", false), []);
    assert.deepEqual(check([file("train.py")], "train.py", true), []);
  });
});
