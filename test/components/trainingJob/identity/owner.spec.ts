import assert from "node:assert/strict";
import { digestOf } from "../../../../components/trainingJob/identity/definition";
import {
  DIGEST_TAG,
  isForeign,
  isOwned,
  isSameTraining,
  MARK_TAG,
  type Ownership,
  ownershipOf,
  ownerTags,
} from "../../../../components/trainingJob/identity/owner";
import { canonicalInputs, MARK, URN } from "../../support/inputs";

/** SageMaker's rules for a tag. */
const TAG_VALUE = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u;
const TAG_KEY = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128})$/u;

const DIGEST = "a".repeat(64);
const owned = (changes: Record<string, unknown> = {}): Ownership => ownershipOf(canonicalInputs(changes));

describe("ownerTags", () => {
  it("say project, stack, resource, owner, training and creation", () => {
    assert.deepEqual(ownerTags(owned(), DIGEST, "claim"), {
      "pulumi:project": "training",
      "pulumi:stack": "dev",
      "pulumi:urn": URN.replace("$", "/"),
      "pulumi:mark": MARK,
      "pulumi:digest": DIGEST,
      "pulumi:claim": "claim",
    });
  });

  it("have no mark where there is none", () => {
    assert.ok(!(MARK_TAG in ownerTags(owned({ mark: undefined }), DIGEST, "claim")));
  });

  it("are tags that SageMaker takes, whatever the names", () => {
    for (const logUrn of [URN, "x".repeat(500), `urn:pulumi:dev::a b::c$d::${'"#%&<>|~ü日本'}`, ""]) {
      const tags = ownerTags(owned({ project: "my project!", stack: "org/dev", logUrn }), DIGEST, "claim");
      for (const [key, value] of Object.entries(tags)) {
        assert.match(key, TAG_KEY);
        assert.match(value, TAG_VALUE);
        assert.ok(value.length <= 256, `${value.length} characters`);
      }
    }
  });

  it("tell resources with long URNs apart by their end, where the name is", () => {
    const tag = (name: string) =>
      ownerTags(owned({ logUrn: `${"x".repeat(300)}::${name}` }), DIGEST, "claim")["pulumi:urn"];
    assert.notEqual(tag("one"), tag("two"));
  });

  it("hold no value of a hyperparameter or a variable", () => {
    const inputs = canonicalInputs({
      hyperparameters: { token: "hunter2" },
      environment: { PASSWORD: "hunter2" },
    });
    assert.ok(!JSON.stringify(ownerTags(ownershipOf(inputs), digestOf(inputs), "claim")).includes("hunter2"));
  });
});

describe("whose a job is", () => {
  const ours = ownerTags(owned(), DIGEST, "claim");
  const { [MARK_TAG]: _mark, ...names } = ours;
  const cases: [what: string, tags: Record<string, string>, isOwned: boolean, isForeign: boolean][] = [
    ["our mark and our names", ours, true, false],
    ["our mark, after the stack was renamed", { ...ours, "pulumi:stack": "prod" }, true, false],
    ["our mark, after the resource was renamed", { ...ours, "pulumi:urn": "another" }, true, false],
    ["our mark alone", { [MARK_TAG]: MARK }, true, false],
    ["our names, and another's mark", { ...ours, [MARK_TAG]: "another" }, false, true],
    ["our names and no mark, as of a release without marks", names, true, false],
    ["no mark, and another project", { ...names, "pulumi:project": "x" }, false, false],
    ["no mark, and another stack", { ...names, "pulumi:stack": "x" }, false, false],
    ["no mark, and another resource", { ...names, "pulumi:urn": "x" }, false, false],
    ["no tags at all", {}, false, false],
  ];
  for (const [what, tags, isOwn, isAnothers] of cases) {
    it(`${what}: ${isOwn ? "ours" : "not ours"}${isAnothers ? ", and another's for certain" : ""}`, () => {
      assert.equal(isOwned(tags, owned()), isOwn);
      assert.equal(isForeign(tags, MARK), isAnothers);
    });
  }

  it("is told by the full digest which training it is, and by the name alone where there is none", () => {
    assert.equal(isSameTraining({ [DIGEST_TAG]: DIGEST }, DIGEST), true);
    assert.equal(isSameTraining({ [DIGEST_TAG]: `${"a".repeat(63)}b` }, DIGEST), false);
    assert.equal(isSameTraining({}, DIGEST), true);
  });
});
