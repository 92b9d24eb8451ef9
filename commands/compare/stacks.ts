import type { S3Client } from "@aws-sdk/client-s3";
import { type ChosenStack, chooseStack, stackNames } from "../stack";
import { placesOfOutputs, placesOfState } from "./places";
import type { Place } from "./records";

/** A place, and the S3 that it is asked of: each stack's, by its own `aws:` settings. */
export interface Source {
  place: Place;
  s3: S3Client;
}

/** Where the stacks named leave their results, or all stacks of this project that the backend has. */
export async function sourcesOfStacks(pulumi: string, named: string[]): Promise<Source[]> {
  const sources: Source[] = [];
  for (const name of named.length > 0 ? named : await stackNames(pulumi)) {
    sources.push(...sourcesOf(await chooseStack(pulumi, name)));
  }
  return sources;
}

/** A stack that has trained nothing names no place, and needs no AWS. */
function sourcesOf({ outputs, state, aws }: ChosenStack): Source[] {
  const ofOutputs = placesOfOutputs(outputs);
  const places = ofOutputs.length > 0 ? ofOutputs : placesOfState(state);
  if (places.length === 0) return [];
  const { s3 } = aws();
  return places.map((place) => ({ place, s3 }));
}
