import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { GetObjectTaggingCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { type ResourceState, SCRIPT, TestStack } from "./support/stack";

const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
/** The key that marks an asset among the values of a resource. */
const MARK = "4dabf18193072939515e22adb298388d";

describe("the source bundle on the real engine", function () {
  this.timeout(240_000);
  let stacks: TestStack[];
  let temporary: string;
  beforeEach(() => {
    stacks = [];
    temporary = fs.mkdtempSync(path.join(os.tmpdir(), "bundle-tmp-"));
  });
  afterEach(async () => {
    for (const stack of stacks.reverse()) await stack.dispose();
    fs.rmSync(temporary, { recursive: true, force: true });
  });

  /** A temporary folder of one machine. */
  function machine(name: string): { TMPDIR: string } {
    const TMPDIR = path.join(temporary, name);
    fs.mkdirSync(TMPDIR);
    return { TMPDIR };
  }

  async function create(name: string, config: Record<string, unknown> = {}): Promise<TestStack> {
    const stack = await TestStack.create(name, { config });
    stacks.push(stack);
    Object.assign(stack.env, machine("first"));
    const up = await stack.up();
    assert.equal(up.code, 0, up.output);
    return stack;
  }

  function elsewhere(stack: TestStack): TestStack {
    const other = stack.clone(machine("second"));
    stacks.push(other);
    fs.rmSync(path.join(temporary, "first"), { recursive: true });
    return other;
  }

  it("goes on on another machine, with and without changed code", async () => {
    const first = await create("bundle-moved");
    const paths = (await first.state()).deployment.resources.flatMap(({ inputs }) => assetPaths(inputs));
    assert.equal(paths.length, 1);
    assert.ok(!path.isAbsolute(paths[0]) && !paths[0].includes(".."), `${paths} is a path of one machine`);

    const second = elsewhere(first);
    const preview = await second.run(["preview", "--expect-no-changes"]);
    assert.equal(preview.code, 0, preview.output);
    assert.match(preview.output, /Source bundle of train: 1 files, \d+ bytes/);

    second.write("train/train.py", `${SCRIPT}# one more byte\n`);
    const up = await second.up();
    assert.equal(up.code, 0, up.output);
    assert.match(up.output, /Trains again because of: sourceUri, train\.py \(changed\)/);
    const { bucket } = await second.outputs();
    const code = await second.s3.send(new ListObjectsV2Command({ Bucket: String(bucket), Prefix: "code/" }));
    assert.equal(code.KeyCount, 2, "the older job's bundle stays");

    // The first machine comes back with the old code, and its own archive.
    Object.assign(first.env, machine("third"));
    const back = await first.up();
    assert.equal(back.code, 0, back.output);
  });

  it("takes on a state that names a file of another machine, as earlier versions wrote it", async () => {
    const first = await create("bundle-old");
    const state = await first.state();
    for (const { type, inputs, outputs } of state.deployment.resources) {
      if (type !== OBJECT) continue;
      for (const values of [inputs, outputs]) {
        Object.assign(values.source as object, { path: "/gone/sourcedir.tar.gz", hash: "0".repeat(64) });
        delete values.overrideProvider;
      }
    }
    first.write("old.json", JSON.stringify(state));
    await first.ok(["stack", "import", "--file", "old.json"]);
    const second = elsewhere(first);
    const up = await second.up();
    assert.equal(up.code, 0, up.output);
    assert.doesNotMatch(up.output, /Trains again/);
    assert.equal((await second.jobs()).length, 1);
    const done = await second.run(["preview", "--expect-no-changes"]);
    assert.equal(done.code, 0, done.output);
  });

  it("is stored with more default tags than S3 takes for an object", async () => {
    const tags = Object.fromEntries(Array.from({ length: 12 }, (_, each) => [`cost${each}`, `${each}`]));
    const stack = await create("bundle-tags", { "aws:defaultTags": { tags } });
    const { bucket } = await stack.outputs();
    const [object] = (await stack.state()).deployment.resources.filter(({ type }) => type === OBJECT);
    const { TagSet } = await stack.s3.send(
      new GetObjectTaggingCommand({ Bucket: String(bucket), Key: String(object.outputs.key) }),
    );
    assert.deepEqual(TagSet, []);
  });

  it("and every other resource of the program can be planned to be replaced, all at once", async () => {
    const stack = await create("replaced");
    const { resources } = (await stack.state()).deployment;
    const own = resources.filter(({ type }: ResourceState) => !type.startsWith("pulumi:"));
    assert.ok(own.length > 8);
    const { code, output } = await stack.run(["preview", ...own.flatMap(({ urn }) => ["--replace", urn])]);
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /panic|unhandled|TypeError/i);
  });
});

/** The paths of all assets in a value. */
function assetPaths(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  const own = MARK in value && "path" in value ? [String(value.path)] : [];
  return [...own, ...Object.values(value).flatMap(assetPaths)];
}
