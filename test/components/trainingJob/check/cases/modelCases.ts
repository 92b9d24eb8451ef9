import { inputShape } from "../../../../../components/trainingJob/check/limits";
import { apiShape, propertiesOf, type Shape } from "../../../../../components/trainingJob/model/apiModel";
import { type Inputs, mapOf, times } from "./builders";
import { canBePlaced, placed, sample } from "./modelSamples";

/** One change of one field: with it the inputs are refused at exactly that property, or accepted. */
export interface ModelCase {
  title: string;
  inputs: Inputs;
  /** Property that must be refused, or nothing. */
  refused?: string;
  /** Property that must be warned of, or nothing. */
  warned?: string;
  /** Whether other properties may be refused too: a list with entries too many may also break other rules. */
  amongOthers?: boolean;
}

/** Every limit of every field of the API's model, just broken and just kept. */
export function modelCases(): ModelCase[] {
  return fieldsOf("TrainingJob", []).flatMap(({ path, shapeName }) => casesOf(path, shapeName));
}

interface Field {
  path: (string | number)[];
  shapeName: string;
}

function fieldsOf(shapeName: string, path: (string | number)[]): Field[] {
  const { type, members = {}, member, value } = inputShape(shapeName);
  if (type === "structure") {
    const known = [...propertiesOf(inputShape(shapeName))];
    return known.flatMap(([property, name]) => fieldAndInner(members[name], [...path, property]));
  }
  if (type === "list") {
    return fieldAndInner(member ?? "", [...path, 0]);
  }
  return type === "map" ? fieldAndInner(value ?? "", [...path, "key"]) : [];
}

function fieldAndInner(shapeName: string, path: (string | number)[]): Field[] {
  return canBePlaced(path) ? [{ path, shapeName }, ...fieldsOf(shapeName, path)] : [];
}

function casesOf(path: (string | number)[], shapeName: string): ModelCase[] {
  const limits = inputShape(shapeName);
  const name = path.reduce<string>(
    (text, key) => (typeof key === "number" ? `${text}[${key}]` : text === "" ? key : `${text}.${key}`),
    "",
  );
  const bad = (what: string, value: unknown, refused = name, amongOthers = false): ModelCase => ({
    title: `${name}: ${what}`,
    inputs: placed(path, value),
    refused,
    amongOthers,
  });
  const good = (what: string, value: unknown): ModelCase => ({
    title: `${name}: ${what}`,
    inputs: placed(path, value),
  });

  if (limits.type === "structure") {
    return [
      bad("no object", 7),
      bad("an unknown property", { ...(sample(shapeName) as Inputs), zzz: 1 }, `${name}.zzz`),
      ...missing(path, name, shapeName),
    ];
  }
  if (limits.type === "list" || limits.type === "map") {
    return sizes(limits, bad);
  }
  if (limits.type === "boolean") {
    return [bad("a text for a switch", "true"), good("true", true), good("false", false)];
  }
  if (limits.type === "string") {
    return texts(limits, shapeName, name, bad, good);
  }
  return limits.type === "any" ? [] : numbers(limits, bad);
}

type Bad = (what: string, value: unknown, refused?: string, amongOthers?: boolean) => ModelCase;
type Good = (what: string, value: unknown) => ModelCase;

function missing(path: (string | number)[], name: string, shapeName: string): ModelCase[] {
  const required = apiShape(shapeName)?.required ?? [];
  const whole = sample(shapeName) as Inputs;
  const known = [...propertiesOf(inputShape(shapeName))].filter(([, member]) => required.includes(member));
  return known
    .filter(([property]) => !(shapeName === "AlgorithmSpecification" && property === "trainingInputMode"))
    .map(([property]) => ({
      title: `${name}: no ${property}`,
      inputs: placed(path, { ...whole, [property]: undefined }),
      refused: `${name}.${property}`,
      amongOthers: true,
    }));
}

function sizes(limits: Shape, bad: Bad): ModelCase[] {
  const list = limits.type === "list";
  const cases = [bad("the wrong kind", list ? {} : []), bad("a text", "x")];
  if (limits.max !== undefined) {
    const entry = sample(limits.member ?? limits.value ?? "");
    const many = list ? times(limits.max + 1, () => entry) : mapOf(limits.max + 1, entry);
    cases.push(bad(`${limits.max + 1} entries`, many, undefined, true));
  }
  if (list && (limits.min ?? 0) > 0) {
    cases.push(bad("no entry", []));
  }
  return cases;
}

function numbers({ min, max }: Shape, bad: Bad): ModelCase[] {
  return [
    bad("a text for a number", "1"),
    bad("a fraction", (min ?? 0) + 0.5),
    ...(min === undefined ? [] : [bad(`${min - 1}`, min - 1)]),
    ...(max === undefined ? [] : [bad(`${max + 1}`, max + 1)]),
  ];
}

function texts(limits: Shape, shapeName: string, name: string, bad: Bad, good: Good): ModelCase[] {
  const { min = 0, max, pattern = "" } = limits;
  const cases = [bad("a number for a text", 7)];
  if (limits.enum) {
    const values = limits.enum.length <= 12 ? [sample(shapeName)] : [sample(shapeName), limits.enum.at(-1)];
    const open = !limits.closed && limits.pattern === undefined;
    const newer = { ...bad("an unknown value", "nope"), ...(open && { refused: undefined, warned: name }) };
    return [...cases, newer, ...values.map((value) => good(String(value), value))];
  }
  if (max !== undefined) {
    cases.push(bad(`${max + 1} characters`, "x".repeat(max + 1)));
  }
  if (min > 0) {
    cases.push(bad("nothing", ""));
  }
  if (pattern !== "" && !/^\[\\S\\s\]/.test(pattern)) {
    const free = pattern === ".*" || pattern === ".+";
    cases.push(bad("the wrong form", free ? `${"a".repeat(min)}\n` : `${"!".repeat(Math.max(min, 1))} ~`));
    if (free && max !== undefined && !["AlgorithmImage", "MetricRegex"].includes(shapeName)) {
      cases.push(good(`${max} characters`, `/${"x".repeat(max - 1)}`));
    }
  }
  return [...cases, good("an example", sample(shapeName))];
}
