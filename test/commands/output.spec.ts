import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import * as tar from "tar";
import { unpack, writeWhole } from "../../commands/output";
import { isSetupError } from "./support";

describe("what a command writes", () => {
  let dir: string;
  beforeEach(() => {
    dir = fs.mkdtempSync(path.join(os.tmpdir(), "training-output-"));
    fs.mkdirSync(path.join(dir, "model"));
    fs.writeFileSync(path.join(dir, "model/model.pth"), "weights".repeat(1000));
    fs.writeFileSync(path.join(dir, "model/metrics.json"), "{}");
    fs.mkdirSync(path.join(dir, "out"));
  });
  afterEach(() => fs.rmSync(dir, { recursive: true, force: true }));

  const archive = (): Buffer =>
    tar
      .create({ gzip: true, cwd: path.join(dir, "model"), sync: true }, ["metrics.json", "model.pth"])
      .read() as Buffer;
  const at = (name: string) => path.join(dir, "out", name);

  it("is a file in a folder that is made where there is none, and takes the place of the last one", async () => {
    for (const text of ["one", "two"]) {
      await writeWhole(at("a/b/report.html"), text);
      assert.deepEqual(fs.readdirSync(at("a/b")), ["report.html"]);
      assert.equal(fs.readFileSync(at("a/b/report.html"), "utf8"), text);
    }
  });

  it("is said to be impossible where a folder is in its place, or a file in that of its folder; nothing is left", async () => {
    await assert.rejects(writeWhole(path.join(dir, "out"), "x"), isSetupError(/cannot be written: .*--out/s));
    await assert.rejects(
      writeWhole(path.join(dir, "model/model.pth/report.html"), "x"),
      isSetupError(/cannot be written: .*--out/s),
    );
    assert.deepEqual(fs.readdirSync(dir).sort(), ["model", "out"]);
  });

  it("is what is in a model artifact", async () => {
    assert.deepEqual(await unpack(Readable.from([archive()]), at("new/one")), ["metrics.json", "model.pth"]);
    assert.equal(fs.statSync(at("new/one/model.pth")).size, 7000);
  });

  it("is never called unpacked where a file of it could not be written", async () => {
    fs.mkdirSync(at("model.pth"));
    fs.writeFileSync(at("model.pth/mine"), "");
    await assert.rejects(unpack(Readable.from([archive()]), at("")), isSetupError(/model\.pth.*--out/s));
  });

  it("is never called unpacked where the archive is cut off, or is none", async () => {
    const whole = archive();
    for (const part of [whole.subarray(0, whole.length - 40), Buffer.from("no archive at all")]) {
      await assert.rejects(unpack(Readable.from([part]), at("")), isSetupError(/cannot be unpacked/));
    }
  });

  it("is said to be impossible where a file is in the place of the folder", async () => {
    await assert.rejects(
      unpack(Readable.from([archive()]), path.join(dir, "model/model.pth")),
      isSetupError(/cannot be unpacked to .*--out/s),
    );
  });
});
