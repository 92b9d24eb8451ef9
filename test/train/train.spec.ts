import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";

/** The Python tests beside this file, in the training environment: `test_*.py`, run by `unittest`. */
describe("train.py", function () {
  this.timeout("40 min"); // 1 to 2 on a quiet machine; the first time, the Python environment is installed

  it("passes its Python tests", async () => {
    const { ensureTrainingPython } = await import("../../local/python/python.ts");
    const python = await ensureTrainingPython((line) => console.log(`    ${line}`));
    const env = { ...process.env, OMP_NUM_THREADS: "1", PYTHONDONTWRITEBYTECODE: "1" };
    const tests = spawnSync(python, ["-m", "unittest", "--verbose"], {
      cwd: __dirname,
      env,
      encoding: "utf8",
    });
    // unittest reports on its standard error, and exits with 0 also when it skipped tests or found none.
    assert.equal(tests.status, 0, `${tests.stdout}\n${tests.stderr}`);
    assert.match(tests.stderr, /^Ran [1-9]\d* tests in /m);
    // Where there is no GPU, what only a GPU can tell is skipped, and nothing else.
    assert.match(tests.stderr, /^OK( \(skipped=1\))?$/m, tests.stderr);
  });
});
