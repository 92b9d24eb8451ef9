import type { Properties } from "../lib/properties";
import type { Repeats } from "./repeats";
import { type Resolve, viewOf } from "./view";
import { type Words, wordsOf } from "./words";

/** One thing that a resource asks AWS for, by itself or inside of a template, a pipeline, a state machine. */
export interface Ask {
  /** What is asked for, as in `AWS::SageMaker::TrainingJob` and in `CreateTrainingJob`. */
  kind: string;
  /** Where in the resource it stands: `templateBody: Resources.Train`; empty for the resource itself. */
  where: string;
  /** The request, in the spelling of the rules. */
  request: Properties;
  /** The words of a rule, as they are spelt there. */
  words: Words;
  /** Whether it is asked for when something is executed after the deployment, and not by the deployment. */
  later: boolean;
  /** How often one execution asks for it. Default: once. */
  repeats?: Repeats;
}

/** Something that may train and that nobody can look at here. */
export interface Unseen {
  where: string;
  /** The rest of a sentence: `takes its template from https://...`. */
  found: string;
  /** What it is taken from, for an organisation to name as trusted. */
  source?: string;
  fix: string;
}

/** What only the service that uses a definition can tell. */
export function unresolved(where: string, reference: string): Unseen {
  return {
    where,
    found: `is given by ${reference}, which only the service that uses the definition can resolve`,
    fix: "Write the value, or give it as a parameter of the resource with a value that the program knows",
  };
}

/** What the resources of a stack ask for, as far as it can be seen. */
export interface Asks {
  asks: Ask[];
  unseen: Unseen[];
}

/** A request that is written in PascalCase, as the API and CloudFormation have it. */
export function pascalAsk(kind: string, where: string, raw: unknown, resolve: Resolve, later: boolean): Ask {
  return { kind, where, request: viewOf(raw, resolve) as Properties, words: wordsOf("pascal"), later };
}
