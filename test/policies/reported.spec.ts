import assert from "node:assert/strict";
import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { rules } from "../../policies/rules";
import reported from "../local/provider/fixtures/reported.json";
import { examine, examineStack, type StackResource } from "./support/examine";
import { jobKinds } from "./support/jobs";

/** The resources of the program as the real AWS provider reported them, empty values included; the guards belong to the bucket. */
const resources: StackResource[] = Object.entries(reported).map(([type, { outputs }]) => ({
  type,
  name: type.slice(type.lastIndexOf(":") + 1),
  props: outputs as Record<string, unknown>,
  ...(type.startsWith("aws:s3/bucket") && type !== "aws:s3/bucket:Bucket"
    ? { dependsOn: { bucket: "Bucket" } }
    : {}),
}));

/** What they are for: rules on what training uses look at nothing where nothing trains. */
const job = jobKinds[0]?.job() as StackResource;
const outputs = { modelArtifact: "s3://artifacts/mednist/output/model.tar.gz" };

describe("every rule, on what the real AWS provider reports", () => {
  for (const rule of rules) {
    it(`has nothing against it: ${rule.name}`, () => {
      const verdicts =
        "validateStack" in rule
          ? [examineStack(rule as StackValidationPolicy, [...resources, job], outputs)]
          : resources.map((resource) => examine(rule as ResourceValidationPolicy, resource));
      assert.deepEqual(
        verdicts.flatMap(({ violations, unseen }) => [...violations, ...(unseen ? [unseen] : [])]),
        [],
      );
    });
  }
});
