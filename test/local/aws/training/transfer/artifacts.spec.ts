import assert from "node:assert/strict";
import { merge } from "../../../../../local/aws/training/transfer/artifacts.ts";

describe("the artifacts of several hosts", () => {
  const tree = (...names: string[]) => ({
    entries: names.map((name) => ({
      name: Buffer.from(name.replace(/\/$/, "")),
      file: Buffer.from(`${names[0]}:${name}`),
      isFolder: name.endsWith("/"),
    })),
    leftOut: [],
  });
  const names = (...trees: ReturnType<typeof tree>[]) =>
    merge(trees).entries.map(({ name, isFolder }) => `${name}${isFolder ? "/" : ""}`);

  it("are one folder, in which the first host's file of a name counts", () => {
    const { entries } = merge([tree("b", "a"), tree("c", "a")]);
    assert.deepEqual(
      entries.map(({ file }) => file.toString()),
      ["b:a", "b:b", "c:c"],
    );
  });

  it("keep an empty folder only where no host has something in it", () => {
    assert.deepEqual(names(tree("x/", "y/"), tree("x/", "y/a")), ["x/", "y/a"]);
    assert.deepEqual(names(tree("y/a"), tree("y/")), ["y/a"]);
  });

  it("name what cannot be a file and a folder at once", () => {
    const conflict = [tree("a"), tree("a/b")];
    assert.deepEqual(names(...conflict), ["a"]);
    assert.match(merge(conflict).leftOut[0], /^a\/b: what is a file on one host/);
    assert.deepEqual(names(...conflict.reverse()), ["a/b"]);
    assert.match(merge(conflict).leftOut[0], /^a: what is a file on one host/);
  });
});
