import { isDeepStrictEqual } from "node:util";
import { outputsFrom } from "../../../../local/provider/refresh.ts";
import { type Input, inputsOf, type ResourceType } from "../../../../local/provider/resource.ts";
import type { Facts } from "../fixtures/schema.ts";
import type { SdkType } from "./sdkTypes.ts";

/** In what a declaration of the stand-in is not as the SDK's types and, where they are known, the real provider's facts say. */
export function deviations(type: ResourceType, sdk: SdkType, facts: Facts | undefined): string[] {
  const inputs = inputsOf(type);
  const those = (has: (input: Input) => unknown) => Object.keys(inputs).filter((name) => has(inputs[name]));
  const required = those((input) => input.required);
  const found = [
    ...difference("output", sdk.outputs, [...Object.keys(inputs), ...type.outputs]),
    // A name that is made from the resource's is required by the provider and not by the SDK.
    ...difference("required", facts?.required ?? sdk.required, required),
  ];
  if (!facts) return found;
  const kept = those((input) => input.keptWhenLeftOut);
  const longest = Object.fromEntries(
    those((input) => input.maxLength).map((name) => [name, inputs[name].maxLength]),
  );
  const empty = outputsFrom({ ...type, framework: false }, {}, {});
  const defaults = Object.fromEntries(
    those((input) => input.default !== undefined).map((name) => [name, inputs[name].default]),
  );
  return [
    ...found,
    ...difference(
      "replacing",
      facts.replaces,
      those((input) => input.replaces),
    ),
    ...difference("computed", facts.computed, [...those((input) => input.computed), ...type.outputs]),
    ...difference("kept block", facts.keptWhenLeftOut ?? [], kept),
    ...unequal("longest value", facts.longest ?? {}, longest),
    ...unequal("default", facts.defaults, defaults),
    ...Object.entries(facts.empty)
      .filter(([name, value]) => inputs[name]?.default === undefined && !same(empty[name], value))
      .map(([name]) => `empty ${name}`),
    ...unequal("replace order", facts.deletesFirst ?? false, type.deleteBeforeReplace ?? false),
    ...unequal("automatic name", facts.autoName, automaticName(type)),
  ];
}

function automaticName({ autoName }: ResourceType): Facts["autoName"] {
  if (!autoName || autoName.plain) return undefined;
  const { property, maxLength = 0, lowercase = false, prefix } = autoName;
  return { property, maxLength, lowercase, ...(prefix && { prefix }) };
}

function difference(what: string, expected: string[], actual: string[]): string[] {
  const missing = expected
    .filter((name) => !actual.includes(name))
    .map((name) => `${what} ${name} is missing`);
  const extra = actual.filter((name) => !expected.includes(name)).map((name) => `${what} ${name} is extra`);
  return [...missing, ...extra];
}

function unequal(what: string, expected: unknown, actual: unknown): string[] {
  return same(expected, actual) ? [] : [`${what}: ${JSON.stringify({ expected, actual })}`];
}

const same = isDeepStrictEqual;
