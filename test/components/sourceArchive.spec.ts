import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import * as tar from "tar";
import { archiveOf, writeArchive } from "../../components/sourceArchive";
import { digestOf, readSources } from "../../components/sourceFiles";
import { SourceFolder } from "./support/sourceFolder";

describe("source archive", () => {
  let folder: SourceFolder;
  beforeEach(() => {
    folder = new SourceFolder();
  });
  afterEach(() => folder.dispose());

  const read = () => readSources("train", "train.py").files;
  const write = () => writeArchive(read(), digestOf(read()));

  it("has the files by their plain paths, without dates, owners or the machine's umask", async () => {
    fs.chmodSync(folder.at("train.py"), 0o600);
    fs.chmodSync(folder.at("lib/model.py"), 0o775);
    const entries: unknown[] = [];
    await tar.list({
      file: write(),
      onReadEntry: ({ path: each, uid, mode, mtime }) => void entries.push({ path: each, uid, mode, mtime }),
    });
    const mtime = new Date(0);
    assert.deepEqual(entries, [
      { path: "lib/deep/er/data.py", uid: undefined, mode: 0o644, mtime },
      { path: "lib/model.py", uid: undefined, mode: 0o755, mtime },
      { path: "train.py", uid: undefined, mode: 0o644, mtime },
    ]);
  });

  it("is unpacked to what was packed, whatever the paths and sizes", async () => {
    const files = {
      "@types/x.py": "at",
      "empty.py": "",
      "ä/größe ✓.txt": "unicode",
      [`${"long/".repeat(50)}${"name".repeat(20)}.py`]: "long",
      "-rf": "dash",
      "big.bin": "0123456789abcdef".repeat(20_000),
    };
    folder.write(files);
    fs.mkdirSync("unpacked");
    await tar.extract({ file: write(), cwd: "unpacked", strict: true });
    for (const [file, content] of Object.entries({ ...files, "train.py": "print(1)\n" })) {
      assert.equal(fs.readFileSync(path.join("unpacked", file), "utf8"), content, file);
    }
  });

  it("can be read by other programs", async () => {
    folder.write({ "ä.txt": "x" });
    const { execFileSync } = await import("node:child_process");
    const listed = execFileSync("python3", [
      "-c",
      "import sys,tarfile;print(tarfile.open(sys.argv[1]).getnames())",
      write(),
    ]);
    assert.equal(String(listed).trim(), "['lib/deep/er/data.py', 'lib/model.py', 'train.py', 'ä.txt']");
  });

  it("has the same bytes on every machine, with every version of zlib", () => {
    const hash = createHash("sha256").update(archiveOf(read())).digest("hex");
    assert.equal(hash, "76c49f5e83401db361f1755a1aa64106a887651560b985ace95d9ec6d898b34a");
  });

  it("is written to a path inside the project that git leaves alone, and again where it is missing or wrong", () => {
    const file = write();
    assert.equal(file, `.training/code/${digestOf(read())}.tar.gz`);
    assert.equal(fs.readFileSync(".training/.gitignore", "utf8"), "*\n");
    const bytes = fs.readFileSync(file);
    fs.rmSync(".training", { recursive: true });
    assert.equal(write(), file);
    assert.deepEqual(fs.readFileSync(file), bytes);
    fs.writeFileSync(file, bytes.subarray(1));
    write();
    assert.deepEqual(fs.readFileSync(file), bytes);
  });

  it("does not pile up", () => {
    const old = write();
    fs.utimesSync(old, new Date(0), new Date(0));
    folder.write({ "train.py": "print(2)\n" });
    const now = write();
    assert.deepEqual(fs.readdirSync(".training/code"), [path.basename(now)]);
  });
});
