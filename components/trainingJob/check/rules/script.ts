import type { Json } from "../../args/args";
import { type Failures, inside, shown } from "../../args/failures";
import { hasUnknown, isRecord, isUnknown } from "../../args/unknown";
import type { View } from "../../args/view";
import { OWNER_TAGS } from "../../identity/owner";
import { apiShape } from "../../model/apiModel";
import { encodeHyperparameter } from "../../request/hyperparameters";
import {
  CODE_CHANNEL,
  LOG_LEVEL,
  type ScriptInputs,
  scriptChannels,
  scriptHyperparameters,
} from "../../request/scriptMode";
import { inputShape } from "../limits";

/** Rules for the script, its hyperparameters and what the resource adds to a request: hyperparameters, channels, tags. */
export function checkScript(view: View, failures: Failures): void {
  checkSource(view, failures);
  checkHyperparameters(view, failures);
  checkCodeChannel(view, failures);
  for (const [key] of view.entries("tags")) {
    if (/^aws:/i.test(key) || OWNER_TAGS.includes(key as (typeof OWNER_TAGS)[number])) {
      failures.add(inside("tags", key), `the name ${key} is reserved; choose another`);
    }
  }
}

function checkSource(view: View, failures: Failures): void {
  const [source, entry] = [view.has("sourceUri"), view.has("entryPoint")];
  if (source && !entry) {
    failures.add("entryPoint", "is missing; name the script to run, relative to the root of sourceUri");
  }
  if (entry && !source) {
    failures.add("sourceUri", "is missing; entryPoint needs it: s3://bucket/key/sourcedir.tar.gz");
  }
  const script = view.text("entryPoint");
  if (script !== undefined && (/^[/\\]/.test(script) || script.split(/[/\\]/).includes(".."))) {
    failures.add(
      "entryPoint",
      `${shown("", script)} leaves the source; write it relative to the source's root`,
    );
  }
  checkDistribution(view, failures, script);
}

function checkDistribution(view: View, failures: Failures, script: string | undefined): void {
  const distribution = view.text("distribution") ?? "none";
  if (distribution === "none") {
    return;
  }
  if (!view.has("sourceUri")) {
    failures.add(
      "distribution",
      `"${distribution}" starts a script, but there is none; set sourceUri and entryPoint`,
    );
  }
  if (script !== undefined && !script.endsWith(".py")) {
    failures.add("entryPoint", `${shown("", script)} is not a Python program (*.py), which torchrun needs`);
  }
  if (view.list("resourceConfig.instanceGroups").length > 1) {
    failures.add(
      "distribution",
      `"${distribution}" needs equal machines and there are several instanceGroups; set it to "none"`,
    );
  }
}

function checkHyperparameters(view: View, failures: Failures): void {
  const entries = view.entries("hyperparameters");
  const added = Object.keys(scriptHyperparameters(scriptInputs(view), "job", "region"));
  const total = new Set([...entries.map(([key]) => key), ...added]).size;
  const most = apiShape("HyperParameters").max ?? 100;
  if (entries.length > 0 && total > most && entries.length <= most) {
    failures.add(
      "hyperparameters",
      `has ${entries.length} entries and script mode adds ${added.length}, at most ${most} are allowed in all; remove ${total - most}`,
    );
  }
  for (const [key, value] of entries) {
    const path = inside("hyperparameters", key);
    if (key === "") failures.add(path, "has no name; a script gets it as an option that ends all options");
    if (added.includes(key) && key !== LOG_LEVEL) {
      failures.add(path, `the name ${key} is reserved: script mode sets it from the other inputs; remove it`);
    } else if (!hasUnknown(value)) {
      checkValue(failures, path, value as Json, added.length > 0);
    }
  }
}

function checkValue(failures: Failures, path: string, value: Json, scriptMode: boolean): void {
  if (!isFiniteJson(value)) {
    failures.add(path, "the value (not shown) holds a number that is not finite, which JSON cannot say");
    return;
  }
  const limits = inputShape("HyperParameterValue");
  const encoded = encodeHyperparameter(value, scriptMode);
  const length = [...encoded].length;
  if (length > (limits.max ?? length)) {
    failures.add(
      path,
      `the value (not shown) has ${length} characters as JSON, at most ${limits.max} are allowed; put it into a file of the source or of a channel`,
    );
  } else if (!/^.*$/.test(encoded)) {
    failures.add(
      path,
      "the value (not shown) has a line break, which the API refuses; encode it or put it into a file",
    );
  }
}

function isFiniteJson(value: Json): boolean {
  if (typeof value === "number") {
    return Number.isFinite(value);
  }
  if (Array.isArray(value)) {
    return value.every(isFiniteJson);
  }
  return isRecord(value) ? Object.values(value as Record<string, Json>).every(isFiniteJson) : true;
}

function checkCodeChannel(view: View, failures: Failures): void {
  const channels = view.list("inputDataConfig");
  const added = scriptChannels(scriptInputs(view)).length;
  if (added === 0) {
    return;
  }
  const most = apiShape("InputDataConfig").max ?? 20;
  if (channels.length === most) {
    failures.add(
      "inputDataConfig",
      `has ${most} entries and network isolation adds one for the source, at most ${most} are allowed; remove one`,
    );
  }
  const taken = channels.findIndex((channel) => channel.is("channelName", CODE_CHANNEL));
  if (taken >= 0) {
    failures.add(
      `inputDataConfig[${taken}].channelName`,
      `"${CODE_CHANNEL}" is reserved for the source, which network isolation brings in as a channel; choose another name`,
    );
  }
}

function scriptInputs(view: View): ScriptInputs {
  const distribution = view.text("distribution") as ScriptInputs["distribution"];
  return {
    sourceUri: view.has("sourceUri") ? (view.text("sourceUri") ?? "") : undefined,
    entryPoint: view.text("entryPoint"),
    distribution: isUnknown(view.get("distribution")) ? undefined : distribution,
    enableNetworkIsolation: view.is("enableNetworkIsolation", true),
    resourceConfig: { instanceType: view.text("resourceConfig.instanceType") },
  };
}
