/** aws:ecr/lifecyclePolicy:LifecyclePolicy */

import { ifExists } from "../../errors.ts";
import { defineResource } from "../../resource.ts";

interface LifecyclePolicyInputs {
  /** The repository's name. */
  repository: string;
  policy: string;
}

export const lifecyclePolicy = defineResource<LifecyclePolicyInputs>({
  token: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  // A repository has one: created first, the new one would be deleted as the old one.
  deleteBeforeReplace: true,
  inputs: {
    repository: { kind: "string", required: true, replaces: true },
    policy: { kind: "json", required: true, replaces: true },
  },
  outputs: ["registryId"],

  async create(aws, inputs) {
    const ecr = await aws.ecr();
    await ecr.putLifecyclePolicy({
      repositoryName: inputs.repository,
      lifecyclePolicyText: inputs.policy,
    });
    return inputs.repository;
  },

  async read(aws, id) {
    const ecr = await aws.ecr();
    const answer = await ifExists(ecr.getLifecyclePolicy({ repositoryName: id }));
    return answer && { repository: id, policy: answer.lifecyclePolicyText, registryId: answer.registryId };
  },

  async delete(aws, id) {
    const ecr = await aws.ecr();
    await ifExists(ecr.deleteLifecyclePolicy({ repositoryName: id }));
  },
});
