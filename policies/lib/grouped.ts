import type { Policies, ResourceValidation, ResourceValidationPolicy, StackValidation } from "@pulumi/policy";

type Policy = Policies[number];

/** As many resources as a rule warns of one by one; the rest it names together. */
const shownOneByOne = 20;

/** The engine asks for that only when the deployment got to its end. */
const more =
  " What the rule has to say of further resources follows together, when the deployment has seen them all.";

/**
 * The same rule, which does not fill the screen: what it merely warns of, in a stack of hundreds of jobs, is shown in full for
 * the first resources, and the others are named together when the engine has all resources of the stack. A violation that is
 * enforced is always shown where it is: it must stop the resource.
 *
 * @param isAdvisory whether the rule only warns in the configuration that holds
 */
export function grouped(policy: Policy, isAdvisory: () => boolean): Policy {
  if (!("validateResource" in policy) || policy.validateResource === undefined) return policy;
  const warned = new Resources();
  const unseen = new Resources();
  let unknown: Error | undefined;

  const validateResource = [policy.validateResource].flat().map(
    (validate): ResourceValidation =>
      (args, report) => {
        try {
          return validate(args, (message, urn) => {
            if (!isAdvisory()) report(message, urn);
            else if (warned.isFirst(args)) report(`${message}${warned.isFull ? more : ""}`, urn);
          });
        } catch (error) {
          // The policy SDK makes a warning of this at every level. It exports no class to know it by, only its name is known.
          if ((error as Error)?.constructor?.name !== "UnknownValueError" || unseen.isFirst(args))
            throw error;
          unknown = error as Error;
          return undefined;
        }
      },
  );
  const validateStack: StackValidation = (_args, report) => {
    const [violating, waiting] = [warned.takeRest(), unseen.takeRest()];
    if (violating.length > 0) {
      report(`the same holds for ${violating.length} more resources: ${violating.join(", ")}.`);
    }
    if (waiting.length > 0 && unknown !== undefined) {
      unknown.message = `${waiting.length} more resources have values that are not known yet: ${waiting.join(", ")}`;
      throw unknown;
    }
  };
  return { ...policy, validateResource, validateStack } as ResourceValidationPolicy;
}

/** Resources that a rule spoke of, by their URNs. */
class Resources {
  private readonly names = new Map<string, { name: string; first: boolean }>();

  /** Whether the resource is among the first ones; all are remembered. */
  isFirst({ urn, name }: { urn: string; name: string }): boolean {
    const known = this.names.get(urn) ?? { name, first: this.names.size < shownOneByOne };
    this.names.set(urn, known);
    return known.first;
  }

  get isFull(): boolean {
    return this.names.size === shownOneByOne;
  }

  /** The names of the others; all are forgotten. */
  takeRest(): string[] {
    const rest = [...this.names.values()].filter(({ first }) => !first).map(({ name }) => name);
    this.names.clear();
    return rest;
  }
}
