import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { SourceBundle, type SourceBundleArgs } from "../../components/sourceBundle";
import { digestOf, readSources } from "../../components/sourceFiles";
import { inputsOf, runProgram, settled } from "./support/program";
import { SourceFolder } from "./support/sourceFolder";

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const DIGEST = /^[0-9a-f]{16}$/;

describe("SourceBundle", () => {
  let folder: SourceFolder;
  beforeEach(() => {
    folder = new SourceFolder();
  });
  afterEach(() => folder.dispose());

  const bundle = (more: Partial<SourceBundleArgs> = {}) =>
    runProgram(
      () => new SourceBundle("code", { sourceDir: "train", entryPoint: "train.py", bucket: "ours", ...more }),
    );
  const digest = () => digestOf(readSources("train", "train.py").files);

  it("is stored under its content, kept for older jobs, without tags of the provider", async () => {
    const program = await bundle();
    const { source: _source, ...inputs } = inputsOf(program, OBJECT, "code-sourcedir");
    assert.deepEqual(inputs, {
      bucket: "ours",
      key: `code/${digest()}/sourcedir.tar.gz`,
      contentType: "application/gzip",
      overrideProvider: { defaultTags: { tags: {} } },
    });
    const [, { parent, retainOnDelete, ignoreChanges }] = program.resources;
    assert.deepEqual([parent, retainOnDelete, ignoreChanges], ["code", true, []]);
    assert.equal(await settled(program.result.uri), `s3://ours/code/${digest()}/sourcedir.tar.gz`);
    assert.match(program.result.digest, DIGEST);
  });

  it("names its archive by a path that is the same on every machine", async () => {
    const { source } = inputsOf(await bundle(), OBJECT, "code-sourcedir");
    const file = String(await (source as pulumi.asset.FileAsset).path);
    assert.ok(!path.isAbsolute(file) && !file.includes(".."), file);
    assert.ok(fs.existsSync(file), file);
  });

  it("goes with new serving code under the key that it has", async () => {
    folder.write({ "inference.py": "1", ".identityignore": "inference.py\n" });
    const archive = async () => {
      const program = await bundle();
      const { key, source } = inputsOf(program, OBJECT, "code-sourcedir");
      assert.deepEqual(Object.keys(program.result.files).includes("inference.py"), false);
      return { key, content: fs.readFileSync(String(await (source as pulumi.asset.FileAsset).path)) };
    };
    const before = await archive();
    folder.write({ "inference.py": "2" });
    const after = await archive();
    assert.equal(after.key, before.key);
    assert.ok(before.content.includes("inference.py") && !after.content.equals(before.content));
  });

  it("goes under another prefix when told to", async () => {
    const { key } = inputsOf(await bundle({ prefix: "team/code" }), OBJECT, "code-sourcedir");
    assert.equal(key, `team/code/${digest()}/sourcedir.tar.gz`);
  });

  it("is encrypted with the key that it is given, whatever the bucket does by itself", async () => {
    const { serverSideEncryption, kmsKeyId, bucketKeyEnabled } = inputsOf(
      await bundle({ kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/1" }),
      OBJECT,
      "code-sourcedir",
    );
    assert.deepEqual(
      [serverSideEncryption, kmsKeyId, bucketKeyEnabled],
      ["aws:kms", "arn:aws:kms:us-east-1:111122223333:key/1", true],
    );
  });

  it("tells files and hashes for a change to be named, executable bits too", async () => {
    fs.chmodSync(folder.at("lib/model.py"), 0o755);
    const { files } = (await bundle()).result;
    assert.deepEqual(Object.keys(files), ["lib/deep/er/data.py", "lib/model.py", "train.py"]);
    assert.match(files["train.py"], /^[0-9a-f]{8}$/);
    assert.match(files["lib/model.py"], /^[0-9a-f]{8}\+x$/);
  });

  describe("says", () => {
    let said: string[];
    const { info, warn } = pulumi.log;
    beforeEach(() => {
      said = [];
      const keep = async (message: string) => void said.push(message);
      Object.assign(pulumi.log, { info: keep, warn: keep });
    });
    afterEach(() => void Object.assign(pulumi.log, { info, warn }));

    it("how much it packs", async () => {
      await bundle();
      assert.deepEqual(said, ["Source bundle of train: 3 files, 21 bytes"]);
    });

    it("what it leaves out and why, without end", async () => {
      folder.write({ ".gitignore": "*.log\n", "key.pem": "" });
      for (let each = 10; each < 25; each++) folder.write({ [`${each}.log`]: "" });
      await bundle();
      assert.equal(said.length, 1);
      assert.match(
        said[0],
        /4 files, 27 bytes, without 10\.log \(\.gitignore\), .*19\.log \(\.gitignore\), 6 more$/,
      );
    });

    it("what cannot work", async () => {
      folder.write({ "requirements.txt": "monai\n" });
      await bundle({ networkIsolation: true });
      assert.match(said[0], /^requirements\.txt with networkIsolation/);
    });
  });
});
