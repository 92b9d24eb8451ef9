import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";

describe("alarms of the local CloudWatch", function () {
  this.timeout("40 min"); // seconds; the first time, the Python environment is installed

  it("pass their Python tests", async () => {
    const { ensureMinistackPython } = await import("../../../../local/python/python.ts");
    const python = await ensureMinistackPython((line) => console.log(`    ${line}`));
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
    const tests = spawnSync(python, ["-m", "unittest", "--verbose"], {
      cwd: __dirname,
      env,
      encoding: "utf8",
    });
    assert.equal(tests.status, 0, `${tests.stdout}\n${tests.stderr}`);
    assert.match(tests.stderr, /^Ran [1-9]\d* tests in /m);
  });
});
