import type { CanonicalInputs } from "../args/args";
import { digestOf } from "../identity/definition";

/** What the state of a job that did not complete says of the inputs that it had no room for. */
export interface Trimmed {
  /** Names of what was left out. */
  omitted?: string[];
  /** The digest of the inputs as they were, which tells whether later ones are of the same training. */
  definition?: string;
}

// The state of a failed operation travels in the trailer of its gRPC answer, where Node sends at most 64 KB: beyond that the engine gets
// no answer, or waits for ever. Bytes, with room for base64 and for the message, which is in there twice more.
const MAX_STATE = 24_000;
const MAX_MESSAGE = 4_000;
const MAX_REASON = 12_000;

/** What update, read and delete cannot do without, all of it short. */
const NEEDED = new Set([
  "__provider",
  ...["trainingJobName", "trainingJobArn", "claim", "mark", "status", "secondaryStatus", "attempts", "cost"],
  ...["logGroup", "logUrl", "consoleUrl", "failureReason", "metrics", "trainingSeconds", "billableSeconds"],
  ...[
    "baseJobName",
    "runId",
    "adopt",
    "region",
    "awsConfig",
    "project",
    "stack",
    "logUrn",
    "roleArn",
    "secretInputs",
  ],
  ...["resourceConfig", "stoppingCondition", "spot", "enableManagedSpotTraining"],
  ...["onCancel", "deletePolicy", "onFailure", "livePrices", "prices", "outputDataConfig"],
]);

/** The state without its largest inputs, if it is too large to reach the engine. */
export function fitState<T extends CanonicalInputs>(state: T): T & Trimmed {
  const kept = { ...state } as Record<string, unknown>;
  const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? "");
  const spare = Object.keys(kept)
    .filter((name) => !NEEDED.has(name))
    .sort((a, b) => size(kept[b]) - size(kept[a]));
  const omitted: string[] = [];
  while (size(kept) > MAX_STATE && omitted.length < spare.length) {
    const name = spare[omitted.length];
    delete kept[name];
    omitted.push(name);
  }
  if (size(kept) > MAX_STATE && Array.isArray(kept.attempts)) {
    kept.attempts = kept.attempts.map((each, index, all) =>
      index === all.length - 1 ? each : { ...each, reason: undefined },
    );
  }
  return (omitted.length > 0 ? { ...kept, omitted, definition: digestOf(state) } : kept) as T & Trimmed;
}

/** The state with what it had no room for, taken from inputs of the same training. Of another, only the list of files is missed. */
export function restored<T extends CanonicalInputs & Trimmed>(state: T, news: CanonicalInputs): T {
  const { omitted = [], definition, ...rest } = state;
  if (omitted.length === 0) return state;
  // Releases before the digest left 8 digits of a hash that cannot be made again: in doubt nothing is trained twice.
  const same = definition === digestOf(news) || definition?.length === 8;
  const taken = omitted.filter((name) => same || name === "sourceFiles" || name === "tags");
  const all = news as unknown as Record<string, unknown>;
  return { ...rest, ...Object.fromEntries(taken.map((name) => [name, all[name]])) } as unknown as T;
}

/** Texts that reach the engine: well-formed, and cut in the middle where they are too long. */
export const fitMessage = (text: string): string => shorten(text, MAX_MESSAGE);
export const fitReason = (text: string): string => shorten(text, MAX_REASON);

function shorten(text: string, bytes: number): string {
  const all = Buffer.from(text); // half a character becomes U+FFFD
  if (all.length <= bytes) return all.toString();
  const half = bytes / 2;
  const part = (cut: Buffer) => cut.toString().replace(/^\ufffd+|\ufffd+$/g, "");
  return `${part(all.subarray(0, half))}\n…\n${part(all.subarray(-half))}`;
}
