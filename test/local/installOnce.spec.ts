import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { installOnce } from "../../local/installOnce.ts";

describe("installOnce", () => {
  let root: string;
  let dir: string;
  let builds: number;
  const lines: string[] = [];
  const report = (line: string) => void lines.push(line);

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "install-"));
    dir = path.join(root, "cache", "thing-1");
    builds = 0;
    lines.length = 0;
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const build = async (into: string) => {
    builds += 1;
    writeFileSync(path.join(into, "content"), `build ${builds}`);
  };
  const install = (more: Partial<Parameters<typeof installOnce>[0]> = {}) =>
    installOnce({ dir, what: "the thing", build, pollMs: 1, ...more }, report);
  const content = () => readFileSync(path.join(dir, "content"), "utf8");

  it("builds once and leaves only the finished folder", async () => {
    assert.equal(await install(), dir);
    assert.equal(await install(), dir);
    assert.equal(builds, 1);
    assert.deepEqual(readdirSync(path.dirname(dir)), ["locks", "thing-1"]);
  });

  it("has runs at the same time share one build, and says that they wait", async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const slow = async (into: string) => {
      await finished;
      await build(into);
    };
    const first = install({ build: slow });
    const others = [install({ build: slow }), install({ build: slow })];
    while (lines.length < 2) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(existsSync(dir), false);
    finish();
    await Promise.all([first, ...others]);
    assert.equal(builds, 1);
    assert.deepEqual(lines, Array(2).fill("Waiting for another run that is installing the thing ..."));
  });

  it("leaves nothing behind when the build fails, and tries again the next time", async () => {
    const failing = async (into: string) => {
      writeFileSync(path.join(into, "half"), "");
      throw new Error("no network");
    };
    await assert.rejects(install({ build: failing }), /no network/);
    assert.deepEqual(readdirSync(path.dirname(dir)), ["locks"]);
    await install();
    assert.equal(content(), "build 1");
  });

  it("removes the folder of a run that was killed", async () => {
    mkdirSync(`${dir}.tmp-killed`, { recursive: true });
    await install();
    assert.deepEqual(readdirSync(path.dirname(dir)), ["locks", "thing-1"]);
    assert.deepEqual(lines, []);
  });

  it("builds again what no longer works", async () => {
    await install();
    const isUsable = () => existsSync(dir) && content() !== "build 1";
    await install({ isUsable });
    assert.equal(content(), "build 2");
  });
});
