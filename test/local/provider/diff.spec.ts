import assert from "node:assert/strict";
import { diffInputs } from "../../../local/provider/diff.ts";
import { defineResource } from "../../../local/provider/resource.ts";
import { unknownValue } from "../../../local/provider/values.ts";

const thing = defineResource({
  token: "aws:test/thing:Thing",
  autoName: { property: "name", maxLength: 30 },
  inputs: {
    name: { kind: "string", replaces: true },
    path: { kind: "string", replaces: true },
    document: { kind: "json" },
    source: { kind: "asset", stateOnly: true },
    size: { kind: "number", replaces: (old, next) => Number(next) < Number(old) },
    open: { kind: "boolean" },
    scanning: { kind: "block", computed: true, replaces: true },
    kept: { kind: "block", keptWhenLeftOut: true },
    tags: { kind: "map" },
  },
  outputs: [],
  create: async () => "",
  read: async () => undefined,
  delete: async () => undefined,
});

const changes = (olds: object, news: object) =>
  Object.fromEntries(diffInputs(thing, { ...olds }, { ...news }).changes);

describe("diffInputs", () => {
  it("sees no change where there is none", () => {
    const same = { name: "a", document: '{"a":1}', tags: { a: "1" }, __defaults: ["name"] };
    assert.deepEqual(changes(same, { ...same, document: '{ "a": 1 }', __defaults: [] }), {});
    assert.deepEqual(changes({ tags: {} }, {}), {});
    assert.deepEqual(changes({ source: { path: "a", hash: "1" } }, { source: { path: "b", hash: "1" } }), {});
  });

  // Terraform's SDK cannot tell an empty text, a zero or a false from nothing; its plugin framework can.
  it("sees no change between nothing and what is empty, but in types of the plugin framework", () => {
    for (const empty of [{ path: "" }, { size: 0 }, { open: false }]) {
      assert.deepEqual(changes({}, empty), {});
      assert.deepEqual(changes(empty, {}), {});
      const [[property]] = Object.entries(empty);
      const { changes: seen } = diffInputs({ ...thing, framework: true }, {}, empty);
      assert.deepEqual([...seen.keys()], [property]);
    }
    assert.deepEqual(Object.keys(changes({ path: "a" }, { path: "" })), ["path"]);
  });

  it("leaves to AWS what the program does not say", () => {
    assert.deepEqual(changes({ scanning: { on: true } }, {}), {});
    assert.deepEqual(changes({ scanning: { on: true } }, { scanning: { on: false } }), {
      scanning: { kind: "update", replaces: true },
    });
  });

  it("names each change and its kind", () => {
    assert.deepEqual(changes({ document: "1", tags: { a: "1" } }, { document: "2", size: 1 }), {
      document: { kind: "update", replaces: false },
      size: { kind: "add", replaces: false },
      tags: { kind: "delete", replaces: false },
    });
    assert.deepEqual(changes({ source: { hash: "1" } }, { source: { hash: "2" } }), {
      source: { kind: "update", replaces: false },
    });
    assert.deepEqual(changes({ tags: { a: "1", b: "2" } }, { tags: { a: "1" } }), {
      tags: { kind: "update", replaces: false },
    });
  });

  it("replaces for a property that cannot change, also when its value is not known yet", () => {
    assert.equal(diffInputs(thing, { path: "/" }, { path: "/x/" }).replaces, true);
    assert.equal(diffInputs(thing, { path: "/" }, { path: unknownValue }).replaces, true);
    assert.equal(diffInputs(thing, { region: "us-east-1" }, { region: "eu-west-1" }).replaces, true);
    assert.equal(diffInputs(thing, { size: 2 }, { size: 3 }).replaces, false);
    assert.equal(diffInputs(thing, { size: 3 }, { size: 2 }).replaces, true);
  });

  it("shows a change of the default tags, and none for a state of an earlier version", () => {
    const old = { tags: { a: "1" }, tagsAll: { a: "1" } };
    assert.deepEqual(changes(old, { ...old, tagsAll: { a: "1", b: "2" } }), {
      tagsAll: { kind: "update", replaces: false },
    });
    assert.deepEqual(changes({ tags: { a: "1" } }, old), {});
    assert.deepEqual(changes({}, { tagsAll: {} }), {});
  });

  it("keeps a block that the program leaves out, where AWS does", () => {
    assert.deepEqual(changes({ kept: { on: true } }, {}), {});
  });

  it("deletes first where the program gives the name", () => {
    const given = { name: "chosen", __defaults: [] };
    const automatic = { name: "auto-1234567", __defaults: ["name"] };
    const replace = (olds: object) => diffInputs(thing, { ...olds, path: "/" }, { ...olds, path: "/x/" });
    assert.equal(replace(given).deleteBeforeReplace, true);
    assert.equal(replace(automatic).deleteBeforeReplace, false);
    assert.equal(diffInputs(thing, { ...given }, { ...given, name: "other" }).deleteBeforeReplace, true);
    const first = { ...thing, deleteBeforeReplace: true };
    assert.equal(
      diffInputs(first, { ...automatic, path: "/" }, { ...automatic, path: "/x" }).deleteBeforeReplace,
      true,
    );
    assert.equal(diffInputs(first, automatic, automatic).deleteBeforeReplace, false);
  });
});
