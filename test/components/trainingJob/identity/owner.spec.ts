import assert from "node:assert/strict";
import {
  CLAIM_TAG,
  DIGEST_TAG,
  isForeign,
  isOwned,
  isSameTraining,
  MARK_TAG,
  OWNER_TAGS,
  ownershipOf,
  ownerTags,
} from "../../../../components/trainingJob/identity/owner";
import { canonicalInputs, MARK, URN } from "../../support/inputs";

/** SageMaker's rules for a tag. */
const TAG_VALUE = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u;
const TAG_KEY = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128})$/u;

const ownership = ownershipOf(canonicalInputs());
const tags = ownerTags(ownership, "d1", "c1");
/** As a release without marks tagged its jobs. */
const { [MARK_TAG]: _mark, [DIGEST_TAG]: _digest, ...legacy } = tags;
const names = (logUrn: string) => ownershipOf(canonicalInputs({ logUrn, project: "my project!" }));

describe("ownerTags", () => {
  it("say the mark, the training, the claim, and the resource", () => {
    assert.deepEqual(tags, {
      "pulumi:project": "training",
      "pulumi:stack": "dev",
      "pulumi:urn": URN.replace("$", "/"),
      "pulumi:mark": MARK,
      "pulumi:digest": "d1",
      "pulumi:claim": "c1",
    });
    assert.deepEqual(Object.keys(tags).sort(), [...OWNER_TAGS].sort());
  });

  it("are tags that SageMaker takes, whatever the names", () => {
    for (const urn of [URN, "x".repeat(500), `urn:pulumi:dev::a b::c$d::${'"#%&<>|~ü日本'}`, ""]) {
      for (const [key, value] of Object.entries(ownerTags(names(urn), "d".repeat(64), ""))) {
        assert.match(key, TAG_KEY);
        assert.match(value, TAG_VALUE);
        assert.ok(value.length <= 256, `${value.length} characters`);
      }
    }
  });

  it("tell resources with long URNs apart by their end, where the name is", () => {
    const tag = (name: string) => ownerTags(names(`${"x".repeat(300)}::${name}`), "d", "c")["pulumi:urn"];
    assert.notEqual(tag("one"), tag("two"));
  });
});

describe("isOwned", () => {
  it("knows a job by its mark, whatever else its tags say", () => {
    assert.ok(isOwned(tags, ownership));
    assert.ok(isOwned({ [MARK_TAG]: MARK, team: "imaging" }, ownership));
    assert.ok(isOwned({ ...tags, "pulumi:stack": "renamed", [CLAIM_TAG]: "another" }, ownership));
  });

  it("does not take a job with another's mark, whatever its names", () =>
    assert.ok(!isOwned({ ...tags, [MARK_TAG]: "another" }, ownership)));

  it("does not take a marked job where it has no mark itself", () =>
    assert.ok(!isOwned(tags, { ...ownership, mark: undefined })));

  it("knows a job without a mark by its names", () => {
    assert.ok(isOwned(legacy, ownership));
    assert.ok(isOwned(legacy, { ...ownership, mark: undefined }));
    assert.ok(isOwned({ ...legacy, [MARK_TAG]: "" }, ownership));
    assert.ok(!isOwned({}, ownership));
  });

  for (const missing of ["pulumi:project", "pulumi:stack", "pulumi:urn"]) {
    it(`asks for ${missing} where there is no mark`, () =>
      assert.ok(!isOwned({ ...legacy, [missing]: "another" }, ownership)));
  }
});

describe("isForeign", () => {
  it("is a job with a mark that is not ours", () => {
    assert.ok(isForeign({ [MARK_TAG]: "another" }, MARK));
    assert.ok(isForeign({ [MARK_TAG]: "another" }, undefined));
  });

  it("is no job without a mark, or with ours", () => {
    for (const each of [{}, legacy, { ...legacy, [MARK_TAG]: "" }, tags]) assert.ok(!isForeign(each, MARK));
  });

  it("is never one that is owned", () => {
    for (const mark of ["", MARK, "another"]) {
      const each = { ...legacy, [MARK_TAG]: mark };
      assert.ok(!(isOwned(each, ownership) && isForeign(each, MARK)));
    }
  });
});

describe("isSameTraining", () => {
  it("is told by the whole digest", () => {
    assert.ok(isSameTraining(tags, "d1"));
    assert.ok(!isSameTraining(tags, "d12"));
  });

  it("is told by the name alone where an earlier release tagged no digest", () =>
    assert.ok(isSameTraining(legacy, "d1")));
});
