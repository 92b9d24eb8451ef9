import { didYouMean } from "../args/didYouMean";
import { type Failures, inside, shown } from "../args/failures";
import { isRecord, isUnknown } from "../args/unknown";
import { apiShape, propertiesOf, propertyOf, type Shape } from "../model/apiModel";
import { ownShapes, RENAMED, SHORTHANDS } from "./ownShapes";
import { checkS3Place } from "./s3Place";

/** Longer lists of known names are no help. */
const MAX_LISTED = 15;

/** The shape of that name as the inputs have it: the resource's own first, then the API's. */
export function inputShape(name: string): Shape {
  return ownShapes[name] ?? apiShape(name);
}

/**
 * Refuse whatever a shape does not allow: types, lengths, ranges, patterns, closed sets, missing and unheard-of
 * properties, however deep. What is not known yet is let through.
 */
export function checkShape(failures: Failures, shapeName: string, path: string, value: unknown): void {
  const limits = inputShape(shapeName);
  if (isUnknown(value) || limits.type === "any") {
    return;
  }
  if (limits.type === "structure") {
    checkStructure(failures, shapeName, path, value);
  } else if (limits.type === "list") {
    checkList(failures, limits, path, value);
  } else if (limits.type === "map") {
    checkMap(failures, limits, path, value);
  } else {
    checkScalar(failures, limits, path, value);
    if (shapeName === "S3Uri" || shapeName === "SourceUri") {
      checkS3Place(failures, path, value);
    }
  }
}

function checkStructure(failures: Failures, shapeName: string, path: string, value: unknown): void {
  if (!isRecord(value)) {
    failures.add(path, `${shown(path, value)} is not an object with the properties of ${shapeName}`);
    return;
  }
  const { members = {}, required = [] } = inputShape(shapeName);
  const known = propertiesOf(inputShape(shapeName));
  for (const [key, inner] of Object.entries(value)) {
    const member = known.get(key);
    if (member) {
      checkShape(failures, members[member], inside(path, key), inner);
    } else {
      failures.add(inside(path, key), unknownProperty(key, shapeName));
    }
  }
  for (const member of required) {
    const property = propertyOf(member);
    if (value[property] === undefined) {
      failures.add(
        inside(path, property),
        `is missing; ${shapeName} needs it. ${expectation(inputShape(members[member]))}`,
      );
    }
  }
}

/** Why a property that nobody knows is refused, and what may have been meant. */
function unknownProperty(key: string, owner: string): string {
  if (owner === "TrainingJob" && key in RENAMED) {
    return `${key} is not a property of ${owner}: ${RENAMED[key]}`;
  }
  const known = [...propertiesOf(inputShape(owner)).keys(), ...(owner === "TrainingJob" ? SHORTHANDS : [])];
  const list = known.length <= MAX_LISTED ? `; remove it. Known: ${known.join(", ")}` : "; remove it";
  return `${key} is not a property of ${owner}${didYouMean(key, known) || list}`;
}

function checkList(failures: Failures, limits: Shape, path: string, value: unknown): void {
  if (!Array.isArray(value)) {
    failures.add(path, `${shown(path, value)} is not a list`);
    return;
  }
  checkSize(failures, limits, path, value.length, "entries");
  for (const [index, entry] of value.entries()) {
    checkShape(failures, limits.member ?? "", inside(path, index), entry);
  }
}

function checkMap(failures: Failures, limits: Shape, path: string, value: unknown): void {
  if (!isRecord(value)) {
    failures.add(path, `${shown(path, value)} is not an object of names and values`);
    return;
  }
  checkSize(failures, limits, path, Object.keys(value).length, "entries");
  for (const [key, entry] of Object.entries(value)) {
    checkKey(failures, limits.key ?? "", path, key);
    checkShape(failures, limits.value ?? "", inside(path, key), entry);
  }
}

function checkKey(failures: Failures, shapeName: string, path: string, key: string): void {
  const found = scalarProblem(inputShape(shapeName), key);
  if (found) {
    failures.add(inside(path, key), `the name ${shown("", key)} ${found}`);
  }
}

function checkSize(failures: Failures, limits: Shape, path: string, size: number, unit: string): void {
  if (limits.max !== undefined && size > limits.max) {
    failures.add(path, `has ${size} ${unit}, at most ${limits.max} are allowed; remove ${size - limits.max}`);
  } else if (limits.min !== undefined && size < limits.min) {
    failures.add(
      path,
      `has ${size} ${unit}, at least ${limits.min} must be there; add one or leave the property out`,
    );
  }
}

function checkScalar(failures: Failures, limits: Shape, path: string, value: unknown): void {
  const found = scalarProblem(limits, value);
  if (found) {
    failures.add(path, `${shown(path, value)} ${found}`);
  } else if (limits.enum && !limits.enum.includes(value as string)) {
    failures.warn(path, `${shown(path, value)} ${unlisted(limits.enum, value as string)}`);
  }
}

function scalarProblem(limits: Shape, value: unknown): string | undefined {
  if (limits.type === "boolean") {
    return typeof value === "boolean" ? undefined : `is not a boolean; write true or false`;
  }
  if (limits.type === "integer" || limits.type === "long") {
    return numberProblem(limits, value);
  }
  return typeof value === "string" ? textProblem(limits, value) : `is ${kind(value)}, not a string`;
}

function numberProblem({ min, max }: Shape, value: unknown): string | undefined {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) {
    return typeof value === "number" ? "is not a whole number" : `is ${kind(value)}, not a number`;
  }
  if (min !== undefined && value < min) {
    return `is too small: at least ${min}`;
  }
  return max !== undefined && value > max ? `is too large: at most ${max}` : undefined;
}

function textProblem(limits: Shape, value: string): string | undefined {
  const { enum: known } = limits;
  if (
    known &&
    !known.includes(value) &&
    (limits.closed || known.some((each) => plain(each) === plain(value)))
  ) {
    return unlisted(known, value);
  }
  const length = [...value].length;
  if (limits.max !== undefined && length > limits.max) {
    return `has ${length} characters, at most ${limits.max} are allowed; shorten it`;
  }
  if (limits.min !== undefined && length < limits.min) {
    return `has ${length} characters, at least ${limits.min} are needed`;
  }
  return limits.pattern && !matches(limits.pattern, value)
    ? `does not have the form the API asks for: ${limits.pattern}${didYouMean(value, known ?? [])}`
    : undefined;
}

/** What to say of a value that an enum does not have: newer than this program's model of the API, or a mistake. */
function unlisted(known: string[], value: string): string {
  const few = known.length <= MAX_LISTED ? `. Known: ${known.join(", ")}` : "";
  return `is not one of the ${known.length} values known here${didYouMean(value, known)}${few}`;
}

/** A spelling without what people get wrong: capitals, hyphens, underscores. */
const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9.]/g, "");

const expressions = new Map<string, RegExp>();

/** Whether the whole of a text matches a pattern of the API, which is written for Java. */
function matches(pattern: string, value: string): boolean {
  let expression = expressions.get(pattern);
  if (!expression) {
    expression = new RegExp(`^(?:${pattern.replaceAll("\\p{Alnum}", "a-zA-Z0-9")})$`, "u");
    expressions.set(pattern, expression);
  }
  return expression.test(value);
}

function kind(value: unknown): string {
  if (value === null) {
    return "empty";
  }
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}

function expectation(limits: Shape): string {
  if (limits.enum && limits.enum.length <= MAX_LISTED) {
    return `Set it to one of ${limits.enum.join(", ")}`;
  }
  return limits.type === "structure" ? "Set it to an object" : `Set it (${limits.type})`;
}
