import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { sourceCommit } from "../../components/sourceCommit";
import { SourceFolder } from "./support/sourceFolder";

const FILES = ["lib/deep/er/data.py", "lib/model.py", "train.py"];

describe("sourceCommit", () => {
  let folder: SourceFolder;
  beforeEach(() => {
    folder = new SourceFolder();
  });
  afterEach(() => folder.dispose());

  /** Git with no settings of whoever runs the tests. */
  const git = (...args: string[]) =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.com", ...args], {
      cwd: folder.project,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
    }).trim();
  const committed = () => {
    git("init");
    git("add", ".");
    git("commit", "--no-gpg-sign", "-m", "first");
    return git("rev-parse", "HEAD");
  };

  it("is the commit that holds exactly these files", () => {
    const commit = committed();
    assert.deepEqual(sourceCommit("train", FILES), { commit, clean: true });
  });

  it("is unclean with a file that is changed, new, gone, or kept out of git", () => {
    const commit = committed();
    const cases: Record<string, () => void> = {
      changed: () => folder.write({ "train.py": "print(2)\n" }),
      staged: () => {
        folder.write({ "train.py": "print(2)\n" });
        git("add", ".");
      },
      new: () => folder.write({ "more.py": "" }),
      gone: () => fs.rmSync(folder.at("lib/model.py")),
      "kept out of git": () => {
        fs.writeFileSync(`${folder.project}/.git/info/exclude`, "more.py\n");
        folder.write({ "more.py": "" });
      },
    };
    for (const [what, change] of Object.entries(cases)) {
      change();
      const files = FILES.filter((file) => fs.existsSync(folder.at(file)));
      if (fs.existsSync(folder.at("more.py"))) files.push("more.py");
      assert.deepEqual(sourceCommit("train", files), { commit, clean: false }, what);
      git("reset", "--hard");
      git("clean", "-xdf");
    }
  });

  it("does not mind the rest of the repository", () => {
    const commit = committed();
    folder.writeProject({ "Pulumi.dev.yaml": "config: {}\n" });
    assert.deepEqual(sourceCommit("train", FILES), { commit, clean: true });
  });

  it("is that of the folder, whatever repository the environment points at", () => {
    const commit = committed();
    process.env.GIT_DIR = "/nowhere";
    try {
      assert.deepEqual(sourceCommit("train", FILES), { commit, clean: true });
    } finally {
      delete process.env.GIT_DIR;
    }
  });

  it("is none without a repository, without a commit, and without git", () => {
    assert.equal(sourceCommit("train", FILES), undefined);
    git("init");
    assert.equal(sourceCommit("train", FILES), undefined);
    const { PATH } = process.env;
    process.env.PATH = "/nowhere";
    try {
      assert.equal(sourceCommit("train", FILES), undefined);
    } finally {
      process.env.PATH = PATH;
    }
  });
});
