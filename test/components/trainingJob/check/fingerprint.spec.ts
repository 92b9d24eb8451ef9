import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { UNKNOWN } from "../../../../components/trainingJob/args/unknown";
import { fingerprintChannels } from "../../../../components/trainingJob/check/fingerprint";
import { digestOf } from "../../../../components/trainingJob/identity/definition";
import { denied } from "../../support/awsErrors";
import { assertSays } from "../../support/failure";
import { canonicalInputs } from "../../support/inputs";
import { TrainingWorld } from "../../support/trainingWorld";

const channel = (channelName: string, s3Uri: string, fingerprint: boolean | undefined = true) => ({
  channelName,
  dataSource: { s3DataSource: { s3DataType: "S3Prefix", s3Uri } },
  fingerprint,
});

class World extends TrainingWorld {
  put(objects: Record<string, string>): this {
    for (const [key, etag] of Object.entries(objects)) this.aws.objects.set(`s3://data/${key}`, etag);
    return this;
  }

  /** The fingerprint of the channel `train` over what is there now, and the hash that names the job. */
  async look(
    inputs = canonicalInputs({ inputDataConfig: [channel("train", "s3://data/train/")] }),
    olds?: CanonicalInputs,
  ) {
    const found = await fingerprintChannels(inputs, () => this.aws, olds);
    return { fingerprint: inputs.dataFingerprints?.train, hash: digestOf(inputs), ...found };
  }
}

const DATA = { "train/a/1.png": '"e1"', "train/b/2.png": '"e2"' };

describe("fingerprintChannels", () => {
  it("gives the same for the same data", async () => {
    const world = new World().put(DATA);
    const first = await world.look();
    assert.match(first.fingerprint ?? "", /^[0-9a-f]{16}$/);
    assert.deepEqual(await world.look(), first);
    assert.deepEqual(first.failures, []);
  });

  for (const [what, change] of Object.entries<Record<string, string>>({
    "an object changed": { "train/a/1.png": '"e3"' },
    "an object was added": { "train/c/3.png": '"e3"' },
  })) {
    it(`gives another, and so another job, when ${what}`, async () => {
      const world = new World().put(DATA);
      const before = await world.look();
      const after = await world.put(change).look();
      assert.notEqual(after.fingerprint, before.fingerprint);
      assert.notEqual(after.hash, before.hash);
    });
  }

  it("gives another when an object was removed or moved", async () => {
    const before = await new World().put(DATA).look();
    const removed = await new World().put({ "train/a/1.png": '"e1"' }).look();
    const moved = await new World().put({ "train/a/1.png": '"e1"', "train/c/2.png": '"e2"' }).look();
    assert.equal(new Set([before, removed, moved].map(({ fingerprint }) => fingerprint)).size, 3);
  });

  it("looks only under the channel's prefix", async () => {
    const world = new World().put(DATA);
    const before = await world.look();
    assert.deepEqual(await world.put({ "train-old/1.png": '"x"', "val/1.png": '"x"' }).look(), before);
  });

  it("refuses a prefix without objects, naming the property", async () => {
    const inputDataConfig = [channel("val", "s3://data/val/"), channel("train", "s3://data/train/")];
    const { failures } = await new World().put(DATA).look(canonicalInputs({ inputDataConfig }));
    assert.deepEqual(failures, [
      {
        property: "inputDataConfig[0].dataSource.s3DataSource.s3Uri",
        reason: "names no objects: nothing is under s3://data/val/",
      },
    ]);
  });

  describe("over a prefix that is empty now", () => {
    const trainedOn = (s3Uri: string) =>
      canonicalInputs({
        inputDataConfig: [channel("train", s3Uri)],
        dataFingerprints: { train: "0123456789abcdef" },
      });

    for (const s3Uri of ["s3://data/train/", "https://data.s3.us-east-1.amazonaws.com/train/"]) {
      it(`keeps the fingerprint of a training over ${s3Uri}, and warns`, async () => {
        const { fingerprint, failures, warnings } = await new World().look(undefined, trainedOn(s3Uri));
        assert.equal(fingerprint, "0123456789abcdef");
        assert.deepEqual(failures, []);
        assert.equal(warnings[0].property, "inputDataConfig[0].dataSource.s3DataSource.s3Uri");
        assertSays(warnings[0].reason, "nothing is under s3://data/train/", "What was trained stands");
      });
    }

    for (const [what, olds] of Object.entries({
      "was never trained on": undefined,
      "replaces another one": trainedOn("s3://data/other/"),
    })) {
      it(`refuses one that ${what}`, async () => {
        const { failures, warnings } = await new World().look(undefined, olds);
        assert.equal(failures.length, 1);
        assert.deepEqual(warnings, []);
      });
    }
  });

  it("says why a prefix cannot be listed, and what to do", async () => {
    const world = new World().put(DATA);
    world.aws.fail("listObjects", denied("s3:ListBucket"));
    const { failures } = await world.look();
    assert.equal(failures[0].property, "inputDataConfig[0].dataSource.s3DataSource.s3Uri");
    assertSays(failures[0].reason, "AccessDeniedException: not authorized", "set fingerprint to false");
  });

  for (const [what, inputDataConfig] of Object.entries({
    "a channel that does not ask for it": [channel("train", "s3://data/train/", false)],
    "a channel whose prefix is not known yet": [channel("train", UNKNOWN)],
    "a list of channels that is not known yet": UNKNOWN,
    "no channels": undefined,
  })) {
    it(`makes no call for ${what}`, async () => {
      const world = new World().put(DATA);
      const inputs = { ...canonicalInputs(), inputDataConfig } as CanonicalInputs;
      const found = await fingerprintChannels(inputs, () => assert.fail("no call expected"));
      assert.deepEqual(found, { failures: [], warnings: [] });
      assert.ok(!("dataFingerprints" in inputs));
      assert.deepEqual(world.aws.calls, []);
    });
  }
});
