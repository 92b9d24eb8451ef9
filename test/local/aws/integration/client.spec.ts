import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type EnsureOptions,
  ensureLocalAws,
  localAwsStatus,
  resetLocalAws,
  stopLocalAws,
} from "../../../../local/aws/client.ts";
import { ensureMinistackPython, ensureTrainingPython } from "../../../../local/python/python.ts";
import { run } from "../../../../local/run.ts";
import { SetupError } from "../../../../local/setupError.ts";

describe("the client of the local AWS", function () {
  this.timeout(120_000);
  let options: EnsureOptions;
  const lines: string[] = [];

  before(async () => {
    const quiet = () => undefined;
    options = {
      stateDir: mkdtempSync(path.join(tmpdir(), "local-aws-client-")),
      trainingPython: await ensureTrainingPython(quiet),
      ministackPython: await ensureMinistackPython(quiet),
      report: (line) => lines.push(line),
    };
  });
  after(async () => {
    await stopLocalAws(options.stateDir);
    rmSync(options.stateDir, { recursive: true, force: true });
  });

  it("starts one local AWS, however many ask for it", async () => {
    const all = await Promise.all([1, 2, 3].map(() => ensureLocalAws(options)));
    assert.equal(new Set(all.map(({ pid }) => pid)).size, 1);
    assert.deepEqual(lines, [`Local AWS started on ${all[0].endpoint}`]);
    assert.deepEqual(await localAwsStatus(options.stateDir), { running: true, ...all[0] });
    const started = Date.now();
    assert.deepEqual(await ensureLocalAws(options), all[0]);
    assert.ok(Date.now() - started < 1000);
  });

  it("sets its faults from the command line, and says when it does not run", async () => {
    await ensureLocalAws(options);
    const script = path.resolve(__dirname, "../../../../local/control.ts");
    const control = (stateDir: string, ...args: string[]) =>
      run(process.execPath, [script, ...args], { env: { ...process.env, TRAINING_STATE_DIR: stateDir } });
    const set = await control(options.stateDir, "faults", '{"quotas":{"ml.g5.xlarge":2}}');
    assert.deepEqual([set.code, JSON.parse(set.stdout).quotas], [0, { "ml.g5.xlarge": 2 }], set.output);
    const shown = await control(options.stateDir, "faults");
    assert.deepEqual(JSON.parse(shown.stdout), JSON.parse(set.stdout));
    assert.equal((await control(options.stateDir, "faults", "{}")).code, 0);
    assert.equal((await control(options.stateDir, "faults", '{"a":1}')).code, 1);
    const stopped = await control(path.join(options.stateDir, "none"), "calls");
    assert.deepEqual(
      [stopped.code, stopped.output],
      [1, "The local AWS does not run: start it with `npm run local`.\n"],
    );
  });

  it("stops it, and keeps its port for the next start", async () => {
    const { port } = await ensureLocalAws(options);
    assert.equal(await stopLocalAws(options.stateDir), true);
    assert.equal(await stopLocalAws(options.stateDir), false);
    assert.deepEqual(await localAwsStatus(options.stateDir), { running: false });
    assert.equal((await ensureLocalAws(options)).port, port);
  });

  it("resets it while it runs", async () => {
    await ensureLocalAws(options);
    await resetLocalAws(options.stateDir);
    assert.deepEqual(readdirSync(options.stateDir), []);
  });

  it("says why it did not start", async () => {
    await assert.rejects(
      ensureLocalAws({ ...options, ministackPython: "/does/not/exist" }),
      (error: Error) => {
        assert.ok(error instanceof SetupError);
        assert.match(
          error.message,
          /The local AWS did not start\. The end of .*aws\.log:\n[\s\S]*\/does\/not\/exist/,
        );
        return true;
      },
    );
    assert.equal(existsSync(path.join(options.stateDir, "aws.json")), false);
  });
});
