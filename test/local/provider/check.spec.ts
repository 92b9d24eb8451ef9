import assert from "node:assert/strict";
import { type CheckRequest, checkInputs } from "../../../local/provider/check.ts";
import { defineResource, unserved } from "../../../local/provider/resource.ts";
import { signatureKey, unknownValue } from "../../../local/provider/values.ts";

const thing = defineResource({
  token: "aws:test/thing:Thing",
  autoName: { property: "name", maxLength: 30, prefix: "namePrefix" },
  inputs: {
    name: { kind: "string", replaces: true, maxLength: 20, pattern: /^[a-z-0-9]+$/ },
    namePrefix: { kind: "string", stateOnly: true },
    overrideProvider: { kind: "block", stateOnly: true },
    source: { kind: "asset", stateOnly: true },
    website: unserved(),
    document: { kind: "json", required: true },
    size: { kind: "number", default: 3 },
    open: { kind: "boolean" },
    rules: { kind: "block" },
    tags: { kind: "map" },
  },
  outputs: [],
  check: ({ size }) => (size === 13 ? [{ property: "size", reason: "is unlucky" }] : []),
  create: async () => "",
  read: async () => undefined,
  delete: async () => undefined,
});

const policy = '{"a":1}';

function check(news: Record<string, unknown>, more: Partial<CheckRequest> = {}) {
  const request = { name: "mine", olds: {}, news, region: "us-east-1", defaultTags: {} };
  return checkInputs(thing, { ...request, ...more });
}

describe("checkInputs", () => {
  it("fills in defaults, a name and the region, and remembers that it did", () => {
    const { inputs, failures } = check({ document: policy });
    assert.deepEqual(failures, []);
    assert.match(String(inputs.name), /^mine-[0-9a-f]{7}$/);
    const { name: _, ...rest } = inputs;
    assert.deepEqual(rest, {
      document: policy,
      size: 3,
      region: "us-east-1",
      tagsAll: {},
      __defaults: ["name", "size", "region"],
    });
  });

  it("keeps the name it gave before, but not one the program gave", () => {
    const automatic = { name: "mine-1234567", __defaults: ["name"] };
    assert.equal(check({ document: policy }, { olds: automatic }).inputs.name, "mine-1234567");
    const given = { name: "chosen", __defaults: [] };
    assert.match(String(check({ document: policy }, { olds: given }).inputs.name), /^mine-/);
  });

  it("writes documents as text, and keeps the old text when it says the same", () => {
    assert.equal(check({ document: { a: 1 } }).inputs.document, policy);
    assert.equal(
      check({ document: { a: 1 } }, { olds: { document: '{ "a": 1 }' } }).inputs.document,
      '{ "a": 1 }',
    );
    assert.equal(check({ document: { a: 2 } }, { olds: { document: policy } }).inputs.document, '{"a":2}');
  });

  it("adds the provider's default tags to tagsAll, not to tags; the resource's own win", () => {
    const defaultTags = { project: "p", owner: "o" };
    const own = check({ document: policy, tags: { owner: "me" } }, { defaultTags }).inputs;
    assert.deepEqual([own.tags, own.tagsAll], [{ owner: "me" }, { project: "p", owner: "me" }]);
    const none = check({ document: policy }, { defaultTags }).inputs;
    assert.deepEqual([none.tags, none.tagsAll], [undefined, defaultTags]);
    const unknown = check({ document: policy, tags: { owner: unknownValue } }, { defaultTags }).inputs;
    assert.equal(unknown.tagsAll, unknownValue);
  });

  it("leaves the default tags out where the resource turns them off", () => {
    const overrideProvider = { defaultTags: { tags: {} } };
    const { tagsAll } = check(
      { document: policy, tags: { a: "1" }, overrideProvider },
      { defaultTags: { b: "2" } },
    ).inputs;
    assert.deepEqual(tagsAll, { a: "1" });
  });

  it("makes no name where the program gives what it begins with", () => {
    assert.equal(check({ document: policy, namePrefix: "mine-" }).inputs.name, undefined);
    const { failures } = check({ document: policy, namePrefix: "mine-", name: "x" });
    assert.match(failures[0].reason, /conflicts with namePrefix/);
  });

  it("opens an asset's file, as the real provider does", () => {
    const source = { [signatureKey]: "c44067f5952c0a294b673a41bacd8c17", path: "/nowhere/a.txt", hash: "h" };
    assert.throws(() => check({ document: policy, source }), /^Error: failed to open asset file '\/nowhere/);
  });

  // As the bridge between Pulumi and Terraform does: settings of a stack are texts.
  it("takes a number or a switch that is a text, and a text that is none", () => {
    const { inputs, failures } = check({
      document: policy,
      size: "30",
      open: "true",
      name: 7,
      tags: { version: 3, production: false, team: "a" },
    });
    assert.deepEqual(failures, []);
    assert.deepEqual([inputs.size, inputs.open, inputs.name], [30, true, "7"]);
    assert.deepEqual(inputs.tags, { version: "3", production: "false", team: "a" });
    assert.deepEqual(inputs.tagsAll, inputs.tags);
    assert.equal(check({ document: policy, open: "False" }).inputs.open, false);
  });

  it("lets values pass that are not known yet", () => {
    const { failures } = check({
      document: { Resource: [unknownValue] },
      size: unknownValue,
      open: unknownValue,
      rules: unknownValue,
      tags: unknownValue,
    });
    assert.deepEqual(failures, []);
    assert.deepEqual(check({ document: unknownValue }).failures, []);
  });

  const wrong: [news: Record<string, unknown>, property: string, reason: RegExp][] = [
    [{}, "document", /is required/],
    [{ document: "{not json" }, "document", /must be a JSON document/],
    [{ document: policy, size: "three" }, "size", /must be a number, is a string/],
    [{ document: policy, size: "" }, "size", /must be a number, is a string/],
    [{ document: policy, open: "yes" }, "open", /must be a boolean/],
    [{ document: policy, name: ["x"] }, "name", /must be a string/],
    [{ document: policy, tags: { a: ["1"] } }, "tags", /map from string to string/],
    [{ document: policy, rules: "x" }, "rules", /object or a list/],
    [{ document: policy, size: 13 }, "size", /unlucky/],
    [{ document: policy, name: "x".repeat(21) }, "name", /has 21 characters, AWS allows 20/],
    [{ document: policy, name: "X" }, "name", /"X" does not match/],
    [{ document: policy, tagsAll: {} }, "tagsAll", /not served/],
    [{ document: policy, unheard: 1 }, "unheard", /not served/],
    [{ document: policy, website: {} }, "website", /not served by the local stack.*leave it out/],
  ];
  for (const [news, property, reason] of wrong) {
    it(`refuses ${JSON.stringify(news)}`, () => {
      const { failures } = check(news);
      assert.equal(failures.length, 1);
      assert.equal(failures[0].property, property);
      assert.match(failures[0].reason, reason);
    });
  }

  it("reports all mistakes at once, and a name that cannot be made as one of them", () => {
    const { failures } = check({ size: "three" }, { name: "x".repeat(40) });
    assert.deepEqual(
      failures.map((failure) => failure.property),
      ["name", "document", "size"],
    );
  });
});
