import { strict as assert } from "node:assert";
import { requiredTags } from "../../../policies/rules/requiredTags";
import { examine, remediate } from "../support/examine";
import { assertPasses, assertRefuses, assertUnseen } from "../support/expect";
import { forEvery, kinds, unknown } from "../support/jobs";

describe("required-tags", () => {
  forEvery(kinds, ({ job }) => {
    it("passes a job with the tags", () => {
      assertPasses(examine(requiredTags, job()));
    });

    it("refuses a job without one of them", () => {
      assertRefuses(
        examine(requiredTags, job({ "tags.owner": undefined })),
        "has the tags cost-center",
        "required are owner, cost-center",
        "Add the missing owner to tags",
      );
      assertRefuses(
        examine(requiredTags, job({ tags: undefined })),
        "(none)",
        "the missing owner and cost-center",
      );
    });

    it("asks for the configured tags", () => {
      assertPasses(examine(requiredTags, job(), { requiredTags: [] }));
      assertRefuses(examine(requiredTags, job(), { requiredTags: ["team"] }), "required are team");
    });

    it("counts the default tags of the provider", () => {
      const untagged = job({ tags: undefined });
      for (const defaultTags of [
        { tags: { owner: "a", "cost-center": "b" } },
        '{"tags":{"owner":"a","cost-center":"b"}}',
      ]) {
        const provider = {
          type: "pulumi:providers:aws",
          name: "default",
          urn: "urn",
          props: { defaultTags },
        };
        assertPasses(examine(requiredTags, { ...untagged, provider }));
      }
    });

    it("needs no value that is known already, only the tag", () => {
      assertPasses(examine(requiredTags, job({ "tags.owner": unknown.text })));
    });

    it("says that it could not look at tags which are not known yet", () => {
      assertUnseen(examine(requiredTags, job({ tags: unknown.object })), "tags");
    });

    it("adds no tag that the job would be refused for", () => {
      const reserved = { addTags: { "aws:team": "imaging" } };
      assert.equal(remediate(requiredTags, job(), reserved), undefined);
      assertRefuses(examine(requiredTags, job(), reserved), "cannot carry aws:team of addTags");
      const many = Object.fromEntries(Array.from({ length: 44 }, (_, index) => [`t${index}`, "x"]));
      assert.equal(remediate(requiredTags, job(), { addTags: many }), undefined);
    });

    it("takes a tag without a value for none", () => {
      for (const empty of ["", null]) {
        assertRefuses(examine(requiredTags, job({ "tags.owner": empty })), "Add the missing owner");
      }
    });

    it("adds the tags whose values it knows, and keeps those that are there", () => {
      const config = { addTags: { owner: "platform", team: "imaging" } };
      const fixed = remediate(requiredTags, job(), config);
      assert.deepEqual(fixed?.tags, { owner: "imaging", "cost-center": "4711", team: "imaging" });
      assert.deepEqual(remediate(requiredTags, job({ tags: undefined }), config)?.tags, config.addTags);
      assert.equal(remediate(requiredTags, job(), {}), undefined);
    });
  });
});
