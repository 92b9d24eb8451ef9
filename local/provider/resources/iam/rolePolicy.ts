/** aws:iam/rolePolicy:RolePolicy, an inline policy of a role */

import { ifExists } from "../../errors.ts";
import { defineResource } from "../../resource.ts";
import type { Values } from "../../values.ts";

interface RolePolicyInputs extends Values {
  name: string;
  /** The role's name. */
  role: string;
  policy: string;
}

export const rolePolicy = defineResource<RolePolicyInputs>({
  token: "aws:iam/rolePolicy:RolePolicy",
  global: true,
  autoName: { property: "name", maxLength: 255, prefix: "namePrefix" },
  inputs: {
    name: { kind: "string", computed: true, replaces: true, maxLength: 128, pattern: /^[\w+=,.@-]+$/ },
    namePrefix: {
      kind: "string",
      computed: true,
      replaces: true,
      stateOnly: true,
      unset: "",
      maxLength: 128 - 26,
    },
    role: { kind: "string", required: true, replaces: true },
    policy: { kind: "json", required: true, versionFirst: true },
  },
  outputs: [],

  async create(aws, { role, name, policy }) {
    const iam = await aws.iam();
    await iam.putRolePolicy({ RoleName: role, PolicyName: name, PolicyDocument: policy });
    return `${role}:${name}`;
  },

  async read(aws, id) {
    const iam = await aws.iam();
    const { role, name } = parseId(id);
    const answer = await ifExists(iam.getRolePolicy({ RoleName: role, PolicyName: name }));
    // The API returns the document URL-encoded.
    return answer && { role, name, policy: decodeURIComponent(answer.PolicyDocument ?? "") };
  },

  async update(aws, id, { news }) {
    const iam = await aws.iam();
    const { role, name } = parseId(id);
    await iam.putRolePolicy({ RoleName: role, PolicyName: name, PolicyDocument: news.policy });
  },

  async delete(aws, id) {
    const iam = await aws.iam();
    const { role, name } = parseId(id);
    await ifExists(iam.deleteRolePolicy({ RoleName: role, PolicyName: name }));
  },
});

/** `role:policy`; a colon cannot be part of either name. */
function parseId(id: string): { role: string; name: string } {
  const [role = "", name = ""] = id.split(":");
  return { role, name };
}
