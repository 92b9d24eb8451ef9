import { type Properties, valueAt } from "./properties";
import { parsedJson } from "./unreadable";

/** A statement of an IAM policy document, with lists where IAM also takes a single value. */
export interface Statement {
  effect: string;
  actions: string[];
  notActions: string[];
  resources: string[];
  notResources: string[];
  /** The names of the principals, whatever their kind; `*` for anybody. */
  principals: string[];
  condition: Properties;
}

/** The statements of a policy document, given as JSON text or as what it stands for. */
export function statementsOf(document: unknown): Statement[] {
  const parsed = parsedJson(document, "the policy document");
  return many(valueAt(parsed, "Statement")).map((statement) => ({
    effect: String(valueAt(statement, "Effect")),
    actions: many(valueAt(statement, "Action")).map(String),
    notActions: many(valueAt(statement, "NotAction")).map(String),
    resources: many(valueAt(statement, "Resource")).map(String),
    notResources: many(valueAt(statement, "NotResource")).map(String),
    principals: principalsOf(valueAt(statement, "Principal")),
    condition: (valueAt(statement, "Condition") ?? {}) as Properties,
  }));
}

function principalsOf(principal: unknown): string[] {
  if (typeof principal !== "object" || principal === null) {
    return many(principal).map(String);
  }
  return Object.keys(principal).flatMap((kind) => many((principal as Properties)[kind]).map(String));
}

function many(value: unknown): unknown[] {
  if (value === undefined || value === null) {
    return [];
  }
  return Array.isArray(value) ? [...value].filter((entry) => entry !== null) : [value];
}
