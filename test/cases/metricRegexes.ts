/** What is to be said of an expression: how many groups it has, that no dialect reads it, or that only JavaScript lacks a spelling. */
type Verdict = number | "wrong" | "unread";

/**
 * Expressions of metrics, what is to be said of them, and, where they find it, the value that they find in a line. Both readers are held
 * against this: the resource's and the local SageMaker's.
 */
export const METRIC_REGEXES: [source: string, verdict: Verdict, line?: string, value?: string][] = [
  ["loss=([0-9.]+)", 1, "loss=0.5 acc=1", "0.5"],
  ["loss: (.*?);", 1, "loss: 0.5; x", "0.5"],
  ["loss=([0-9]+(.|e\\-)[0-9]+),?", 2, "loss=0.5,", "0.5"],
  ["(?i)loss=(\\d+)", 1, "LOSS=3", "3"],
  ["(?is)LOSS=(.+)", 1, "loss=3", "3"],
  ["(?P<v>[0-9.]+)", 1, "x 7.5", "7.5"],
  ["(?P<q>['\"])loss(?P=q): (\\d+)", 2, "'loss': 4", "'"],
  ["(?<v>[0-9.]+)", 1, "x 7.5", "7.5"],
  ["(\\d++)", 1, "x 12", "12"],
  ["loss=([0-9.]{1,4}+)", 1, "loss=0.25", "0.25"],
  ["loss=((?>[0-9.]+))", 1, "loss=0.25", "0.25"],
  ["\\Aloss=(\\d+)\\Z", 1, "loss=5", "5"],
  ["\\Aloss=(\\d+)\\z", 1, "x loss=5"],
  // What only looks like another spelling.
  ["a\\++([0-9]+)", 1, "a++1", "1"],
  ["[*+?]+([0-9]+)", 1, "*+?1", "1"],
  ["([+*]+)", 1, "a+*", "+*"],
  ["([]x]+)", 1, "a]x", "]x"],
  ["([^]x]+)", 1, "]xa", "a"],
  ["(\\\\+)", 1, "a\\\\", "\\\\"],
  ["\\(\\?>(\\d)", 1, "(?>1", "1"],
  // Nothing to find a value with.
  ["loss=[0-9]+", 0],
  ["(?:loss)=.*", 0],
  ["(?i)loss=(?>[0-9]+)", 0],
  // In no dialect.
  ["loss=([0-9.]+", "wrong"],
  ["loss=[0-9.]+)", "wrong"],
  ["loss=([0-9.+)", "wrong"],
  ["*loss=(.)", "wrong"],
  ["([z-a])", "wrong"],
  ["(a){3,2}", "wrong"],
  ["loss=(.)\\", "wrong"],
  // Only in others.
  ["loss=(?x)([0-9.]+)", "unread"],
  ["(?x)loss = ([0-9.]+)", "unread"],
  ["loss=\\h*([0-9.]+)", "unread"],
  ["\\Qa.b\\E=([0-9.]+)", "unread"],
  ["(\\p{Digit}+)", "unread"],
  ["(?|a(b)|c(d))", "unread"],
];
