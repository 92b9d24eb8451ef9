import type { Model } from "../model";
import type { Verdict } from "./judge";

export interface GateInputs {
  /** The model that was judged. */
  candidate?: Model;
  verdict: Verdict;
}

/** The last model that passed, as a training job's outputs; none of them before the first. */
export interface Accepted {
  modelArtifact?: string;
  image?: string;
  trainingJobName?: string;
  metrics?: Record<string, number>;
}

/** Its keys. */
export const ACCEPTED = ["modelArtifact", "image", "trainingJobName", "metrics"] as const;

/** What a stack remembers of its gate. */
export type GateState = GateInputs & Accepted;
