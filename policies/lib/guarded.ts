import type {
  Policies,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";

type Policy = Policies[number];

/**
 * The same rule, which never ends a deployment by an exception: what it could not read, because a provider reports it in a form that
 * nobody foresaw, is a violation that says so. A mandatory rule so never passes what it has not seen, and an advisory one only advises.
 * Values that are not known yet and rules that do not apply are the policy SDK's own errors, and go on to it.
 */
export function guarded<P extends Policy>(policy: P): P {
  return "validateStack" in policy ? (guardedStack(policy) as P) : (guardedResource(policy) as P);
}

function guardedStack(policy: StackValidationPolicy): StackValidationPolicy {
  const { validateStack } = policy;
  return {
    ...policy,
    validateStack: (args, report) => attempt(() => validateStack(args, report), report, "the stack"),
  };
}

function guardedResource(policy: ResourceValidationPolicy): ResourceValidationPolicy {
  const { validateResource, remediateResource } = policy;
  const validations = [validateResource ?? []].flat();
  return {
    ...policy,
    ...(validateResource && {
      validateResource: validations.map(
        (validate) => (args, report) =>
          attempt(() => validate(args, report), report, `${args.type} "${args.name}"`),
      ),
    }),
    ...(remediateResource && {
      // What a remedy cannot read it leaves as it is: the rule itself then says what it could not read.
      remediateResource: (args) => {
        try {
          return remediateResource(args);
        } catch (error) {
          if (isFaultOfReading(error)) return undefined;
          throw error;
        }
      },
    }),
  };
}

function attempt<T>(look: () => T, report: ReportViolation, subject: string): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!isFaultOfReading(error)) throw error;
    report(
      `${subject} could not be judged: ${(error as Error).message}. Correct the value, or report this to the authors of the rule if it is right.`,
    );
    return undefined;
  }
}

/** Everything but the policy SDK's own two signs, which are known by their classes' names: it exports neither. */
const isFaultOfReading = (error: unknown): boolean =>
  !["UnknownValueError", "NotApplicableError", "NotApplicable"].includes((error as Error)?.constructor?.name);
