import type { ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { Unknowns } from "../lib/unknowns";
import { isAnotherWay } from "../ways/asksOf";
import { Unresolvable } from "../ways/view";
import { startsTraining, trainingSpecs } from "./adapter";
import type { TrainingSpec } from "./spec";

/** What a violation says: `<label> <found>; <limit>. <fix>.` */
export interface Violation {
  /** What the job asks for, as the rest of a sentence: `may run for 2d (172800 s)`. */
  found: string;
  /** What is allowed: `the limit is 1d (86400 s)`. */
  limit: string;
  /** What to change, and where: `Lower stoppingCondition.maxRuntimeInSeconds`. */
  fix: string;
}

/** One look at one training definition. */
export interface Look<Config> {
  spec: TrainingSpec;
  config: Config;
  report: (violation: Violation) => void;
  /** Makes a part of the check on its own, so that a value that is not known yet only stops this part. */
  look: (part: () => void) => void;
}

/** A policy on everything that starts training. */
export interface TrainingRule<Config extends object> extends ResourceValidationPolicy {
  check: (look: Look<Config>) => void;
  /** Changes the properties so that the rule holds. Returns whether anything had to be changed. */
  remedy?: (spec: TrainingSpec, config: Config) => boolean;
}

const later = "the rule looks again during the update, before the job is created.";

/**
 * Makes a policy of a rule on training: the same for the TrainingJob of this project, for aws.sagemaker.TrainingJob, for every definition of
 * an aws.sagemaker.HyperParameterTuningJob, and for all other ways to ask SageMaker for the same.
 */
export function trainingRule<Config extends object>(rule: TrainingRule<Config>): ResourceValidationPolicy {
  const { check, remedy, ...policy } = rule;
  const configOf = (args: { getConfig<T extends object>(): T }) =>
    withDefaults<Config>(policy.configSchema, args.getConfig());

  if (remedy !== undefined) {
    policy.remediateResource = (args) => {
      // What is written in a template or a definition, in text, is not changed: the rule then refuses it.
      const specs = startsTraining(args.type) && !isAnotherWay(args.type) ? trainingSpecs(args) : [];
      const changed = specs.map((spec) => remedy(spec, configOf(args)));
      return changed.includes(true) ? args.props : undefined;
    };
  }

  policy.validateResource = (args, reportViolation) => {
    if (!startsTraining(args.type)) {
      args.notApplicable("not a training job");
    }
    const config = configOf(args);
    const unknowns = new Unknowns();
    const look = (part: () => void) => unknowns.look(() => skippingReferences(part));
    look(() => {
      for (const spec of trainingSpecs(args)) {
        const words = spec.source.words ?? ((text: string) => text);
        const report = ({ found, limit, fix }: Violation) =>
          reportViolation(`${spec.label} ${words(`${found}; ${limit}. ${fix}.`)}`);
        look(() => check({ spec, config, report, look }));
      }
    });
    unknowns.rethrow(later);
  };
  return policy;
}

/** Makes a look. A value that only another service can tell ends it: the rule no-other-way-to-train names it, once for all rules. */
function skippingReferences(look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof Unresolvable)) throw error;
  }
}
