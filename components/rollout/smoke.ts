import { z } from "zod";

/** A request that every model must answer rightly before it counts as deployed. */
export interface SmokeRequest {
  /** A file, relative to the program, or s3://BUCKET/KEY. */
  request: string;
  /** The label to answer with. Default: any. */
  label?: string;
  /** "classification": JSON of one answer, or a list of them, each with label and probabilities; "any": whatever comes with HTTP 200. */
  answer: "classification" | "any";
  /** Hash of the file, so that another content asks again. */
  digest?: string;
}

const TYPES: Record<string, string> = {
  csv: "text/csv",
  jpeg: "image/jpeg",
  jpg: "image/jpeg",
  json: "application/json",
  npy: "application/x-npy",
  png: "image/png",
};

/** The content type of a file by its ending; what SageMaker's clients call an image where it tells nothing. */
export const contentTypeOf = (name: string): string =>
  TYPES[/\.(\w+)$/.exec(name)?.[1].toLowerCase() ?? ""] ?? "application/octet-stream";

const prediction = z.object({ label: z.string(), probabilities: z.record(z.string(), z.number()) });
/** One answer for each image. */
const predictions = z.union([z.array(prediction).min(1), prediction.transform((one) => [one])]);

export interface Prediction {
  label: string;
  /** Of the label. */
  probability: number;
}

/** The first answer of a classifier, or what is wrong with it. */
export function readPrediction(body: string): Prediction | { wrong: string } {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return { wrong: `it is no JSON: ${shortened(body)}` };
  }
  const parsed = predictions.safeParse(json);
  if (!parsed.success) {
    return { wrong: `it has no label with probabilities (smokeAnswer any accepts it): ${shortened(body)}` };
  }
  const [{ label, probabilities }] = parsed.data;
  const sum = Object.values(probabilities).reduce((total, each) => total + each, 0);
  if (!(Math.abs(sum - 1) < 0.001)) return { wrong: `its probabilities sum to ${sum}, not to 1` };
  if (!Object.hasOwn(probabilities, label)) return { wrong: `its label ${label} has no probability` };
  return { label, probability: probabilities[label] };
}

/** What is wrong with an answer that came with HTTP 200; undefined where nothing is. */
export function wrongWith(body: string, { answer, label }: SmokeRequest): string | undefined {
  if (answer === "any" && label === undefined) return undefined;
  const found = readPrediction(body);
  if ("wrong" in found) return found.wrong;
  return label === undefined || found.label === label ? undefined : `it says ${found.label}, not ${label}`;
}

const shortened = (text: string) => (text.length > 200 ? `${text.slice(0, 200)}…` : text);
