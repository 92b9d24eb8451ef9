import type {
  Policies,
  ReportViolation,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { isNotApplicable, isUnknownValue, Unjudged } from "./unknowns";

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
  const { name, validateStack } = policy;
  return {
    ...policy,
    validateStack: (args, report) => attempt(() => validateStack(args, report), report, name, "the stack"),
  };
}

function guardedResource(policy: ResourceValidationPolicy): ResourceValidationPolicy {
  const { name, validateResource, remediateResource } = policy;
  const validations = [validateResource ?? []].flat();
  return {
    ...policy,
    ...(validateResource && {
      validateResource: validations.map(
        (validate) => (args, report) =>
          attempt(() => validate(args, report), report, name, `${args.type} "${args.name}"`),
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

function attempt<T>(look: () => T, report: ReportViolation, rule: string, subject: string): T | undefined {
  try {
    return look();
  } catch (error) {
    if (!isFaultOfReading(error)) throw error;
    const faults = error instanceof Unjudged ? error.faults : [{ of: "", error: error as Error }];
    for (const { of, error: fault } of faults) {
      report(
        `${of || subject} could not be judged by ${rule}: ${fault.message}. Correct the value, or report this to the authors of the rule if it is right.`,
      );
    }
    if (error instanceof Unjudged && error.unknown) throw error.unknown;
    return undefined;
  }
}

const isFaultOfReading = (error: unknown): boolean => !isUnknownValue(error) && !isNotApplicable(error);
