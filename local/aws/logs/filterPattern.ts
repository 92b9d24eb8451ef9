import { AwsError } from "../sagemaker/errors.ts";
import { budgetMs, isFound } from "../training/observe/findAll.ts";

/** Terms, quoted phrases and regular expressions, each with its sign. */
const parts = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)*)%|([^\s"%]+))/gy;

/**
 * A filter pattern for unstructured events: all terms, at least one of those with `?`, none of those with `-`; `"a phrase"`, `%regex%`.
 * Throws CloudWatch's InvalidParameterException for what is not one, and for patterns about fields (`{...}`, `[...]`).
 */
export function readPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[]/.test(text)) {
    throw invalid(
      "The local CloudWatch Logs evaluates terms, not the fields of JSON or space-delimited events.",
    );
  }
  const tests: Record<string, ((message: string) => boolean)[]> = { "": [], "?": [], "-": [] };
  parts.lastIndex = 0;
  for (
    let at = 0;
    at < text.length;
    at = parts.lastIndex + (/^\s+/.exec(text.slice(parts.lastIndex))?.[0].length ?? 0)
  ) {
    parts.lastIndex = at;
    const found = parts.exec(text);
    if (!found) throw invalid("Invalid filter pattern");
    const [, sign, phrase, regex, term] = found;
    tests[sign].push(
      regex === undefined ? contains(phrase?.replace(/\\(.)/g, "$1") ?? term) : matches(regex),
    );
  }
  const { "": all, "?": any, "-": none } = tests;
  return (message) =>
    all.every((test) => test(message)) &&
    // As documented, optional terms count for nothing beside required ones.
    (any.length === 0 || all.length > 0 || any.some((test) => test(message))) &&
    !none.some((test) => test(message));
}

const contains = (term: string) => (message: string) => message.includes(term);

function matches(source: string): (message: string) => boolean {
  // What CloudWatch takes of regular expressions (its guide, "Supported regular expression syntax"): no groups. `a*a*a*b` takes long enough without one.
  if (/[()]/.test(source.replace(/\\./g, ""))) throw invalid("Invalid filter pattern");
  try {
    const regex = new RegExp(source);
    return (message) => {
      const found = isFound(regex, message);
      if (found === undefined) {
        throw invalid(`Invalid filter pattern: %${source}% takes longer than ${budgetMs} ms for an event`);
      }
      return found;
    };
  } catch {
    throw invalid("Invalid filter pattern");
  }
}

const invalid = (message: string) => new AwsError("InvalidParameterException", message);
