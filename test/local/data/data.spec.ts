import assert from "node:assert/strict";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureTrainingData } from "../../../local/data/data.ts";

describe("ensureTrainingData", () => {
  let cacheDir: string;
  let calls: string;
  const report = () => undefined;

  beforeEach(() => {
    cacheDir = mkdtempSync(path.join(tmpdir(), "images-"));
    calls = path.join(cacheDir, "calls");
  });
  afterEach(() => rmSync(cacheDir, { recursive: true }));

  /** A "Python" that notes how it was called, then runs shell lines with the output folder in `$2`. */
  function fakePython(lines: string): string {
    const file = path.join(cacheDir, "python");
    writeFileSync(file, `#!/bin/sh\necho "$1" >> "${calls}"\n${lines}\n`);
    chmodSync(file, 0o755);
    return file;
  }

  it("makes the images once", async () => {
    const trainingPython = fakePython('mkdir -p "$2/train/a" "$2/val/a"');
    const first = await ensureTrainingData({ trainingPython, cacheDir, report });
    const second = await ensureTrainingData({ trainingPython, cacheDir, report });
    assert.equal(first, second);
    assert.match(path.basename(first), /^images-[0-9a-f]{12}$/);
    assert.ok(existsSync(path.join(first, "train", "a")));
    const scripts = readFileSync(calls, "utf8").trim().split("\n");
    assert.deepEqual(
      scripts.map((script) => path.basename(script)),
      ["make_images.py"],
    );
  });

  it("leaves nothing half made when the script fails, and says why", async () => {
    const trainingPython = fakePython('mkdir "$2/train"\necho "no space left" >&2\nexit 3');
    await assert.rejects(
      ensureTrainingData({ trainingPython, cacheDir, report }),
      /Making the training images failed \(.*python ended with 3\):\n {2}no space left/,
    );
    const left = readdirSync(cacheDir).filter((name) => name.startsWith("images-"));
    assert.deepEqual(left, []);
  });
});
