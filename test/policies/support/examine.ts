import type {
  PolicyResource,
  PolicyResourceOptions,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import * as policyProxy from "@pulumi/policy/proxy";
import * as policySecrets from "@pulumi/policy/secret";
import { guarded } from "../../../policies/lib/guarded";
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
type StackTags = Record<string, string>;

/** What the policy SDK wraps around properties so that reading an unknown value throws. It does not declare it. */
const { unknownCheckingProxy } = policyProxy as unknown as {
  unknownCheckingProxy: <T extends object>(value: T) => T;
};

/** What the policy SDK wraps around properties, below that, for a remedy: what a secret's place is given stays secret. */
const { secretsPreservingProxy } = policySecrets as unknown as {
  secretsPreservingProxy: <T extends object>(value: T) => T;
};

const options: PolicyResourceOptions = {
  protect: false,
  ignoreChanges: [],
  aliases: [],
  customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 },
  additionalSecretOutputs: [],
};

/** Runs a resource policy as the pack and the policy SDK do, unknown values included. */
export function examine(
  policy: ResourceValidationPolicy,
  resource: Resource,
  config: Config = {},
  stackTags: StackTags = {},
): Verdict {
  return collect((report) => {
    const validations = [guarded(policy).validateResource ?? []].flat();
    for (const validate of validations) {
      validate(argsOf(resource, unknownCheckingProxy(resource.props), config, stackTags), report);
    }
  });
}

/**
 * Runs a policy's remediation as the pack and the policy SDK do, in both of the SDK's proxies. Returns the new properties, or undefined
 * where it left them alone. What it tells the user goes to `told`.
 */
export function remediate(
  policy: ResourceValidationPolicy,
  resource: Resource,
  config: Config = {},
  { stackTags = {}, told = [] }: { stackTags?: StackTags; told?: string[] } = {},
): Record<string, unknown> | undefined {
  const props = unknownCheckingProxy(secretsPreservingProxy(structuredClone(resource.props)));
  const { info } = console;
  console.info = (line: string) => told.push(line);
  try {
    let result = guarded(policy).remediateResource?.(argsOf(resource, props, config, stackTags)) as
      | Record<string, unknown>
      | undefined;
    while (result?.__isSpecialProxy) result = result.__getSpecialProxyTarget as Config;
    return structuredClone(result);
  } finally {
    console.info = info;
  }
}

/** Runs a stack policy as the policy SDK does. Outputs make the stack's own resource. */
export function examineStack(
  policy: StackValidationPolicy,
  resources: StackResource[],
  outputs: Record<string, unknown> = {},
  config: Config = {},
  stackTags: StackTags = {},
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
    guarded(policy).validateStack(
      {
        resources: all,
        stackTags: new Map(Object.entries(stackTags)),
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
    provider: providerOf(resource),
    dependencies: [],
    propertyDependencies: {},
    isType: () => false,
    asType: () => undefined,
  };
}

function providerOf({ provider }: Resource): Resource["provider"] {
  return provider && { ...provider, props: unknownCheckingProxy(provider.props) };
}

function argsOf(resource: Resource, props: Resource["props"], config: Config, stackTags: StackTags) {
  return {
    type: resource.type,
    name: resource.name,
    urn: urnOf(resource),
    props,
    opts: options,
    provider: providerOf(resource),
    stackTags: new Map(Object.entries(stackTags)),
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
