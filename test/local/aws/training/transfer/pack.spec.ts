import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { extract } from "tar";
import { ensureTrainingPython } from "../../../../../local/python/python.ts";
import { run } from "../../../../../local/run.ts";

const packer = path.resolve(__dirname, "../../../../../local/aws/training/transfer/pack.py");
const megabyte = 1024 * 1024;

describe("the archive of a model", function () {
  this.timeout(60_000);
  let dir: string;
  let python: string;

  before(async () => {
    python = await ensureTrainingPython(() => undefined);
  });
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), "pack-"));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  async function pack(contents: Record<string, Buffer>, folders: string[] = []): Promise<string> {
    const archive = path.join(dir, "model.tar.gz");
    const at = (name: string) => path.join(dir, "model", name);
    for (const folder of folders) mkdirSync(at(folder), { recursive: true });
    for (const [name, content] of Object.entries(contents)) {
      mkdirSync(path.dirname(at(name)), { recursive: true });
      writeFileSync(at(name), content);
    }
    const input = [...folders, ...Object.keys(contents)].map((name) => `${name}\0${at(name)}\0`).join("");
    const done = await run(python, ["-I", "-X", "utf8", packer, archive], { input });
    assert.equal(done.code, 0, done.output);
    return archive;
  }

  it("gives back every file as it was, whatever is in it", async () => {
    const contents = {
      "code/inference.py": Buffer.from("print('hello')\n".repeat(10)),
      "empty.txt": Buffer.alloc(0),
      "model.pth": randomBytes(2 * megabyte + 12_345),
      "zeros.bin": Buffer.alloc(3 * megabyte),
    };
    const archive = await pack(contents, ["logs"]);
    const out = path.join(dir, "out");
    mkdirSync(out);
    await extract({ file: archive, cwd: out, strict: true });
    for (const [name, content] of Object.entries(contents)) {
      assert.ok(readFileSync(path.join(out, name)).equals(content), name);
    }
    assert.ok(statSync(path.join(out, "logs")).isDirectory());

    const again = "import sys, tarfile; print(sorted(tarfile.open(sys.argv[1], 'r:gz').getnames()))";
    const { stdout } = await run(python, ["-c", again, archive]);
    assert.equal(stdout.trim(), "['code/inference.py', 'empty.txt', 'logs', 'model.pth', 'zeros.bin']");
    gunzipSync(readFileSync(archive)); // checks length and CRC
  });

  it("compresses what gets smaller, and keeps as it is what does not", async () => {
    const text = Buffer.from(
      Array.from({ length: 60_000 }, (_, index) => `epoch ${index} loss 0.5\n`).join(""),
    );
    const small = statSync(await pack({ "log.txt": text })).size;
    assert.ok(small < text.length / 2, `${small} of ${text.length} bytes`);

    // Like 32-bit weights: of every fourth byte, sign and exponent, only some bits vary.
    const weights = Buffer.alloc(2 * megabyte);
    randomBytes(weights.length).copy(weights);
    for (let at = 3; at < weights.length; at += 4) weights[at] = 0x38 + (weights[at] & 7);
    const kept = statSync(await pack({ "model.pth": weights })).size;
    assert.ok(kept < weights.length * 1.01, `${kept} of ${weights.length} bytes`);
  });

  it("has nothing in it but an end when there is no file", async () => {
    const bytes = gunzipSync(readFileSync(await pack({})));
    assert.ok(bytes.every((byte) => byte === 0));
  });
});
