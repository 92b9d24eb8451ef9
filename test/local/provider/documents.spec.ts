import assert from "node:assert/strict";
import { normalDocument } from "../../../local/provider/documents.ts";
import { unknownValue } from "../../../local/provider/values.ts";

describe("normalDocument", () => {
  const text = '{ "Version": "v", "Statement": [ { "Sid": "s", "Action": ["b", "a"] } ] }';

  it("sorts the keys at every depth, and leaves lists in their order", () => {
    assert.equal(normalDocument(text), '{"Statement":[{"Action":["b","a"],"Sid":"s"}],"Version":"v"}');
  });

  it("puts the version first where it is asked to", () => {
    assert.equal(normalDocument(text, true), '{"Version":"v","Statement":[{"Action":["b","a"],"Sid":"s"}]}');
    assert.equal(normalDocument('{"b":1,"a":2}', true), '{"a":2,"b":1}');
  });

  it("leaves alone what is no document", () => {
    for (const value of ["", "{", unknownValue, null, undefined, { a: 1 }]) {
      assert.deepEqual(normalDocument(value), value);
    }
  });
});
