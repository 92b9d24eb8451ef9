import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { valueAt } from "../lib/properties";
import { matches } from "../lib/text";
import { Unknowns } from "../lib/unknowns";
import { startsTraining, trainingLooks } from "../training/adapter";
import { isKnown, startsNoMachine } from "../ways/actions";
import { type Unseen, unresolved } from "../ways/ask";
import { asksOf, asksSeen, isAnotherWay } from "../ways/asksOf";
import { machinesOf } from "../ways/machines";
import { mayOverride, overridesIn } from "../ways/overrides";
import { isCommand, isForeignDynamic, isScript, sageMakerName } from "../ways/types";
import {
  callOfProvider,
  callsOfCommand,
  callsOfScript,
  referencesIn,
  referencesInMachines,
} from "../ways/unjudged";

interface Config {
  trustedSources: string[];
}

export const noOtherWayToTrain: ResourceValidationPolicy = {
  name: "no-other-way-to-train",
  description: "Nothing trains, or leaves machines running, in a way that the other rules cannot look at.",
  enforcementLevel: "advisory",
  severity: "high",
  configSchema: {
    properties: {
      trustedSources: {
        type: "array",
        items: { type: "string", minLength: 1 },
        default: [],
        description:
          "Places that templates and definitions may come from without being looked at, as URLs, S3 URIs or names of transforms; `*` stands for any characters.",
      },
    },
  },
  validateResource: (args, reportViolation) => {
    const isText = isCommand(args.type) || isScript(args.type);
    if (!isAnotherWay(args.type) && !isText && !mayOverride(args.type) && !isUnknown(args.type)) {
      args.notApplicable("no other way to train");
    }
    const { trustedSources } = withDefaults<Config>(noOtherWayToTrain.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    const report = ({ where, found, fix, source }: Unseen) => {
      if (source !== undefined && matches(source, trustedSources)) return;
      const place = where === "" ? "" : ` (${where})`;
      reportViolation(`"${args.name}"${place} ${found}; the rules on training cannot look at it. ${fix}.`);
    };
    for (const find of [unknownThings, unseenDefinitions, overrides, references, code]) {
      unknowns.look(() => {
        for (const unseen of find(args, unknowns)) report(unseen);
      });
    }
    unknowns.rethrow(
      "the rule looks again during the update, before anything is asked for, and the others with it.",
    );
  },
};

type Find = (args: ResourceValidationArgs, unknowns: Unknowns) => Unseen[];

/** Whether a type is one of SageMaker that no rule looks at, and that is not known to start nothing. */
function isUnknown(type: string): boolean {
  const name = sageMakerName(type);
  return name !== undefined && !startsTraining(type) && !isAnotherWay(type) && !startsNoMachine(name);
}

/** Things of SageMaker that are newer than these rules, or that another provider spells in a way of its own. */
const unknownThings: Find = ({ type, props }) => {
  const fix = "Use a resource that the rules know, such as aws.sagemaker.TrainingJob";
  if (isUnknown(type)) return [{ where: "", found: `is of the type ${type}, which is not known here`, fix }];
  return asksOf({ type, props })
    .asks.filter(({ kind }) => !isKnown(kind))
    .map(({ kind, where }) => ({ where, found: `asks for a ${kind}, which is not known here`, fix }));
};

/** Definitions that are kept elsewhere, and what the resource does by its nature with machines that nobody sees. */
const unseenDefinitions: Find = ({ type, props }) => {
  const { asks, unseen } = asksOf({ type, props });
  const labeling = asks.filter(
    ({ kind, request }) =>
      kind === "LabelingJob" && valueAt(request, "labelingJobAlgorithmsConfig") !== undefined,
  );
  return [
    ...unseen,
    ...labeling.map(({ where }) => ({
      where,
      found: "trains a model on machines that SageMaker chooses (labelingJobAlgorithmsConfig)",
      fix: "Remove labelingJobAlgorithmsConfig, and label without automation",
    })),
  ];
};

/** Values that a definition is given by another resource than its own. */
const overrides: Find = ({ type, props }, unknowns) => overridesIn(type, props, unknowns);

/** Values inside a definition that only the service which uses it can tell. */
const references: Find = (args, unknowns) => {
  const found = referencesIn(trainingLooks(args), unknowns);
  return [...found, ...referencesInMachines(machinesOf(args), unknowns)].map(({ path, reference }) =>
    unresolved(path, reference),
  );
};

/** Code that calls SageMaker by itself. */
const code: Find = ({ type, props }, unknowns) => {
  if (isCommand(type) || isScript(type)) {
    const find = isCommand(type) ? callsOfCommand : callsOfScript;
    return find(props, unknowns).map(({ where, call }) => ({
      where,
      found: `calls ${call} of SageMaker`,
      fix: "Use a resource, whose properties the rules can look at",
    }));
  }
  // What its inputs ask for is judged like any other request, where they are one.
  if (!isForeignDynamic(type) || asksSeen({ type, props }).length > 0) return [];
  const call = callOfProvider(props);
  return call === undefined
    ? []
    : [
        {
          where: "__provider",
          found: `is a provider of its own that calls ${call} of SageMaker`,
          fix: "Use the TrainingJob, or give the resource the request itself as its inputs",
        },
      ];
};
