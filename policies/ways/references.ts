import { type Properties, valueAt } from "../lib/properties";
import { type Resolve, Unresolvable } from "./view";

/** Values of a template's parameters that the program gives; undefined for the others. They may not be known yet. */
export type Parameters = (name: string) => unknown;

/** The functions of CloudFormation, as far as template and parameters are enough to tell what they give. */
export function templateReferences(template: Properties, given: Parameters): Resolve {
  const parameter = (name: string, path: string): unknown => {
    const declared = valueAt(template, `Parameters.${name}`);
    const type = String(valueAt(declared, "Type"));
    // The value that it is given is the name of a parameter there.
    if (/^AWS::SSM::Parameter::Value</.test(type)) {
      throw new Unresolvable(path, `!Ref ${name}, a parameter of Systems Manager`);
    }
    const value = declared === undefined ? undefined : (given(name) ?? valueAt(declared, "Default"));
    if (value === undefined) throw new Unresolvable(path, `!Ref ${name}`);
    const isList = /List/.test(type);
    return isList && typeof value === "string" ? value.split(",").map((part) => part.trim()) : value;
  };
  const functions: Record<string, (argument: unknown, path: string) => unknown> = {
    Ref: (name, path) => parameter(String(name), path),
    "Fn::Sub": (argument, path) => {
      const [text, own] = Array.isArray(argument) ? [argument[0], argument[1]] : [argument, {}];
      return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
        if (literal === "!") return `\${${name}}`;
        const value = valueAt(own, name.trim());
        return String(value === undefined ? parameter(name.trim(), path) : resolve(value, path));
      });
    },
    "Fn::Join": (argument, path) => {
      const [separator, parts] = argument as [string, unknown];
      const list = resolve(parts, path) as unknown[];
      return list.map((part) => String(resolve(part, path))).join(separator);
    },
    "Fn::FindInMap": (argument, path) => {
      const keys = (argument as unknown[]).map((key) => String(resolve(key, path)));
      let value: unknown = valueAt(template, "Mappings");
      for (const key of keys) value = (value as Properties | undefined)?.[key];
      if (value === undefined) throw new Unresolvable(path, `!FindInMap [${keys.join(", ")}]`);
      return value;
    },
  };
  const resolve: Resolve = (value, path) => {
    if (typeof value === "string" && value.includes("{{resolve:")) {
      throw new Unresolvable(path, "a dynamic reference");
    }
    // It puts properties in beside those that are written.
    if (typeof value === "object" && value !== null && "Fn::Transform" in value) {
      throw new Unresolvable(path, "Fn::Transform");
    }
    const name = onlyKey(value);
    if (name === undefined || (name !== "Ref" && !name.startsWith("Fn::"))) return value;
    const evaluate = functions[name];
    if (evaluate === undefined) throw new Unresolvable(path, name);
    return resolve(evaluate((value as Properties)[name], path), path);
  };
  return resolve;
}

/** References of a SageMaker pipeline: to its parameters, by their defaults, as these hold unless an execution says otherwise. */
export function pipelineReferences(definition: unknown): Resolve {
  const defaults = new Map<string, unknown>();
  const parameters = valueAt(definition, "Parameters");
  for (const parameter of Array.isArray(parameters) ? parameters : []) {
    defaults.set(String(valueAt(parameter, "Name")), valueAt(parameter, "DefaultValue"));
  }
  const resolve: Resolve = (value, path) => {
    switch (onlyKey(value)) {
      case "Get": {
        const source = String((value as Properties).Get);
        const result = source.startsWith("Parameters.") ? defaults.get(source.slice(11)) : undefined;
        if (result === undefined) throw new Unresolvable(path, source);
        return result;
      }
      case "Std:Join": {
        const join = (value as Properties)["Std:Join"];
        const parts = (valueAt(join, "Values") ?? []) as unknown[];
        return parts.map((part) => String(resolve(part, path))).join(String(valueAt(join, "On") ?? ""));
      }
      default:
        return value;
    }
  };
  return resolve;
}

/** Expressions of a state machine, which only an execution can evaluate. */
export const stateReferences: Resolve = (value, path) => {
  if (typeof value === "string" && /^\{%.*%\}$/s.test(value)) throw new Unresolvable(path, "an expression");
  // definitionSubstitutions of CloudFormation, filled in before where they are known.
  if (typeof value === "string" && /\$\{\w+\}/.test(value)) throw new Unresolvable(path, value);
  return value;
};

function onlyKey(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const keys = Object.keys(value);
  return keys.length === 1 ? keys[0] : undefined;
}
