import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { digestOf, readSources } from "../../components/sourceFiles";
import { SourceFolder } from "./support/sourceFolder";

describe("source files", () => {
  let folder: SourceFolder;
  beforeEach(() => {
    folder = new SourceFolder();
  });
  afterEach(() => folder.dispose());

  const sources = (entryPoint = "train.py") => readSources("train", entryPoint);
  const paths = (entryPoint = "train.py") => sources(entryPoint).files.map((file) => file.path);
  const digest = () => digestOf(sources().files);
  const CODE = ["lib/deep/er/data.py", "lib/model.py", "train.py"];

  it("are every file of the folder, in a fixed order", () => {
    folder.write({ "lib-tools.py": "", "@types/x.py": "" });
    assert.deepEqual(paths(), ["@types/x.py", "lib-tools.py", ...CODE]);
  });

  describe("leave out", () => {
    for (const file of [
      ".git/config",
      ".training/code/0.tar.gz",
      ".venv/bin/python",
      "venv/x",
      "node_modules/x/index.js",
      "lib/__pycache__/model.cpython-311.pyc",
      "old.pyc",
      ".ipynb_checkpoints/a.ipynb",
      ".DS_Store",
      ".env",
      "lib/.env.local",
      ".netrc",
      "lib/id_rsa",
      "id_ed25519",
      "lib/credentials",
      "server.key",
      "key.pem",
      "store.p12",
      ".aws/config",
      ".ssh/known_hosts",
      ".docker/config.json",
      ".git-credentials",
      ".pypirc",
      ".npmrc",
      "client_secret_1.json",
    ]) {
      it(`${file}, unless .sourceignore brings it back`, () => {
        folder.write({ [file]: "" });
        assert.deepEqual(paths(), CODE);
        const [top] = file.split("/");
        const named =
          top === "lib" ? file.slice(0, file.lastIndexOf("/") + 1) + path.basename(file) : `${top}`;
        folder.write({ ".sourceignore": `!${named}\n!${path.dirname(file)}/\n!${file}\n` });
        assert.ok(paths().includes(file), file);
      });
    }

    it("no Python package that is called like a file of secrets", () => {
      folder.write({ "credentials/__init__.py": "", "lib/keys.key.py": "" });
      assert.deepEqual(paths(), ["credentials/__init__.py", CODE[0], "lib/keys.key.py", CODE[1], CODE[2]]);
    });

    it("what .sourceignore names, and that file", () => {
      folder.write({
        ".sourceignore": "# notes\n*.md\nlib/deep/\n/data*\n!KEEP.md\n",
        "README.md": "",
        "KEEP.md": "",
        "data.csv": "",
        "lib/data.csv": "",
      });
      assert.deepEqual(paths(), ["KEEP.md", "lib/data.csv", "lib/model.py", "train.py"]);
    });

    it("what git ignores: by the .gitignore of the project, of the folder and of folders in it", () => {
      folder.writeProject({ ".gitignore": "*.log\n/train/local.py\n", "train/.gitignore": "secrets.json\n" });
      folder.write({
        "a.log": "",
        "local.py": "",
        "secrets.json": "",
        "lib/secrets.json": "",
        "lib/.gitignore": "/model.py\n!keep.log\n",
        "lib/keep.log": "",
      });
      assert.deepEqual(paths(), [".gitignore", "lib/.gitignore", CODE[0], "lib/keep.log", "train.py"]);
      assert.deepEqual(sources().leftOut, [
        { path: "a.log", by: "../.gitignore" },
        { path: "lib/model.py", by: "lib/.gitignore" },
        { path: "lib/secrets.json", by: ".gitignore" },
        { path: "local.py", by: "../.gitignore" },
        { path: "secrets.json", by: ".gitignore" },
      ]);
    });

    it("what git ignores from the top of the repository, not from beyond it", () => {
      const { project } = folder;
      fs.mkdirSync(path.join(project, "ml", ".git"), { recursive: true });
      folder.writeProject({
        ".gitignore": "train.py\n",
        "ml/.gitignore": "x.py\n",
        "ml/job/train/train.py": "",
        "ml/job/train/x.py": "",
      });
      process.chdir(path.join(project, "ml", "job"));
      assert.deepEqual(paths(), ["train.py"]);
    });

    it("nothing of a folder that git ignores as a whole, but that is named as the source", () => {
      folder.writeProject({ ".gitignore": "train/\n*.log\n" });
      folder.write({ "a.log": "" });
      assert.deepEqual(paths(), ["a.log", ...CODE]);
    });

    it("what git ignores, unless .sourceignore brings it back", () => {
      folder.write({ ".gitignore": "weights.bin\n", "weights.bin": "", ".sourceignore": "!weights.bin\n" });
      assert.deepEqual(paths(), [".gitignore", ...CODE, "weights.bin"]);
    });

    it("links to nowhere and folders that are being walked already, saying so but for those that editors make", () => {
      fs.symlinkSync("user@host.1234:5678", folder.at(".#train.py"));
      fs.symlinkSync("..", folder.at("lib/loop"));
      fs.symlinkSync("../../shared/tokens.json", folder.at("lib/tokens.json"));
      assert.deepEqual(paths(), CODE);
      assert.deepEqual(sources().leftOut, [
        { path: "lib/loop/", by: "a link to a folder around it" },
        { path: "lib/tokens.json", by: "a link to nowhere" },
      ]);
    });

    it("what is no file, saying so", () => {
      execFileSync("mkfifo", [folder.at("pipe")]);
      assert.deepEqual(paths(), CODE);
      assert.deepEqual(sources().leftOut, [{ path: "pipe", by: "no file" }]);
    });

    it("what a .gitignore of Windows names, with its mark of UTF-8 and its line ends", () => {
      folder.write({ ".gitignore": "\ufeff*.bin\r\n*.csv\r\n", "a.bin": "", "b.csv": "" });
      assert.deepEqual(paths(), [".gitignore", ...CODE]);
      folder.write({ ".gitignore": "", ".sourceignore": "\ufeff*.bin\r\n*.csv\r\n" });
      assert.deepEqual(paths(), [".gitignore", ...CODE]);
    });

    it("just what .sourceignore names, by capital letters too, as git does", () => {
      folder.write({ ".sourceignore": "LIB/\n*.Py\n", ".identityignore": "LIB/\n" });
      assert.deepEqual(paths(), CODE);
      assert.ok(sources().files.every(({ defines }) => defines));
    });

    it("caches without a word, everything else with its reason", () => {
      folder.write({
        "lib/__pycache__/x.pyc": "",
        "key.pem": "",
        ".venv/x": "",
        ".sourceignore": "*.md\n",
        "a.md": "",
      });
      assert.deepEqual(sources().leftOut, [
        { path: ".venv/", by: "never code" },
        { path: "a.md", by: ".sourceignore" },
        { path: "key.pem", by: "may hold secrets" },
      ]);
    });
  });

  it("follow links to files and to folders", () => {
    folder.writeProject({ "shared/util.py": "u = 1\n" });
    fs.symlinkSync(path.join(folder.project, "shared", "util.py"), folder.at("util.py"));
    fs.symlinkSync(path.join(folder.project, "shared"), folder.at("shared"));
    const { files } = sources();
    assert.deepEqual(
      files.map((file) => file.path),
      [CODE[0], CODE[1], "shared/util.py", CODE[2], "util.py"],
    );
    assert.equal(files[4].content.toString(), "u = 1\n");
  });

  it("are another training when they change, but for those that .identityignore names", () => {
    const before = digest();
    folder.write({
      "serving/inference.py": "1",
      "train.md": "1",
      ".identityignore": "serving/\n*.md\ntrain.py\n",
    });
    assert.equal(digest(), before);
    assert.deepEqual(
      sources().files.filter(({ defines }) => !defines),
      sources().files.filter(({ path: each }) => ["serving/inference.py", "train.md"].includes(each)),
    );
    folder.write({ "train.py": "another" });
    assert.notEqual(digest(), before, "the entry point counts");
  });

  describe("are refused, saying what to do,", () => {
    it("without their folder", () => {
      assert.throws(() => readSources("nowhere", "train.py"), /is not a folder: set training:sourceDir/);
    });

    it("without the entry point, naming what there is", () => {
      assert.throws(() => paths("go.sh"), /entryPoint go\.sh is not in train: it holds .*train\.py/);
      assert.throws(() => paths("deep/er/data.py"), /entryPoint/);
      assert.equal(paths("lib/model.py").length, 3);
    });

    it("with the entry point that is meant, however many files there are", () => {
      folder.write(Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`a${at}.py`, ""])));
      for (const [written, meant] of [
        ["./train.py", "train.py"],
        ["train/train.py", "train.py"],
        [folder.at("train.py"), "train.py"],
        ["Train.py", "train.py"],
        ["train", "train.py"],
        ["model.py", "lib/model.py"],
        ["lib\\model.py", "lib/model.py"],
        ["trian.py", "train.py"],
      ]) {
        assert.throws(
          () => paths(written),
          ({ message }: Error) =>
            message.includes(`is not in train: did you mean ${meant}? It is relative to sourceDir.`),
          written,
        );
      }
      assert.throws(() => paths("nothing.like.it"), /is not in train: it holds a0\.py, .*, and 5 more\./);
    });

    it("with an entry point that is a link to nowhere", () => {
      fs.rmSync(folder.at("train.py"));
      fs.symlinkSync("../gone.py", folder.at("train.py"));
      assert.throws(() => paths(), /entryPoint train\.py is a link to nowhere/);
    });

    it("when the entry point is left out, naming by what and how to bring it back", () => {
      folder.write({ ".sourceignore": "train.py\n" });
      assert.throws(
        () => paths(),
        /\.sourceignore leaves out train\.py\. Bring it back with a line !train\.py in train\/\.sourceignore/,
      );
      folder.write({ ".sourceignore": "", ".gitignore": "lib/\n" });
      assert.throws(() => paths("lib/model.py"), /\.gitignore leaves out lib\/\. /);
    });

    it("over 100 MiB, naming the file at which they are", () => {
      folder.write({ "weights.bin": "" });
      fs.truncateSync(folder.at("weights.bin"), 100 * 1024 * 1024);
      assert.throws(() => paths(), /over 100 MiB at weights\.bin: name what is not code in .*\.sourceignore/);
      folder.write({ ".sourceignore": "weights.bin\n" });
      assert.equal(paths().length, 3);
    });
  });

  describe("have a digest that", () => {
    it("is the same for the same files, whenever they were written", () => {
      const before = digest();
      fs.utimesSync(folder.at("train.py"), new Date(0), new Date(0));
      folder.write({ "lib/model.py": "x = 1\n", "notes.pyc": "left out" });
      assert.equal(digest(), before);
    });

    it("never changes between versions of this program: another one trains everything again", () => {
      assert.equal(digest(), "3559d5eff37ec5bf");
    });

    for (const [what, change] of Object.entries({
      "a byte changed": () => folder.write({ "lib/model.py": "x = 2\n" }),
      "a file was added": () => folder.write({ "empty.py": "" }),
      "a file was removed": () => fs.rmSync(folder.at("lib/model.py")),
      "a file was renamed": () => fs.renameSync(folder.at("lib/model.py"), folder.at("lib/models.py")),
      "a file may be run": () => fs.chmodSync(folder.at("lib/model.py"), 0o755),
    })) {
      it(`is another one when ${what}`, () => {
        const before = digest();
        change();
        assert.notEqual(digest(), before);
      });
    }

    it("does not tell apart modes that only the umask of a machine makes", () => {
      const before = digest();
      fs.chmodSync(folder.at("lib/model.py"), 0o664);
      assert.equal(digest(), before);
    });
  });
});
