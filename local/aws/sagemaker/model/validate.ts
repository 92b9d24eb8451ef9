import { AwsError } from "../errors.ts";
import { compilePattern, type ServiceModel, type Shape, serviceModel } from "./model.ts";

/**
 * Checks a request against the constraints of the service model and throws what SageMaker throws:
 * a SerializationException for a wrong type, else one ValidationException that lists every violation.
 */
export function validateRequest(
  operation: string,
  input: unknown,
  model: ServiceModel = serviceModel,
  code = "ValidationException",
): void {
  const violations = findViolations(operation, input, model);
  if (violations.length === 0) return;
  const noun = violations.length === 1 ? "1 validation error" : `${violations.length} validation errors`;
  throw new AwsError(code, `${noun} detected: ${violations.join("; ")}`);
}

/** The violations in the service's own words, empty for a valid request. */
export function findViolations(operation: string, input: unknown, model = serviceModel): string[] {
  const violations: string[] = [];
  new Check(model, violations).visit(model.operations[operation], input, "");
  return violations;
}

class Check {
  private readonly model: ServiceModel;
  private readonly violations: string[];

  constructor(model: ServiceModel, violations: string[]) {
    this.model = model;
    this.violations = violations;
  }

  visit(shapeName: string, value: unknown, path: string): void {
    const shape = this.model.shapes[shapeName];
    switch (shape.type) {
      case "structure":
        this.structure(shape, value, path);
        break;
      case "list":
        this.list(shape, value, path);
        break;
      case "map":
        this.map(shape, value, path);
        break;
      default:
        this.scalar(shape, value, path);
    }
  }

  private structure(shape: Shape, value: unknown, path: string): void {
    if (!isObject(value)) throw wrongType(value, "a structure");
    for (const [name, target] of Object.entries(shape.members ?? {})) {
      const inner = value[name];
      const innerPath = path === "" ? lowerFirst(name) : `${path}.${lowerFirst(name)}`;
      if (inner !== undefined && inner !== null) this.visit(target, inner, innerPath);
      else if (shape.required?.includes(name)) {
        this.violations.push(
          `Value null at '${innerPath}' failed to satisfy constraint: Member must not be null`,
        );
      }
    }
  }

  private list(shape: Shape, value: unknown, path: string): void {
    if (!Array.isArray(value)) throw wrongType(value, "a list");
    this.report(value, path, lengthConstraints(shape, value.length));
    value.forEach((inner, index) => {
      this.visit(shape.member as string, inner, `${path}.${index + 1}.member`);
    });
  }

  private map(shape: Shape, value: unknown, path: string): void {
    if (!isObject(value)) throw wrongType(value, "a map");
    const entries = Object.entries(value);
    this.report(value, path, lengthConstraints(shape, entries.length));
    const keyShape = this.model.shapes[shape.key as string];
    const valueShape = this.model.shapes[shape.value as string];
    for (const [key, inner] of entries) {
      const badKey = scalarConstraints(keyShape, key);
      if (badKey.length > 0) {
        this.report(value, path, [`Map keys must satisfy constraint: [${allConstraints(keyShape)}]`]);
      }
      if (valueShape.type !== "string") this.visit(shape.value as string, inner, `${path}.${key}.member`);
      else {
        const badValue = scalarConstraints(valueShape, inner);
        if (badValue.length > 0) {
          this.report(value, path, [`Map value must satisfy constraint: [${allConstraints(valueShape)}]`]);
        }
      }
    }
  }

  private scalar(shape: Shape, value: unknown, path: string): void {
    this.report(value, path, scalarConstraints(shape, value));
  }

  private report(value: unknown, path: string, constraints: string[]): void {
    for (const constraint of constraints) {
      this.violations.push(
        `Value '${javaString(value)}' at '${path}' failed to satisfy constraint: ${constraint}`,
      );
    }
  }
}

/** All constraints of a shape of strings: about a map the service does not say which one is broken. */
function allConstraints({ max, min, pattern }: Shape): string {
  return [
    ...(max === undefined ? [] : [`Member must have length less than or equal to ${max}`]),
    ...(min === undefined ? [] : [`Member must have length greater than or equal to ${min}`]),
    ...(pattern === undefined ? [] : [`Member must satisfy regular expression pattern: ${pattern}`]),
  ].join(", ");
}

function scalarConstraints(shape: Shape, value: unknown): string[] {
  switch (shape.type) {
    case "string":
      if (typeof value !== "string") throw wrongType(value, "a string");
      return stringConstraints(shape, value);
    case "integer":
    case "long":
      if (!Number.isInteger(value)) throw wrongType(value, "a whole number");
      return numberConstraints(shape, value as number);
    case "float":
    case "double":
      if (typeof value !== "number") throw wrongType(value, "a number");
      return numberConstraints(shape, value);
    case "boolean":
      if (typeof value !== "boolean") throw wrongType(value, "a boolean");
      return [];
    case "timestamp":
      if (typeof value !== "number") throw wrongType(value, "a timestamp in epoch seconds");
      return [];
    default:
      return [];
  }
}

function stringConstraints(shape: Shape, value: string): string[] {
  const bad = lengthConstraints(shape, [...value].length);
  if (shape.pattern !== undefined && compilePattern(shape.pattern)?.test(value) === false) {
    bad.push(`Member must satisfy regular expression pattern: ${shape.pattern}`);
  }
  if (shape.enum !== undefined && !shape.enum.includes(value)) {
    bad.push(`Member must satisfy enum value set: [${shape.enum.join(", ")}]`);
  }
  return bad;
}

function lengthConstraints(shape: Shape, length: number): string[] {
  const bad: string[] = [];
  if (shape.max !== undefined && length > shape.max) {
    bad.push(`Member must have length less than or equal to ${shape.max}`);
  }
  if (shape.min !== undefined && length < shape.min) {
    bad.push(`Member must have length greater than or equal to ${shape.min}`);
  }
  return bad;
}

function numberConstraints(shape: Shape, value: number): string[] {
  const bad: string[] = [];
  if (shape.max !== undefined && value > shape.max) {
    bad.push(`Member must have value less than or equal to ${shape.max}`);
  }
  if (shape.min !== undefined && value < shape.min) {
    bad.push(`Member must have value greater than or equal to ${shape.min}`);
  }
  return bad;
}

/** Values inside messages look as Java prints them: `[a, b]` for a list, `{k=v}` for a map. */
function javaString(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(javaString).join(", ")}]`;
  if (isObject(value)) {
    return `{${Object.entries(value)
      .map(([key, inner]) => `${key}=${javaString(inner)}`)
      .join(", ")}}`;
  }
  return String(value);
}

function wrongType(value: unknown, wanted: string): AwsError {
  const found = Array.isArray(value) ? "a list" : value === null ? "null" : `a ${typeof value}`;
  return new AwsError("SerializationException", `Expected ${wanted}, found ${found}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const lowerFirst = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
