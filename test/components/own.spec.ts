import { strict as assert } from "node:assert";
import { own } from "../../components/own";

describe("what a record has under a name", () => {
  it("is its own alone", () => {
    const figures: Record<string, number> = { loss: 0.5, constructor: 1 } as never;
    assert.equal(own(figures, "loss"), 0.5);
    assert.equal(own(figures, "constructor"), 1);
    for (const name of ["toString", "__proto__", "missing"])
      assert.equal(own(figures, name), undefined, name);
    assert.equal(own({}, "constructor"), undefined);
  });

  it("is there by any name, where JSON has it", () => {
    assert.equal(own(JSON.parse('{"__proto__":3}'), "__proto__"), 3);
  });
});
