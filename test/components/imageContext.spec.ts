import assert from "node:assert/strict";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { stageContext } from "../../components/imageContext";

const DOCKERFILE = "ARG BASE_IMAGE\nFROM ${" + "BASE_IMAGE}\nCOPY . /opt/more\n";

describe("the folder of a Dockerfile", () => {
  let folder: string;
  let file: string;
  const staged: string[] = [];
  beforeEach(() => {
    folder = fs.mkdtempSync(path.join(tmpdir(), "docker-"));
    file = path.join(folder, "Dockerfile");
    fs.writeFileSync(file, DOCKERFILE);
  });
  afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));
  after(() => {
    for (const location of staged) fs.rmSync(location, { recursive: true, force: true });
  });

  function stage(dockerfile = file) {
    const context = stageContext(dockerfile);
    staged.push(context.location);
    return context;
  }
  const put = (name: string, text: string, mode = 0o644) => {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), text);
    fs.chmodSync(path.join(folder, name), mode);
  };

  it("is copied with modes and times of no machine, below the program's folder", () => {
    put("scripts/run.sh", "echo", 0o775);
    put("requirements.txt", "monai", 0o664);
    const { location, dockerfile } = stage();
    assert.ok(!path.isAbsolute(location) && !location.startsWith(".."), location);
    assert.equal(dockerfile, path.join(location, "Dockerfile"));
    assert.equal(fs.readFileSync(dockerfile, "utf8"), DOCKERFILE);
    const modeOf = (name: string) => fs.statSync(path.join(location, name)).mode & 0o777;
    assert.equal(modeOf("scripts/run.sh"), 0o755);
    assert.equal(modeOf("requirements.txt"), 0o644);
    assert.equal(fs.statSync(path.join(location, "requirements.txt")).mtimeMs, 0);
  });

  it("is another image by names, contents and who may run them, and by nothing else", () => {
    put("a", "1");
    const first = stage().digest;
    fs.utimesSync(path.join(folder, "a"), 1, 1);
    fs.chmodSync(path.join(folder, "a"), 0o600);
    assert.equal(stage().digest, first);
    const others = [
      () => put("a", "2"),
      () => put("a", "1", 0o755),
      () => put("b", "1"),
      () => fs.writeFileSync(file, `${DOCKERFILE}# more`),
    ].map((change) => {
      change();
      return stage().digest;
    });
    assert.equal(new Set([first, ...others]).size, 5);
  });

  it("is the same after Finder or Explorer has looked into it", () => {
    put("scripts/run.sh", "echo");
    const first = stage();
    put(".DS_Store", "icons");
    put("scripts/Thumbs.db", "pictures");
    assert.deepEqual(stage(), first);
  });

  for (const [what, text] of [
    ["nothing", ""],
    ["another image", "FROM python:3.12\n"],
    ["the argument and another image", "ARG BASE_IMAGE\nFROM python:3.12\n"],
    ["an argument that comes too late", "FROM python:3.12\nARG BASE_IMAGE\nFROM $BASE_IMAGE\n"],
    ["it in a comment", "# ARG BASE_IMAGE\n# FROM $BASE_IMAGE\nFROM python:3.12\n"],
    ["another argument", "ARG BASE_IMAGES\nFROM $BASE_IMAGES\n"],
  ]) {
    it(`is refused where the Dockerfile extends ${what}`, () => {
      fs.writeFileSync(file, text);
      assert.throws(
        () => stage(),
        /^Error: training:dockerfile: .*Dockerfile does not extend the AWS image: begin it with/,
      );
    });
  }

  for (const text of [
    "ARG BASE_IMAGE=x\nFROM $BASE_IMAGE AS base\n",
    "# syntax=docker/dockerfile:1\narg OTHER\nARG BASE_IMAGE\nFROM python:3.12 AS tools\nFROM --platform=linux/amd64 \\\n  ${" +
      "BASE_IMAGE}\n",
  ]) {
    it(`is taken with ${JSON.stringify(text)}`, () => {
      fs.writeFileSync(file, text);
      stage();
    });
  }

  it("is refused where there is none, or a whole project", () => {
    assert.throws(
      () => stage(path.join(folder, "Other")),
      /training:dockerfile: .*Other is not there: name the Dockerfile/,
    );
    assert.throws(() => stage(folder), /training:dockerfile: .* is not there/);
    put("Pulumi.yaml", "name: x");
    assert.throws(
      () => stage(),
      /has Pulumi\.yaml in it, and all files of the folder .*: give the Dockerfile a folder of its own/,
    );
  });

  it("is refused with what would be another thing in the image", () => {
    fs.symlinkSync("/etc/hosts", path.join(folder, "link"));
    assert.throws(() => stage(), /link is no plain file/);
    fs.rmSync(path.join(folder, "link"));
    put(".dockerignore", "*");
    assert.throws(() => stage(), /\.dockerignore makes no difference: all files of the folder/);
    fs.rmSync(path.join(folder, ".dockerignore"));
  });

  it("is refused above 100 MB, without being read", () => {
    fs.closeSync(fs.openSync(path.join(folder, "big"), "w"));
    fs.truncateSync(path.join(folder, "big"), 100 * 1024 * 1024 + 1);
    assert.throws(() => stage(), /has more than 100 MB, and all files/);
  });

  it("of the example is one", () => {
    const { digest } = stage("docker/Dockerfile");
    assert.match(digest, /^[0-9a-f]{64}$/);
  });
});
