import assert from "node:assert/strict";
import { queryValue, readTarget } from "../../../../local/aws/front/target.ts";

describe("the target of a request", () => {
  it("keeps the path as it was sent, and decodes the query", () => {
    const target = readTarget("/bucket/a%20b?prefix=x%2Fy&uploads&k=a=b");
    assert.deepEqual(target, {
      path: "/bucket/a%20b",
      query: [
        ["prefix", "x/y"],
        ["uploads", ""],
        ["k", "a=b"],
      ],
      internal: false,
      control: undefined,
    });
    assert.equal(target && queryValue(target, "k"), "a=b");
    assert.equal(target && queryValue(target, "K"), undefined);
  });

  it("names a control in its one spelling only", () => {
    assert.equal(readTarget("/_local/faults")?.control, "faults");
    assert.equal(readTarget("/_local/faults?x=1")?.control, "faults");
    for (const url of [
      "/%5Flocal/faults",
      "//_local/faults",
      "/./_local/faults",
      "/_local/",
      "/_local/a/b",
    ]) {
      const target = readTarget(url);
      assert.deepEqual([target?.internal, target?.control], [true, undefined], url);
    }
  });

  it("knows no whole URL, and no broken encoding", () => {
    for (const url of ["http://127.0.0.1/", "/%", "/a?b=%zz", ""]) assert.equal(readTarget(url), undefined);
  });
});
