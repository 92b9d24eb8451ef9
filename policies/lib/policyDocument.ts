import { mapAt, type Properties, valueAt } from "./properties";
import { parsedJson, Unreadable } from "./unreadable";

/** A statement of an IAM policy document, with lists where IAM also takes a single value. */
export interface Statement {
  effect: string;
  actions: string[];
  notActions: string[];
  /** The names of the principals, whatever their kind; `*` for anybody. */
  principals: string[];
  condition: Properties;
}

/** The statements of a policy document, given as JSON text or as what it stands for. */
export function statementsOf(document: unknown): Statement[] {
  const parsed = parsedJson(document, "the policy document");
  return many(valueAt(parsed, "Statement")).map((statement) => ({
    effect: effectOf(valueAt(statement, "Effect")),
    actions: texts(valueAt(statement, "Action"), "Action"),
    notActions: texts(valueAt(statement, "NotAction"), "NotAction"),
    principals: principalsOf(valueAt(statement, "Principal")),
    condition: mapAt(statement, "Condition"),
  }));
}

function effectOf(effect: unknown): string {
  if (effect === "Allow" || effect === "Deny") return effect;
  throw new Unreadable("the policy document", "an Effect is neither Allow nor Deny");
}

function texts(value: unknown, what: string): string[] {
  return many(value).map((entry) => {
    if (typeof entry === "string") return entry;
    throw new Unreadable("the policy document", `something in ${what} is no text`);
  });
}

function principalsOf(principal: unknown): string[] {
  if (typeof principal !== "object" || principal === null) {
    return texts(principal, "Principal");
  }
  return Object.keys(principal).flatMap((kind) => texts((principal as Properties)[kind], "Principal"));
}

function many(value: unknown): unknown[] {
  if (value === undefined || value === null) {
    return [];
  }
  return Array.isArray(value) ? [...value].filter((entry) => entry !== null) : [value];
}
