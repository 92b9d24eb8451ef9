import assert from "node:assert/strict";
import { ClientFault } from "../../../../../local/aws/training/faultReasons.ts";
import {
  checkKeys,
  parseManifest,
  relativeToPrefix,
  shard,
} from "../../../../../local/aws/training/transfer/channelKeys.ts";

const object = (key: string, relative: string) => ({ from: { bucket: "x", key }, relative });

describe("where the objects of a channel go", () => {
  for (const [key, prefix, expected] of [
    ["data/train/a/1.png", "data/train/", "a/1.png"],
    ["data/train/a/1.png", "data/train", "a/1.png"],
    ["data/train.csv", "data/train.csv", "train.csv"],
    ["data/train/1.png", "data/tr", "train/1.png"],
    ["train-1.csv", "train", "train-1.csv"],
    ["a/b.txt", "", "a/b.txt"],
  ]) {
    it(`${key} of the prefix "${prefix}" becomes ${expected}`, () => {
      assert.equal(relativeToPrefix(key, prefix), expected);
    });
  }

  it("takes a manifest's prefix and suffixes", () => {
    assert.deepEqual(parseManifest('[{"prefix": "s3://b/p/"}, "x", "y/z"]', "s3://b/m"), [
      { from: { bucket: "b", key: "p/x" }, relative: "x" },
      { from: { bucket: "b", key: "p/y/z" }, relative: "y/z" },
    ]);
  });

  for (const [what, text] of [
    ["is no JSON", "{"],
    ["is no list", "{}"],
    ["has no prefix", '["a"]'],
    ["leads to no bucket", '[{"prefix": "s3://"}, ""]'],
    ["has something else than names", '[{"prefix": "s3://b/"}, 1]'],
  ]) {
    it(`refuses a manifest that ${what}`, () => {
      assert.throws(() => parseManifest(text, "s3://b/m"), ClientFault);
    });
  }

  it("gives every object to exactly one host", () => {
    const objects = ["a", "b", "c", "d", "e"];
    const shards = [0, 1, 2].map((host) => shard(objects, host, 3));
    assert.deepEqual(shards, [["a", "d"], ["b", "e"], ["c"]]);
  });

  for (const [what, key, relative] of [
    ["a double slash", "a//b", "a//b"],
    ["a parent", "a/../../b", "../../b"],
    ["a dot", "a/./b", "./b"],
  ]) {
    it(`refuses ${what} in a key`, () => {
      assert.throws(
        () => checkKeys([object(key, relative)]),
        /^Error: Data download failed|Data download failed/,
      );
    });
  }

  it("passes ordinary keys, with dots in their names", () => {
    assert.doesNotThrow(() =>
      checkKeys([object("a/..b.c", "..b.c"), object("a/b/c", "b/c"), object("a/b/d", "b/d")]),
    );
  });

  it("refuses what the file system cannot hold, together or alone, as the request's fault", () => {
    const tooLong = object("k", "é".repeat(128));
    for (const objects of [[tooLong], [object("p/a/b/c", "a/b/c"), object("p/a", "a")]]) {
      assert.throws(() => checkKeys(objects), ClientFault);
    }
    assert.doesNotThrow(() => checkKeys([object("k", "n".repeat(255))]));
  });
});
