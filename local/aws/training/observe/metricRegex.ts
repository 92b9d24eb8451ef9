/** A metric's expression, read: what JavaScript makes of it, or why it cannot. */
export type MetricRegex =
  | { regex: RegExp; groups: number }
  | {
      problem: string /** False where the expression may be sound and only JavaScript lacks the spelling. */;
      wrong: boolean;
    };

/**
 * Reads an expression in the spellings of Java and Python, which SageMaker's documentation leaves open: `(?P<name>...)`, leading flags,
 * possessive quantifiers and atomic groups (read as plain ones, which find no less), `\A`, `\Z`, `\z`.
 * components/trainingJob/args/metricRegex.ts reads them too (a CommonJS module, which cannot be imported from here), and is held against
 * the same table of cases.
 */
export function readMetricRegex(source: string): MetricRegex {
  const [leading, letters = ""] = /^\(\?([a-zA-Z]+)\)/.exec(source) ?? [""];
  const rest = source.slice(leading.length);
  if (/[^ims]/.test(letters)) return lacks(leading);
  const foreign = /\\(?:[^a-zA-Z]|[dDwWsSbBnrtfvuxckAZz])|\\([a-zA-Z])/g;
  for (const [spelling, letter] of rest.matchAll(foreign)) if (letter) return lacks(spelling);
  try {
    const portable = rest.replace(SPELLINGS, translated);
    // A group too many, as an alternative, makes every match succeed and tells how many groups there are.
    const groups = (new RegExp(`${portable}|()`, letters).exec("")?.length ?? 1) - 2;
    return { regex: new RegExp(portable, letters), groups };
  } catch (error) {
    const problem = (error as Error).message.replace(/^.*: /, "");
    return { problem, wrong: WRONG_EVERYWHERE.test(problem) };
  }
}

const lacks = (spelling: string): MetricRegex => ({ problem: `JavaScript lacks ${spelling}`, wrong: false });

/** V8's words for what no dialect reads. The others ("Invalid group") may be a spelling that it does not know. */
const WRONG_EVERYWHERE = /^(Unterminated|Unmatched|Nothing to repeat|Lone quantifier|\\ at end)|out of order/;

/** Escapes and classes come first, so that what looks like another spelling inside them stays. */
const SPELLINGS =
  /\\[\s\S]|\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]|\(\?P<|\(\?P=\w+\)|\(\?>|(?:[*+?]|\{\d+(?:,\d*)?\})\+/g;
const ANCHORS: Record<string, string> = { "\\A": "^", "\\Z": "$", "\\z": "$" };

function translated(part: string): string {
  if (part.startsWith("\\")) return ANCHORS[part] ?? part;
  if (part.startsWith("[")) return part.replace(/^(\[\^?)\]/, "$1\\]");
  if (part === "(?P<") return "(?<";
  if (part === "(?>") return "(?:";
  if (part.startsWith("(?P=")) return `\\k<${part.slice(4, -1)}>`;
  return part.slice(0, -1);
}
