import type {
  PolicyResource,
  PolicyResourceOptions,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import * as policyProxy from "@pulumi/policy/proxy";
import type { Resource } from "../../../policies/training/adapter";

/** What a policy said of a resource or a stack. */
export interface Verdict {
  violations: string[];
  /** What the policy could not look at, in the words that the user is told; undefined where it saw all. */
  unseen: string | undefined;
  /** Why the policy does not concern the resource or stack; undefined where it does. */
  notApplicable?: string;
}

type Config = Record<string, unknown>;

/** What the policy SDK wraps around properties so that reading an unknown value throws. It does not declare it. */
const { unknownCheckingProxy } = policyProxy as unknown as {
  unknownCheckingProxy: <T extends object>(value: T) => T;
};

const options: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

/** Runs a resource policy as the policy SDK does, unknown values included. */
export function examine(policy: ResourceValidationPolicy, resource: Resource, config: Config = {}): Verdict {
  return collect((report) => {
    const validations = [policy.validateResource ?? []].flat();
    for (const validate of validations) {
      validate(argsOf(resource, config), report);
    }
  });
}

/** Runs a policy's remediation. Returns the new properties, or undefined where it left them alone. */
export function remediate(
  policy: ResourceValidationPolicy,
  resource: Resource,
  config: Config = {},
): Record<string, unknown> | undefined {
  const args = argsOf({ ...resource, props: structuredClone(resource.props) }, config);
  const result = policy.remediateResource?.(args) as Record<string, unknown> | undefined;
  return result === undefined
    ? undefined
    : structuredClone(result.__getSpecialProxyTarget as object as Config);
}

/** Runs a stack policy as the policy SDK does. Outputs make the stack's own resource. */
export function examineStack(
  policy: StackValidationPolicy,
  resources: StackResource[],
  outputs: Record<string, unknown> = {},
  config: Config = {},
): Verdict {
  const stack = { type: "pulumi:pulumi:Stack", name: "training-test", props: outputs };
  const all = [stack, ...resources].map(stackResource);
  for (const [index, { dependsOn }] of resources.entries()) {
    for (const [property, name] of Object.entries(dependsOn ?? {})) {
      const own = all[index + 1] as PolicyResource;
      own.propertyDependencies[property] = all.filter((other) => other.name === name);
    }
  }
  return collect((report) =>
    policy.validateStack(
      {
        resources: all,
        stackTags: new Map(),
        getConfig: <T>() => config as T,
        notApplicable,
      },
      report,
    ),
  );
}

/** A resource in a stack, and the names of the resources that its properties come from. */
export interface StackResource extends Resource {
  dependsOn?: Record<string, string>;
}

function stackResource(resource: Resource): PolicyResource {
  return {
    type: resource.type,
    name: resource.name,
    urn: urnOf(resource),
    props: unknownCheckingProxy(structuredClone(resource.props)),
    opts: options,
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  };
}

function argsOf(resource: Resource, config: Config) {
  return {
    type: resource.type,
    name: resource.name,
    urn: urnOf(resource),
    props: unknownCheckingProxy(resource.props),
    opts: options,
    provider: resource.provider,
    stackTags: new Map<string, string>(),
    isType: () => false,
    asType: () => undefined,
    getConfig: <T>() => config as T,
    notApplicable,
  };
}

class NotApplicable extends Error {}

function notApplicable(reason?: string): never {
  throw new NotApplicable(reason);
}

function urnOf({ type, name }: Resource): string {
  return `urn:pulumi:test::training::${type}::${name}`;
}

function collect(run: (report: (message: string) => void) => void): Verdict {
  const violations: string[] = [];
  try {
    run((message) => violations.push(message));
    return { violations, unseen: undefined };
  } catch (error) {
    if (error instanceof Error && error.constructor.name === "UnknownValueError") {
      return { violations, unseen: error.message };
    }
    if (error instanceof NotApplicable) {
      return { violations, unseen: undefined, notApplicable: error.message };
    }
    throw error;
  }
}
