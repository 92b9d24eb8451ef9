import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import * as tar from "tar";
import { digestOf, readSources, SourceBundle } from "../../components/sourceBundle";
import { inputsOf, runProgram, settled } from "./support/program";

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";

describe("SourceBundle", () => {
  let root: string;
  let folder: string;
  const temporary = process.env.TMPDIR;

  beforeEach(() => {
    root = fs.mkdtempSync(path.join(temporary ?? os.tmpdir(), "bundle-"));
    folder = path.join(root, "train");
    process.env.TMPDIR = path.join(root, "tmp");
    fs.mkdirSync(process.env.TMPDIR);
    write({ "train.py": "print(1)\n", "lib/model.py": "x = 1\n", "lib/deep/er/data.py": "y = 2\n" });
  });

  afterEach(() => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    fs.rmSync(root, { recursive: true });
  });

  function write(files: Record<string, string>): void {
    for (const [file, content] of Object.entries(files)) {
      fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      fs.writeFileSync(path.join(folder, file), content);
    }
  }

  const paths = (entryPoint = "train.py") => readSources(folder, entryPoint).map((file) => file.path);
  const digest = () => digestOf(readSources(folder, "train.py"));
  const bundle = (more: { prefix?: string } = {}) =>
    runProgram(
      () => new SourceBundle("code", { sourceDir: folder, entryPoint: "train.py", bucket: "ours", ...more }),
    );

  /** The archive that the bundle would upload. */
  async function archive(): Promise<string> {
    const { source } = inputsOf(await bundle(), OBJECT, "code-sourcedir");
    return String(await (source as pulumi.asset.FileAsset).path);
  }

  describe("content", () => {
    it("is every file of the folder, in a fixed order", () => {
      write({ "lib-tools.py": "" });
      assert.deepEqual(paths(), ["lib-tools.py", "lib/deep/er/data.py", "lib/model.py", "train.py"]);
    });

    it("leaves out version control, environments, caches and files that usually hold secrets", () => {
      write({
        ".git/config": "",
        ".venv/bin/python": "",
        "venv/x": "",
        "node_modules/x/index.js": "",
        "lib/__pycache__/model.cpython-311.pyc": "",
        "old.pyc": "",
        ".ipynb_checkpoints/a.ipynb": "",
        ".DS_Store": "",
        ".env": "TOKEN=1",
        "lib/.env.local": "TOKEN=1",
        "key.pem": "",
        ".aws/credentials": "",
      });
      assert.deepEqual(paths(), ["lib/deep/er/data.py", "lib/model.py", "train.py"]);
    });

    it("leaves out what .sourceignore names, and that file", () => {
      write({
        ".sourceignore": "# notes\n*.md\nlib/deep/\n/data*\n!KEEP.md\n",
        "README.md": "",
        "KEEP.md": "",
        "data.csv": "",
        "lib/data.csv": "",
      });
      assert.deepEqual(paths(), ["KEEP.md", "lib/data.csv", "lib/model.py", "train.py"]);
    });

    it("follows links to files and to folders, and ends", () => {
      fs.mkdirSync(path.join(root, "shared"));
      fs.writeFileSync(path.join(root, "shared", "util.py"), "u = 1\n");
      fs.symlinkSync(path.join(root, "shared", "util.py"), path.join(folder, "util.py"));
      fs.symlinkSync(path.join(root, "shared"), path.join(folder, "shared"));
      fs.symlinkSync("..", path.join(folder, "lib", "loop"));
      assert.deepEqual(paths(), [
        "lib/deep/er/data.py",
        "lib/model.py",
        "shared/util.py",
        "train.py",
        "util.py",
      ]);
    });

    it("leaves out links to nowhere, as editors make them", () => {
      fs.symlinkSync("user@host.1234:5678", path.join(folder, ".#train.py"));
      assert.deepEqual(paths(), ["lib/deep/er/data.py", "lib/model.py", "train.py"]);
    });
  });

  describe("is refused, saying what to do,", () => {
    it("without its folder", () => {
      assert.throws(
        () => readSources(path.join(root, "nowhere"), "train.py"),
        /is not a folder: set training:sourceDir/,
      );
    });

    it("without its entry point, naming what there is", () => {
      assert.throws(() => paths("main.py"), /entryPoint main\.py is not in .*it holds .*train\.py/);
      assert.throws(() => paths("deep/er/data.py"), /entryPoint/);
      assert.equal(paths("lib/model.py").length, 3);
    });

    it("when its ignore file leaves out the entry point", () => {
      write({ ".sourceignore": "train.py\n" });
      assert.throws(() => paths(), /or \.sourceignore leaves it out/);
    });

    it("over 100 MiB, naming the file at which it is", () => {
      write({ "weights.bin": "" });
      fs.truncateSync(path.join(folder, "weights.bin"), 100 * 1024 * 1024);
      assert.throws(() => paths(), /over 100 MiB at weights\.bin: name what is not code in .*\.sourceignore/);
      write({ ".sourceignore": "weights.bin\n" });
      assert.equal(paths().length, 3);
    });
  });

  describe("digest", () => {
    it("is the same for the same files, whenever they were written", () => {
      const before = digest();
      fs.utimesSync(path.join(folder, "train.py"), new Date(0), new Date(0));
      write({ "lib/model.py": "x = 1\n", "notes.pyc": "left out" });
      assert.equal(digest(), before);
      assert.match(before, /^[0-9a-f]{16}$/);
    });

    for (const [what, change] of Object.entries({
      "a byte changed": () => write({ "lib/model.py": "x = 2\n" }),
      "a file was added": () => write({ "empty.py": "" }),
      "a file was removed": () => fs.rmSync(path.join(folder, "lib/model.py")),
      "a file was renamed": () =>
        fs.renameSync(path.join(folder, "lib/model.py"), path.join(folder, "lib/models.py")),
    })) {
      it(`is another one when ${what}`, () => {
        const before = digest();
        change();
        assert.notEqual(digest(), before);
      });
    }
  });

  describe("archive", () => {
    it("holds the files by their plain paths, without dates and owners", async () => {
      const entries: { path: string; uid?: number; mtime?: Date }[] = [];
      await tar.list({
        file: await archive(),
        onReadEntry: ({ path: each, uid, mtime }) => void entries.push({ path: each, uid, mtime }),
      });
      assert.deepEqual(entries, [
        { path: "lib/deep/er/data.py", uid: undefined, mtime: new Date(0) },
        { path: "lib/model.py", uid: undefined, mtime: new Date(0) },
        { path: "train.py", uid: undefined, mtime: new Date(0) },
      ]);
    });

    it("has the files' contents, also of what was linked", async () => {
      fs.writeFileSync(path.join(root, "util.py"), "u = 1\n");
      fs.symlinkSync(path.join(root, "util.py"), path.join(folder, "util.py"));
      fs.symlinkSync(root, path.join(folder, "outer"));
      write({ ".sourceignore": "outer/tmp\nouter/train\n" });
      const unpacked = path.join(root, "unpacked");
      fs.mkdirSync(unpacked);
      await tar.extract({ file: await archive(), cwd: unpacked });
      assert.equal(fs.readFileSync(path.join(unpacked, "lib/model.py"), "utf8"), "x = 1\n");
      for (const linked of ["util.py", "outer/util.py"]) {
        assert.ok(fs.lstatSync(path.join(unpacked, linked)).isFile(), linked);
        assert.equal(fs.readFileSync(path.join(unpacked, linked), "utf8"), "u = 1\n");
      }
    });

    it("has the same bytes when it is packed again, elsewhere and later", async () => {
      const first = fs.readFileSync(await archive());
      fs.utimesSync(path.join(folder, "train.py"), new Date(), new Date());
      process.env.TMPDIR = path.join(root, "tmp2");
      fs.mkdirSync(process.env.TMPDIR);
      const again = await archive();
      assert.ok(again.startsWith(process.env.TMPDIR));
      assert.deepEqual(fs.readFileSync(again), first);
    });

    it("is not taken from a folder that only pretends to be the user's", async function () {
      if (process.getuid?.() !== 0) return this.skip(); // only root can make a folder that is another's
      const trap = path.join(String(process.env.TMPDIR), "pulumi-training-0");
      fs.mkdirSync(trap);
      fs.chownSync(trap, 1, 1);
      await assert.rejects(archive, /belongs to another user/);
    });
  });

  describe("object", () => {
    it("is stored under its content, kept for older jobs, and never uploaded again for other bytes", async () => {
      const program = await bundle();
      const { source: _source, ...inputs } = inputsOf(program, OBJECT, "code-sourcedir");
      assert.deepEqual(inputs, {
        bucket: "ours",
        key: `code/${digest()}/sourcedir.tar.gz`,
        contentType: "application/gzip",
      });
      const [, { parent, retainOnDelete, ignoreChanges }] = program.resources;
      assert.deepEqual(
        { parent, retainOnDelete, ignoreChanges },
        {
          parent: "code",
          retainOnDelete: true,
          ignoreChanges: ["source"],
        },
      );
      assert.equal(await settled(program.result.uri), `s3://ours/code/${digest()}/sourcedir.tar.gz`);
      assert.equal(program.result.digest, digest());
      assert.deepEqual(Object.keys(program.result.files), paths());
      assert.ok(Object.values(program.result.files).every((hash) => /^[0-9a-f]{8}$/.test(hash)));
    });

    it("goes under another prefix when told to", async () => {
      const { key } = inputsOf(await bundle({ prefix: "team/code" }), OBJECT, "code-sourcedir");
      assert.equal(key, `team/code/${digest()}/sourcedir.tar.gz`);
    });
  });
});
