import { strict as assert } from "node:assert";
import { flagAt, listAt, mapAt, numberAt, pathsAt, textAt, valueAt } from "../../../policies/lib/properties";

describe("the readers of properties", () => {
  it("take null, an empty text and nothing for what is not set", () => {
    for (const unset of [undefined, null, ""]) {
      const properties = { a: unset, b: { c: unset } };
      for (const path of ["a", "b.c", "a.b.c", "no.such"]) {
        assert.equal(valueAt(properties, path), undefined);
        assert.equal(textAt(properties, path), undefined);
        assert.equal(numberAt(properties, path), undefined);
        assert.equal(flagAt(properties, path), false);
        assert.deepEqual(listAt(properties, path), []);
        assert.deepEqual(mapAt(properties, path), {});
      }
    }
  });

  it("read texts, numbers and switches in either spelling", () => {
    const properties = { text: "a", number: 4, numeral: "4", on: true, off: "false", list: [{ x: 1 }] };
    assert.equal(textAt(properties, "number"), "4");
    assert.equal(numberAt(properties, "numeral"), 4);
    assert.equal(flagAt(properties, "on"), true);
    assert.equal(flagAt(properties, "off"), false);
    assert.equal(numberAt(properties, "list.0.x"), 1);
    assert.deepEqual(pathsAt(properties, "list"), ["list.0"]);
  });

  it("refuse a value of another type, with its path, and never take it for one that is not set", () => {
    const wrong = (read: () => unknown, message: RegExp) =>
      assert.throws(read, { name: "Unreadable", message });
    const at = (value: unknown) => ({ a: { b: value } });
    for (const value of ["wrong", 5, true, ["x"], [{ c: 1 }]]) {
      wrong(() => valueAt(at(value), "a.b.c"), /^a\.b cannot be read: .+ is not a map$/);
      wrong(() => mapAt(at(value), "a.b"), /^a\.b cannot be read: .+ is not a map$/);
    }
    for (const value of ["wrong", 5, true, { c: 1 }]) {
      wrong(() => listAt(at(value), "a.b"), /^a\.b cannot be read: .+ is not a list$/);
    }
    for (const value of [{}, [], ["a"]]) {
      wrong(() => textAt(at(value), "a.b"), /^a\.b cannot be read: .+ is not a text$/);
    }
    for (const value of ["2d", "NaN", Number.NaN, Infinity, -1, "-1", true, {}, [], [5]]) {
      wrong(() => numberAt(at(value), "a.b"), /^a\.b cannot be read: .+ is not a number, 0 or more$/);
    }
    for (const value of ["yes", "True", 1, 0, {}, []]) {
      wrong(() => flagAt(at(value), "a.b"), /^a\.b cannot be read: .+ is not true or false$/);
    }
  });

  it("show the value, unless users keep secrets there", () => {
    assert.throws(() => mapAt({ a: "wrong" }, "a"), /"wrong" is not a map/);
    assert.throws(() => mapAt({ environment: "hunter2" }, "environment"), /its text is not a map/);
  });
});
