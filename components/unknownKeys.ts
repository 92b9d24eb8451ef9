import * as pulumi from "@pulumi/pulumi";
import { didYouMean } from "./trainingJob/args/didYouMean";
import { configSet, shellWord } from "./trainingJob/args/shellWord";

/** What is known of a configuration, to say what a key that nobody knows was meant for. */
export interface KnownKeys {
  keys: string[];
  /** Those of them that hold a map. */
  maps: string[];
  /** The values as they were given, by key. */
  raw: Record<string, unknown>;
  /** Names of the keys that are encrypted: their values are not repeated. */
  secret: string[];
}

/**
 * Why a key is refused, and the commands that take it out of the stack's file, where Pulumi keeps it, and put its value where it belongs.
 */
export function unknownKey(key: string, known: KnownKeys): string {
  const { keys, maps, raw } = known;
  const [map, ...path] = key.split(".");
  const hyperparameters = raw.hyperparameters;
  if (maps.includes(map) && path.length > 0) {
    return refused(key, `one value of the map training:${map} is set with --path`, known, key);
  }
  if (
    typeof hyperparameters === "object" &&
    hyperparameters !== null &&
    Object.hasOwn(hyperparameters, key)
  ) {
    return refused(key, "it is one of training:hyperparameters", known, `hyperparameters.${key}`);
  }
  const meant = /did you mean (.+)\?$/.exec(didYouMean(key, keys))?.[1];
  if (meant !== undefined) {
    const reason = `did you mean training:${meant}?`;
    return maps.includes(meant) ? refused(key, reason, known) : refused(key, reason, known, meant);
  }
  return refused(
    key,
    "an argument of the script goes into training:hyperparameters",
    known,
    `hyperparameters.${key}`,
  );
}

function refused(key: string, reason: string, { raw, secret }: KnownKeys, place?: string): string {
  const given = raw[key];
  const hidden = secret.includes(key);
  const value = hidden || typeof given === "object" ? "VALUE" : String(given);
  const stack = `--stack ${pulumi.getStack()}`;
  const flags = [...(place?.includes(".") ? ["--path"] : []), ...(hidden ? ["--secret"] : [])];
  const set = (key: string) =>
    value.startsWith("-")
      ? configSet(key, value, [...flags, stack])
      : `${configSet(key, value, flags)} ${stack}`;
  const commands = [
    `pulumi config rm ${shellWord(`training:${key}`)} ${stack}`,
    ...(place === undefined ? [] : [set(`training:${place}`)]),
  ];
  return `is not a key of this program: ${reason}. Take it out of Pulumi.${pulumi.getStack()}.yaml${place === undefined ? "" : ", and set it in its place"}:\n${commands.map((each) => `      ${each}`).join("\n")}`;
}
