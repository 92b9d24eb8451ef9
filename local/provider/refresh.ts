/** From what AWS reports to the inputs and outputs that the state records. */

import { defaultsKey } from "./check.ts";
import { same } from "./diff.ts";
import { normalDocument } from "./documents.ts";
import { type Input, inputsOf, type ResourceType } from "./resource.ts";
import { holds, isEmpty, type Values, withoutAbsent } from "./values.ts";

/** What AWS reports, with the properties that only the state knows as last recorded. */
export function withStateOnly(type: ResourceType, outputs: Values, actual: Values): Values {
  const kept = Object.entries(type.inputs).filter(([, input]) => input.stateOnly);
  return { ...Object.fromEntries(kept.map(([property]) => [property, outputs[property]])), ...actual };
}

/** Whether AWS has what the input asks for. */
function agrees(input: Input, asked: unknown, actual: unknown): boolean {
  if (input.stateOnly) return true;
  return input.kind === "block"
    ? holds(actual, asked)
    : same(input, asked, actual) || bothEmpty(asked, actual);
}

function bothEmpty(a: unknown, b: unknown): boolean {
  return isEmpty(a) && isEmpty(b);
}

/**
 * The outputs of a resource, every one that the real provider reports: what AWS has, and `unset` where there is nothing.
 * Texts are as the program gave them where AWS means the same. The same rule after create, update and refresh, so that
 * a refresh shows only what someone else changed.
 */
export function outputsFrom(type: ResourceType, inputs: Values, actual: Values): Values {
  const outputs: Values = {};
  for (const output of type.outputs) outputs[output] = actual[output] ?? null;
  for (const [property, input] of Object.entries(inputsOf(type))) {
    outputs[property] = reported(input, inputs[property], actual[property]);
  }
  const present = Object.entries(outputs).filter(([, value]) => !(type.framework && value === null));
  return Object.fromEntries(present.map(([name, value]) => [name, withoutAbsent(value)]));
}

function reported(input: Input, asked: unknown, actual: unknown): unknown {
  const known = actual ?? (input.stateOnly ? asked : undefined) ?? input.unset ?? null;
  if (input.kind === "json") return normalDocument(known, input.versionFirst);
  if (input.kind === "block") return known;
  return asked !== undefined && agrees(input, asked, actual) ? asked : known;
}

/**
 * The inputs of a resource after a refresh. A property that AWS has otherwise than asked, or otherwise than last
 * recorded, takes AWS's value: the next `up` then sees the drift and undoes it.
 */
export function inputsFrom(
  type: ResourceType,
  oldInputs: Values,
  oldOutputs: Values,
  actual: Values,
): Values {
  // A resource that the program only looks up (`Bucket.get`) has no inputs of its own.
  if (isEmpty(oldInputs) && !isEmpty(oldOutputs)) return oldInputs;
  const isImport = isEmpty(oldInputs);
  const inputs: Values = isImport ? { [defaultsKey]: [] } : { ...oldInputs };
  for (const [property, input] of Object.entries(inputsOf(type))) {
    const [asked, now] = [oldInputs[property], actual[property]];
    if (input.unserved) continue;
    if (isImport) {
      inputs[property] = input.stateOnly ? input.default : isEmpty(now) ? undefined : now;
    } else if (asked !== undefined) {
      inputs[property] = agrees(input, asked, now) ? asked : now;
    } else if (
      !input.stateOnly &&
      !input.computed &&
      !input.keptWhenLeftOut &&
      !agrees(input, oldOutputs[property], now)
    ) {
      inputs[property] = now;
    }
  }
  return withoutAbsent(inputs);
}
