import type { ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { withDefaults } from "../lib/config";
import { valueAt } from "../lib/properties";
import { matches } from "../lib/text";
import { Unknowns } from "../lib/unknowns";
import { trainingLooks } from "../training/adapter";
import { type Unseen, unresolved } from "../ways/ask";
import { asksOf, asksSeen, isAnotherWay } from "../ways/asksOf";
import { machinesOf } from "../ways/machines";
import { isCommand, isForeignDynamic } from "../ways/types";
import { callOfProvider, callsOfCommand, referencesIn, referencesInMachines } from "../ways/unjudged";

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
    if (!isAnotherWay(args.type) && !isCommand(args.type)) {
      args.notApplicable("no other way to train");
    }
    const { trustedSources } = withDefaults<Config>(noOtherWayToTrain.configSchema, args.getConfig());
    const unknowns = new Unknowns();
    const report = ({ where, found, fix, source }: Unseen) => {
      if (source !== undefined && matches(source, trustedSources)) return;
      const place = where === "" ? "" : ` (${where})`;
      reportViolation(`"${args.name}"${place} ${found}; the rules on training cannot look at it. ${fix}.`);
    };
    for (const find of [unseenDefinitions, references, code]) {
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

/** Values inside a definition that only the service which uses it can tell. */
const references: Find = (args, unknowns) => {
  const found = referencesIn(trainingLooks(args), unknowns);
  return [...found, ...referencesInMachines(machinesOf(args), unknowns)].map(({ path, reference }) =>
    unresolved(path, reference),
  );
};

/** Code that calls SageMaker by itself. */
const code: Find = ({ type, props }, unknowns) => {
  if (isCommand(type)) {
    return callsOfCommand(props, unknowns).map(({ where, call }) => ({
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
