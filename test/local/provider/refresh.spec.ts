import assert from "node:assert/strict";
import { inputsFrom, outputsFrom, withStateOnly } from "../../../local/provider/refresh.ts";
import { defineResource } from "../../../local/provider/resource.ts";

const thing = defineResource({
  token: "aws:test/thing:Thing",
  global: true,
  inputs: {
    name: { kind: "string", replaces: true },
    document: { kind: "json" },
    rules: { kind: "block" },
    etag: { kind: "string", unset: "" },
    force: { kind: "boolean", default: false, stateOnly: true },
    tags: { kind: "map" },
  },
  outputs: ["arn"],
  create: async () => "",
  read: async () => undefined,
  delete: async () => undefined,
});

const asked = { name: "a", document: '{ "a": 1 }', rules: [{ id: "1" }], force: true, __defaults: [] };
const actual = {
  name: "a",
  document: '{"a":1}',
  rules: [{ id: "1", status: "x" }],
  etag: "e1",
  arn: "arn:a",
  tags: {},
};

describe("the state after AWS answered", () => {
  it("keeps inputs as the program wrote them where AWS agrees", () => {
    const outputs = outputsFrom(thing, asked, actual);
    // Documents and blocks are as the real provider writes them, whatever the program's spelling.
    const { __defaults: _, ...same } = asked;
    const { document, rules } = actual;
    assert.deepEqual(outputs, { ...same, document, rules, etag: "e1", arn: "arn:a", tags: {}, tagsAll: {} });
    assert.deepEqual(inputsFrom(thing, asked, outputs, actual), asked);
  });

  it("is the same after a refresh of what nobody changed", () => {
    const outputs = outputsFrom(thing, asked, actual);
    const again = outputsFrom(
      thing,
      inputsFrom(thing, asked, outputs, actual),
      withStateOnly(thing, outputs, actual),
    );
    assert.deepEqual(again, outputs);
  });

  it("takes AWS's value for an input that someone changed", () => {
    const drifted = {
      ...actual,
      document: '{"a":2}',
      rules: [],
      tags: { evil: "1" },
      tagsAll: { evil: "1" },
    };
    const inputs = inputsFrom(thing, asked, outputsFrom(thing, asked, actual), drifted);
    assert.deepEqual(inputs, { ...asked, document: '{"a":2}', rules: [], tags: { evil: "1" } });
    assert.deepEqual(outputsFrom(thing, inputs, drifted).tagsAll, { evil: "1" });
  });

  it("does not report as there what was asked for and AWS has not", () => {
    const { rules: _, etag: __, ...without } = actual;
    const outputs = outputsFrom(thing, { ...asked, etag: "asked" }, without);
    assert.deepEqual([outputs.rules, outputs.etag, outputs.force], [null, "", true]);
  });

  it("notices a change of what the program left to AWS", () => {
    const inputs = inputsFrom(thing, asked, outputsFrom(thing, asked, actual), { ...actual, etag: "e2" });
    assert.deepEqual(inputs, { ...asked, etag: "e2" });
  });

  it("takes all that AWS reports for an import", () => {
    assert.deepEqual(inputsFrom(thing, {}, {}, actual), {
      name: "a",
      document: '{"a":1}',
      rules: [{ id: "1", status: "x" }],
      etag: "e1",
      force: false,
      __defaults: [],
    });
  });

  it("gives a resource that is only looked up no inputs", () => {
    assert.deepEqual(inputsFrom(thing, {}, { name: "a" }, { ...actual, etag: "e2" }), {});
  });
});
