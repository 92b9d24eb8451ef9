import type { ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { Unknowns } from "../lib/unknowns";
import { isAnotherWay } from "../ways/asksOf";
import { skippingReferences } from "../ways/view";
import { startsTraining, trainingLooks, trainingSpecs, tuningType } from "./adapter";
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
  /** Changes the properties so that the rule holds. Returns what it changed, as a sentence's end; undefined where nothing had to be. */
  remedy?: (spec: TrainingSpec, config: Config) => string | undefined;
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
      if (!startsTraining(args.type) || isAnotherWay(args.type) || isLeftOut(args.props)) return undefined;
      const specs = trainingSpecs(args);
      const unknowns = new Unknowns();
      const changes: string[] = [];
      for (const spec of specs) {
        unknowns.look(() => {
          const change = remedy(spec, configOf(args));
          if (change !== undefined) changes.push(`${spec.label} ${change}`);
        });
      }
      // What a look could not see the rule itself tells of: here it would hide what the others changed.
      if (changes.length === 0) unknowns.rethrow(later);
      // The resource has told its cost before, and is not asked again: the engine shows this among its messages.
      for (const change of changes) console.info(`${policy.name}: ${change}.`);
      return changes.length > 0 ? args.props : undefined;
    };
  }

  policy.validateResource = (args, reportViolation) => {
    if (!startsTraining(args.type)) {
      args.notApplicable("not a training job");
    }
    if (isLeftOut(args.props)) {
      args.notApplicable("not part of this update");
    }
    const config = configOf(args);
    const unknowns = new Unknowns();
    const look = (part: () => void) => unknowns.look(() => skippingReferences(part));
    const isEmpty = (spec: TrainingSpec) => args.type === tuningType && isLeftOut(spec.properties);
    for (const training of trainingLooks(args)) {
      look(() => {
        const specs = training();
        if (args.type === tuningType && specs.every(isEmpty)) {
          reportViolation(
            `"${args.name}" has no training job definition; a rule on training needs one to look at. Set trainingJobDefinition.`,
          );
        }
        for (const spec of specs.filter((each) => !isEmpty(each))) {
          const report = ({ found, limit, fix }: Violation) =>
            reportViolation(`${spec.label} ${spec.words(`${found}; ${limit}. ${fix}.`)}`);
          look(() => check({ spec, config, report, look }));
        }
      });
    }
    unknowns.rethrow(later);
  };
  return policy;
}

/** Whether the resource is not a target of this update: the engine asks about a new one all the same, with no inputs at all. */
export function isLeftOut(props: object): boolean {
  return Object.keys(props).every((key) => engineKeys.includes(key));
}

/** What Pulumi's own providers put beside the inputs. Any other name may hold some. */
const engineKeys = ["__defaults", "__provider"];
