import { isDeepStrictEqual } from "node:util";
import type { CreateResult, DiffResult, ResourceProvider, UpdateResult } from "@pulumi/pulumi/dynamic";
import { hasUnknown } from "../trainingJob/args/unknown";
import { toState } from "../trainingJob/state/facts";
import { ACCEPTED, type Accepted, type GateInputs, type GateState } from "./state";

/**
 * Remembers the last model that passed: the program judges each, and a program has no memory. A model that does not pass is recorded, and
 * is no error here. This file's path is stored in every state with a gate and never moves.
 */
export const gateProvider: ResourceProvider = {
  /** What is not known yet may pass or not: it is announced as a change, so that nothing is claimed of what is handed on. */
  async diff(_id: string, olds: GateState, news: GateInputs): Promise<DiffResult> {
    const judged = ({ candidate, verdict }: GateInputs) => toState({ candidate, verdict });
    return { changes: hasUnknown(judged(news)) || !isDeepStrictEqual(judged(olds), judged(news)) };
  },

  async create(inputs: GateInputs): Promise<CreateResult> {
    return { id: "gate", outs: toState({ ...inputs, ...acceptedOf(inputs, {}) }) };
  },

  async update(_id: string, olds: GateState, news: GateInputs): Promise<UpdateResult> {
    return { outs: toState({ ...news, ...acceptedOf(news, olds) }) };
  },
};

function acceptedOf({ candidate, verdict }: GateInputs, before: Accepted): Accepted {
  if (verdict.passed && candidate) {
    const { artifact: modelArtifact, ...others } = candidate;
    return { modelArtifact, ...others };
  }
  return Object.fromEntries(ACCEPTED.map((key) => [key, before[key]]));
}
