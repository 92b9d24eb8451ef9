import { readFileSync } from "node:fs";

/** A shape of the service model with its constraints; names of other shapes in `member`, `key`, `value`, `members`. */
export interface Shape {
  type: string;
  required?: string[];
  enum?: string[];
  min?: number;
  max?: number;
  pattern?: string;
  member?: string;
  key?: string;
  value?: string;
  members?: Record<string, string>;
}

export interface ServiceModel {
  /** Where the shapes were taken from. */
  source: string;
  /** Operation to the name of its input shape. */
  operations: Record<string, string>;
  shapes: Record<string, Shape>;
}

/** Reads the shapes of the operations that a service serves here, made from botocore's model by generate.py. */
export function readModel(file: URL): ServiceModel {
  return JSON.parse(readFileSync(file, "utf8"));
}

export const serviceModel = readModel(new URL("./sagemaker.generated.json", import.meta.url));

const patterns = new Map<string, RegExp | undefined>();

/** The model's Java pattern as a whole-string JavaScript one; undefined when JavaScript cannot express it. */
export function compilePattern(pattern: string): RegExp | undefined {
  if (!patterns.has(pattern)) patterns.set(pattern, compile(pattern));
  return patterns.get(pattern);
}

function compile(pattern: string): RegExp | undefined {
  const source = `^(?:${pattern.replaceAll("\\p{Alnum}", "A-Za-z0-9")})$`;
  for (const flags of ["u", ""]) {
    try {
      return new RegExp(source, flags);
    } catch {
      // The u flag refuses some escapes that Java allows; without it \p{..} is not known.
    }
  }
  return undefined;
}
