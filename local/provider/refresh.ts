/** From what AWS reports to the inputs and outputs that the state records. */

import { defaultsKey } from "./check.ts";
import { same } from "./diff.ts";
import { type Input, inputsOf, isTagged, type ResourceType } from "./resource.ts";
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
 * The outputs of a resource: its inputs as the program gave them where AWS agrees, what AWS reports elsewhere.
 * The same rule after create, update and refresh, so that a refresh shows only what someone else changed.
 */
export function outputsFrom(type: ResourceType, inputs: Values, actual: Values): Values {
  const outputs = Object.fromEntries(Object.entries(actual).filter(([name]) => !name.startsWith("__")));
  for (const [property, input] of Object.entries(inputsOf(type))) {
    const asked = inputs[property];
    if (asked !== undefined && agrees(input, asked, actual[property])) outputs[property] = asked;
  }
  if (isTagged(type)) {
    outputs.tags = isEmpty(outputs.tags) ? undefined : outputs.tags;
    outputs.tagsAll = outputs.tags ?? {};
  }
  return withoutAbsent(outputs);
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
    if (isImport) {
      inputs[property] = input.stateOnly ? input.default : isEmpty(now) ? undefined : now;
    } else if (asked !== undefined) {
      inputs[property] = agrees(input, asked, now) ? asked : now;
    } else if (!input.stateOnly && !input.computed && !agrees(input, oldOutputs[property], now)) {
      inputs[property] = now;
    }
  }
  return withoutAbsent(inputs);
}
