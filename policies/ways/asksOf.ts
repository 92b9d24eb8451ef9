import { mapAt, type Properties, textAt, valueAt } from "../lib/properties";
import { parsedJson } from "../lib/unreadable";
import type { Resource } from "../training/resource";
import type { Ask, Asks } from "./ask";
import { expand } from "./expand";
import { awsKind, cloudFormationType, controllerKind, isForeignDynamic, isOwner, kindOfType } from "./types";
import { viewOf } from "./view";
import { type Style, styleOf, wordsOf } from "./words";

/** Whether a resource of this type is another way to ask for what the rules look at, whatever it asks for in the end. */
export function isAnotherWay(type: string): boolean {
  return wayOf(type) !== undefined;
}

/**
 * What a resource asks for, where it is another way to say what the rules look at. Throws where the text that says so is not known yet or
 * cannot be read.
 */
export function asksOf({ type, props }: Pick<Resource, "type" | "props">): Asks {
  const found: Asks = { asks: [], unseen: [] };
  wayOf(type)?.(props, found);
  return found;
}

/**
 * The same for the rules on what is asked for: nothing as long as the text that says so cannot be seen. The rule no-other-way-to-train tells
 * of that, once for all rules.
 */
export function asksSeen(resource: Pick<Resource, "type" | "props">): Ask[] {
  try {
    return asksOf(resource).asks;
  } catch {
    return [];
  }
}

/** The region that a custom resource gives its controller; undefined for all others, and where it gives none. */
export function controllerRegion({ type, props }: Pick<Resource, "type" | "props">): string | undefined {
  if (controllerKind(type) === undefined) return undefined;
  const region = mapAt(props, "metadata.annotations")["services.k8s.aws/region"];
  return typeof region === "string" ? region : undefined;
}

type Way = (props: Properties, found: Asks) => void;

function wayOf(type: string): Way | undefined {
  const plain = awsKind(type) ?? kindOfType(cloudFormationType(type) ?? "");
  if (plain !== undefined) return asked(plain, "", "camel");
  const controlled = controllerKind(type);
  if (controlled !== undefined) {
    return (props, found) => asked(controlled, "spec", "ack")(valueAt(props, "spec"), found);
  }
  if (isForeignDynamic(type) || isOwner(type)) return dynamic;
  switch (type) {
    case "aws:cloudcontrol/resource:Resource":
      return (props, found) => {
        const kind = kindOfType(textAt(props, "typeName") ?? "");
        if (kind === undefined) return;
        const state = parsedJson(valueAt(props, "desiredState"), "desiredState");
        asked(kind, "desiredState", "pascal")(state, found);
      };
    case "aws-native:index:ExtensionResource":
      return (props, found) => {
        const kind = kindOfType(textAt(props, "type") ?? "");
        if (kind !== undefined) asked(kind, "properties", "pascal")(valueAt(props, "properties"), found);
      };
    default:
      return undefined;
  }
}

/** A request of this kind, at this place of the resource. */
function asked(kind: string, where: string, style: Style) {
  return (raw: unknown, found: Asks): void => {
    const request = viewOf(raw ?? {}) as Properties;
    expand({ kind, where, request, words: wordsOf(style), later: runsLater.has(kind) }, found);
  };
}

/** What only describes jobs that something else starts, after the deployment. */
const runsLater = new Set(["MonitoringSchedule", "DataQualityJobDefinition"]);

/** Inputs of an unknown provider are a request where they have what only that request has: all of them, wherever they stand. */
function dynamic(props: Properties, found: Asks): void {
  requestsIn("", props, found);
}

function requestsIn(where: string, given: unknown, found: Asks): void {
  const raw = jsonOr(given);
  if (typeof raw !== "object" || raw === null) return;
  const keys = Object.keys(raw);
  let kind: string | undefined;
  if (!Array.isArray(raw)) {
    const request = viewOf(raw) as Properties;
    kind = kindOfRequest(request);
    if (kind !== undefined) {
      found.asks.push({ kind, where, request, words: wordsOf(styleOf(keys)), later: false } satisfies Ask);
    }
  }
  // The definitions of a tuning job are parts of it.
  if (kind === "HyperParameterTuningJob") return;
  for (const key of keys) {
    const at = where === "" ? key : `${where}.${key}`;
    requestsIn(
      at,
      known(() => (raw as Properties)[key]),
      found,
    );
  }
}

/** What a JSON text stands for; anything else as it is. */
function jsonOr(value: unknown): unknown {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function kindOfRequest(request: Properties): string | undefined {
  const has = (...names: string[]) => names.every((name) => Object.keys(request).includes(name));
  if (has("hyperParameterTuningJobConfig")) return "HyperParameterTuningJob";
  if (has("processingResources")) return "ProcessingJob";
  if (has("productionVariants")) return "EndpointConfig";
  const role = has("roleArn") || has("algorithmSpecification");
  return role && (has("resourceConfig") || has("serverlessJobConfig")) ? "TrainingJob" : undefined;
}

function known(read: () => unknown): unknown {
  try {
    return read();
  } catch {
    // Not known yet: the update looks again, with the value at hand.
    return undefined;
  }
}
