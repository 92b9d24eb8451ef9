import assert from "node:assert/strict";
import { fitName } from "../../components/names";

describe("fitName", () => {
  it("leaves a name that fits, so that nothing is renamed", () => {
    assert.equal(fitName("dense-store-bucket", 55), "dense-store-bucket");
    assert.equal(fitName("x".repeat(55), 55), "x".repeat(55));
  });

  it("shortens a longer one to the limit, keeping its end", () => {
    const name = fitName(`${"x".repeat(60)}-store-bucket`, 55);
    assert.equal(name.length, 55);
    assert.match(name, /^x+-[0-9a-f]{6}-bucket$/);
    assert.equal(fitName("y".repeat(99), 55).length, 55);
  });

  it("keeps apart what begins alike", () => {
    const [a, b] = ["a", "b"].map((end) => fitName(`${"x".repeat(60)}${end}-bucket`, 55));
    assert.notEqual(a, b);
  });
});
