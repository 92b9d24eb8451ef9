import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { installOnce } from "../../local/installOnce.ts";
import { run } from "../../local/run.ts";
import { sideBySide } from "../../local/sideBySide.ts";

describe("sideBySide", () => {
  it("does both at the same time, and returns what both gave", async () => {
    let meet: (value: string) => void = () => {};
    const met = new Promise<string>((resolve) => {
      meet = resolve;
    });
    const both = await sideBySide(
      () => met,
      async () => {
        meet("seen");
        return 2;
      },
    );
    assert.deepEqual(both, ["seen", 2]);
  });

  it("ends what the other one runs when one fails, and leaves nothing half built", async () => {
    const cache = mkdtempSync(path.join(tmpdir(), "side-by-side-"));
    const dir = path.join(cache, "built");
    let started: () => void = () => {};
    const running = new Promise<void>((resolve) => {
      started = resolve;
    });
    const build = async (into: string) => {
      const command = run(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { cwd: into });
      started();
      const { signal } = await command;
      throw new Error(`ended by ${signal}`);
    };
    const failing = sideBySide(
      () => installOnce({ dir, what: "it", build }, () => {}),
      async () => {
        await running;
        throw new Error("no network");
      },
    );
    await assert.rejects(failing, /no network/);
    assert.equal(existsSync(dir), false);
    assert.deepEqual(
      readdirSync(cache).filter((name) => name.includes(".tmp-")),
      [],
    );
    rmSync(cache, { recursive: true });
  });
});
