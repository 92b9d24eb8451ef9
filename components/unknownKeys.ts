import * as pulumi from "@pulumi/pulumi";
import { listed } from "./plainWords";
import { didYouMean } from "./trainingJob/args/didYouMean";
import { configSet, shellWord } from "./trainingJob/args/shellWord";

/** What is known of a configuration, to say what a key that nobody knows was meant for. */
export interface KnownKeys {
  keys: string[];
  /** Those of them that hold a map. */
  maps: string[];
  /** Those of them that hold a list. */
  lists: string[];
  /** The values as they were given, by key. */
  raw: Record<string, unknown>;
  /** Names of the keys that are encrypted: their values are not repeated. */
  secret: string[];
}

/** Keys of the AWS provider that one looks for here. */
const OF_AWS = ["region", "profile"];
/** A key with fewer letters may well be how an argument of the script begins: train_epochs, val_split. */
const LONG = 6;
/** Fewer letters say too little of how a key goes on. */
const BEGINNING = 4;

/**
 * Why a key is refused, and the commands that take it out of the stack's file, where Pulumi keeps it, and put its value where it belongs.
 */
export function unknownKey(key: string, known: KnownKeys): string {
  const { keys, maps, lists, raw } = known;
  const [outer, ...path] = key.split(/[.[]/);
  if ([...maps, ...lists].includes(outer) && path.length > 0) {
    const what = maps.includes(outer) ? "value of the map" : "entry of the list";
    return refused(key, `one ${what} training:${outer} is set with --path`, known, `training:${key}`);
  }
  const { hyperparameters } = raw;
  if (
    typeof hyperparameters === "object" &&
    hyperparameters !== null &&
    Object.hasOwn(hyperparameters, key)
  ) {
    return refused(key, "it is one of training:hyperparameters", known, `training:hyperparameters.${key}`);
  }
  if (OF_AWS.includes(key)) return refused(key, `it is aws:${key} here`, known, `aws:${key}`);
  const meant = meantBy(key, keys);
  if (meant.length > 0) {
    const reason = `did you mean ${listed(meant.map((each) => `training:${each}`))}?`;
    const place = meant.length === 1 ? placeIn(meant[0], raw[key], known) : undefined;
    return refused(key, reason, known, place);
  }
  return refused(
    key,
    "an argument of the script goes into training:hyperparameters",
    known,
    `training:hyperparameters.${key}`,
  );
}

/** The key with nearly the same letters, or else those that it begins as, or that begin as it does. */
function meantBy(key: string, keys: string[]): string[] {
  const near = /did you mean (.+)\?$/.exec(didYouMean(key, keys))?.[1];
  if (near !== undefined) return [near];
  const written = key.toLowerCase();
  return keys.filter((each) => {
    const known = each.toLowerCase();
    return (
      (known.length >= LONG && written.startsWith(known)) ||
      (written.length >= BEGINNING && known.startsWith(written))
    );
  });
}

/** Where a value goes; nothing for a map, which is no value. One text is an entry of a list. */
function placeIn(meant: string, value: unknown, { maps, lists }: KnownKeys): string | undefined {
  if (maps.includes(meant)) return undefined;
  const isEntry = lists.includes(meant) && !String(value).startsWith("[");
  return `training:${meant}${isEntry ? "[0]" : ""}`;
}

function refused(key: string, reason: string, { raw, secret }: KnownKeys, place?: string): string {
  const given = raw[key];
  const hidden = secret.includes(key);
  const value = hidden || typeof given === "object" ? "VALUE" : String(given);
  const stack = `--stack ${pulumi.getStack()}`;
  const flags = [...(place && /[.[]/.test(place) ? ["--path"] : []), ...(hidden ? ["--secret"] : [])];
  const set = (key: string) =>
    value.startsWith("-")
      ? configSet(key, value, [...flags, stack])
      : `${configSet(key, value, flags)} ${stack}`;
  const commands = [
    `pulumi config rm ${shellWord(`training:${key}`)} ${stack}`,
    ...(place === undefined ? [] : [set(place)]),
  ];
  const end = reason.endsWith("?") ? "" : ".";
  return `is not a key of this program: ${reason}${end} Take it out of Pulumi.${pulumi.getStack()}.yaml${place === undefined ? "" : ", and set it in its place"}:\n${commands.map((each) => `      ${each}`).join("\n")}`;
}
