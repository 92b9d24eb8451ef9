import assert from "node:assert/strict";
import { logGroup } from "../../../local/provider/resources/cloudwatch/logGroup.ts";
import { rolePolicy } from "../../../local/provider/resources/iam/rolePolicy.ts";
import { splitTags, withAllTags } from "../../../local/provider/tags.ts";

const defaults = { team: "x" };

describe("default tags", () => {
  it("go to AWS with the resource's own", () => {
    const inputs = { tags: { a: "1" }, tagsAll: { a: "1", team: "x" } };
    assert.deepEqual(withAllTags(inputs), { tags: { a: "1", team: "x" } });
    assert.equal(withAllTags({ tagsAll: {} }).tags, undefined);
    assert.deepEqual(withAllTags({ tags: { a: "1" } }), { tags: { a: "1" } }, "an earlier version's inputs");
  });

  const cases: [what: string, all: object, own: object | undefined, tags: object | undefined][] = [
    ["are told apart from the resource's own", { a: "1", team: "x" }, { a: "1" }, { a: "1" }],
    ["stay where the program gives the same one", { team: "x" }, { team: "x" }, { team: "x" }],
    ["are the resource's own once someone changed them", { team: "y" }, undefined, { team: "y" }],
    ["leave no tags where there are no others", { team: "x" }, undefined, undefined],
  ];
  for (const [what, all, own, tags] of cases) {
    it(what, () => {
      const split = splitTags(logGroup, { tags: all }, { tags: own }, defaults);
      assert.deepEqual([split.tags, split.tagsAll], [tags, all]);
    });
  }

  it("are nothing to a type without tags", () => {
    assert.deepEqual(splitTags(rolePolicy, { name: "p" }, {}, defaults), { name: "p" });
  });

  it("do not apply where an object turns them off", () => {
    const state = { overrideProvider: { defaultTags: { tags: {} } } };
    assert.deepEqual(splitTags(logGroup, { tags: { team: "x" } }, state, defaults).tags, { team: "x" });
  });
});
