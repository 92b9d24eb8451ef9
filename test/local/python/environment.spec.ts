import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { environmentPrefix, noFittingPython } from "../../../local/python/environment.ts";
import { ministack, training } from "../../../local/python/python.ts";

const folder = path.resolve(__dirname, "../../../local/python");
const read = (file: string) => readFileSync(path.join(folder, file), "utf8");

describe("Python environments", () => {
  it("are keyed by every file that decides what is in them", () => {
    const key = environmentPrefix(training);
    for (const file of ["training.txt", "data.txt", "build-constraints.txt"]) {
      const changed = environmentPrefix(training, (name) => read(name) + (name === file ? "\n" : ""));
      assert.notEqual(changed, key, file);
    }
    assert.equal(environmentPrefix(training), key);
    assert.match(key, /^python-training-[a-z0-9]+-[a-z0-9]+-[0-9a-f]{12}-$/);
  });

  it("say that only newer Pythons are there, and why uv got no other", () => {
    const bootstrap = {
      executable: "/usr/bin/python3",
      version: "3.13.0",
      venv: true,
      headers: true,
      cc: "cc",
    };
    const choice = { bootstrap, python: "3.11", minor: "3.11" };
    const [line, ...rest] = noFittingPython(training.python, choice, "cause: tcp: ECONNREFUSED").split("\n");
    assert.deepEqual([rest[0], rest[1]?.slice(0, 9)], ["  cause: tcp: ECONNREFUSED", "No answer"]);
    assert.equal(
      line,
      "Python 3.10, 3.11 or 3.12 with venv is needed, since torch 2.4.0 has no build for a newer one; only 3.13.0 was found, and uv could fetch no other: install one, or name it in TRAINING_BASE_PYTHON.",
    );
  });

  it("hold the versions of AWS's PyTorch 2.4 image", () => {
    const lock = read("training.txt");
    for (const pin of [
      "torch==2.4.0",
      "monai==1.4.0",
      "numpy==1.26.4",
      "sagemaker-training==5.1.4",
      "sagemaker-pytorch-training==3.0.0",
    ]) {
      assert.match(lock, new RegExp(`^${pin.replaceAll(".", "\\.")} `, "m"));
    }
  });

  for (const { name, locks } of [training, ministack]) {
    it(`${name}: every package is pinned and hashed, wherever it comes from`, () => {
      for (const file of locks) {
        const entries = read(file)
          .replaceAll("\\\n", " ")
          .split("\n")
          .filter((line) => line !== "" && !/^\s*#/.test(line));
        assert.ok(entries.length > 0);
        for (const entry of entries) assert.match(entry, /^[a-z0-9.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/);
        assert.doesNotMatch(read(file), /:\/\/|--index-url|--find-links/);
      }
    });
  }
});
