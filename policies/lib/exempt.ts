import type {
  Policies,
  PolicyConfigSchema,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { matches } from "./text";

type Policy = Policies[number];

/** What a rule is called with, as far as it matters here. */
interface Args {
  stackTags: ReadonlyMap<string, string>;
  getConfig<T extends object>(): T;
  notApplicable(reason?: string): never;
}

/** The setting's name, which every rule of the pack has. */
export const exemptSetting = "exemptStackTags";

const properties: NonNullable<PolicyConfigSchema["properties"]> = {
  [exemptSetting]: {
    type: "array",
    items: { type: "string", pattern: "^[^=]+=.+$" },
    default: [],
    description:
      "Tags of stacks, as `key=value`, that the rule leaves alone; `*` stands for any characters. Every rule has this setting.",
  },
};

/**
 * The same rule, with a setting that exempts whole stacks by their tags. These are set on the stack, where the platform decides who may,
 * and not in the program, whose author would exempt himself.
 */
export function exemptible<P extends Policy>(policy: P): P {
  const functions = "validateStack" in policy ? stackFunctions(policy) : resourceFunctions(policy);
  const configSchema: PolicyConfigSchema = {
    ...policy.configSchema,
    properties: { ...policy.configSchema?.properties, ...properties },
  };
  return { ...policy, configSchema, ...functions };
}

function stackFunctions({
  validateStack,
}: StackValidationPolicy): Pick<StackValidationPolicy, "validateStack"> {
  return { validateStack: (args, report) => validateStack(unlessExempt(args), report) };
}

function resourceFunctions({
  validateResource,
  remediateResource,
}: ResourceValidationPolicy): Pick<ResourceValidationPolicy, "validateResource" | "remediateResource"> {
  return {
    ...(validateResource && {
      validateResource: [validateResource]
        .flat()
        .map((validate) => (args, report) => validate(unlessExempt(args), report)),
    }),
    ...(remediateResource && { remediateResource: (args) => remediateResource(unlessExempt(args)) }),
  };
}

/** The arguments without the setting, for a rule that does not know of it. A stack that is exempt ends here. */
function unlessExempt<A extends Args>(args: A): A {
  const { [exemptSetting]: exempt = [], ...config } = args.getConfig<{ [exemptSetting]?: string[] }>();
  for (const [key, value] of args.stackTags.entries()) {
    if (matches(`${key}=${value}`, exempt)) args.notApplicable(`the stack has the tag ${key}=${value}`);
  }
  return { ...args, getConfig: () => config };
}
