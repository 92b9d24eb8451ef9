/** aws:ecr/lifecyclePolicy:LifecyclePolicy */

import type { Aws } from "../../aws.ts";
import { ifExists } from "../../errors.ts";
import { defineResource } from "../../resource.ts";

interface LifecyclePolicyInputs {
  /** The repository's name. */
  repository: string;
  policy: string;
}

export const lifecyclePolicy = defineResource<LifecyclePolicyInputs>({
  token: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  inputs: {
    repository: { kind: "string", required: true, replaces: true },
    policy: { kind: "json", required: true },
  },
  outputs: ["registryId"],

  async create(aws, inputs) {
    await put(aws, inputs.repository, inputs.policy);
    return inputs.repository;
  },

  async read(aws, id) {
    const ecr = await aws.ecr();
    const answer = await ifExists(ecr.getLifecyclePolicy({ repositoryName: id }));
    return answer && { repository: id, policy: answer.lifecyclePolicyText, registryId: answer.registryId };
  },

  async update(aws, id, { news }) {
    await put(aws, id, news.policy);
  },

  async delete(aws, id) {
    const ecr = await aws.ecr();
    await ifExists(ecr.deleteLifecyclePolicy({ repositoryName: id }));
  },
});

async function put(aws: Aws, repositoryName: string, lifecyclePolicyText: string): Promise<void> {
  const ecr = await aws.ecr();
  await ecr.putLifecyclePolicy({ repositoryName, lifecyclePolicyText });
}
