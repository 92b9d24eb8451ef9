import assert from "node:assert/strict";
import { defaultTagsOf, withDefaultTags } from "../../../../components/trainingJob/aws/defaultTags";

const many = (count: number, prefix: string) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`${prefix}${100 + index}`, "x"]));

describe("defaultTagsOf", () => {
  const of = (json: string | undefined) =>
    defaultTagsOf((key) => (key === "aws:defaultTags" ? json : undefined));

  it("are those of the configuration, none without one", () => {
    assert.deepEqual(of('{"tags": {"team": "imaging", "cost": 7}}'), { team: "imaging", cost: "7" });
    assert.deepEqual(of('[{"tags": {"team": "imaging"}}]'), { team: "imaging" });
    for (const none of [undefined, "", "{}", "[]", '{"tags": null}']) assert.deepEqual(of(none), {});
  });

  it("names the key whose JSON is none", () => assert.throws(() => of("{tags"), /aws:defaultTags/));
});

describe("withDefaultTags", () => {
  it("adds them to the resource's own, which win", () => {
    assert.deepEqual(withDefaultTags({ team: "own" }, { team: "default", stage: "dev" }, 43), {
      tags: { team: "own", stage: "dev" },
      leftOut: [],
    });
    assert.deepEqual(withDefaultTags(undefined, {}, 43), { tags: {}, leftOut: [] });
  });

  it("leaves out what there is no room for, always the same, and names it", () => {
    const { tags, leftOut } = withDefaultTags(many(41, "own"), many(4, "default"), 43);
    assert.equal(Object.keys(tags).length, 43);
    assert.ok("default100" in tags && "default101" in tags);
    assert.deepEqual(leftOut, ["default102 (more than 43)", "default103 (more than 43)"]);
  });

  it("leaves its own alone, however many: check refuses these", () => {
    assert.equal(Object.keys(withDefaultTags(many(60, "own"), { a: "b" }, 43).tags).length, 60);
  });

  const impossible: [key: string, value: string, reason: RegExp][] = [
    ["a$b", "x", /characters of its key/],
    ["team", "a$b", /characters of its value/],
    ["team", "x".repeat(257), /a value has 0 to 256 characters/],
    ["k".repeat(129), "x", /a key has 1 to 128 characters/],
    ["", "x", /a key has 1 to 128/],
    ["aws:team", "x", /reserved/],
    ["pulumi:stack", "x", /reserved/],
  ];
  for (const [key, value, reason] of impossible) {
    it(`leaves out what SageMaker would refuse: ${key.slice(0, 20)}=${value.slice(0, 20)}`, () => {
      const { tags, leftOut } = withDefaultTags({}, { [key]: value, stage: "dev" }, 43);
      assert.deepEqual(tags, { stage: "dev" });
      assert.match(leftOut.join(), reason);
    });
  }

  it("takes letters of any language, and as many characters as SageMaker", () => {
    const defaults = { größe: "10 mm", ["k".repeat(128)]: "v".repeat(256), empty: "" };
    assert.deepEqual(withDefaultTags({}, defaults, 43), { tags: defaults, leftOut: [] });
  });
});
