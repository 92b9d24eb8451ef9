import type { z } from "zod";
import { didYouMean } from "./trainingJob/args/didYouMean";

/**
 * What is wrong with a value of the configuration, in the words of who writes it: what to use in its place. For zod's `error`; a type of
 * the schema that has a text of its own keeps it.
 */
export function plainWords(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is not set" : TYPES[issue.expected];
    case "invalid_value":
      return `use ${listed(issue.values.map(String))}${typeof issue.input === "string" ? didYouMean(issue.input, issue.values.map(String)) : ""}`;
    case "too_small":
      return issue.origin === "string"
        ? "must not be empty"
        : `must be ${issue.inclusive ? "at least" : "more than"} ${issue.minimum}`;
    case "too_big":
      return `must be ${issue.inclusive ? "at most" : "less than"} ${issue.maximum}`;
    default:
      return undefined;
  }
}

const TYPES: Record<string, string> = {
  boolean: "use true or false",
  number: "use a number",
  int: "use a whole number",
  string: "use a text",
  array: "use a list, such as [a, b], in YAML or as JSON",
  object: "use a map of names and values, in YAML or as JSON",
  record: "use a map of names and values, in YAML or as JSON",
};

/** `a, b or c`. */
export const listed = (names: string[]): string =>
  [names.slice(0, -1).join(", "), names.at(-1) ?? ""].filter(Boolean).join(" or ");
