/** 5400 -> "1h30m"; what is below a minute is given in seconds. */
export function duration(seconds: number): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [unit, size] of [
    ["d", 86_400],
    ["h", 3_600],
    ["m", 60],
    ["s", 1],
  ] as const) {
    const count = Math.floor(rest / size);
    if (count > 0) {
      parts.push(`${count}${unit}`);
      rest -= count * size;
    }
  }
  return parts.join("") || "0s";
}

/** "1h30m (5400 s)": readable, and the number that the API takes. */
export function seconds(value: number): string {
  return `${duration(value)} (${value} s)`;
}

/** `ml.g5.xlarge, ml.g5.2xlarge or ml.g5.4xlarge` */
export function oneOf(values: readonly string[]): string {
  if (values.length < 2) {
    return values[0] ?? "nothing";
  }
  return `${values.slice(0, -1).join(", ")} or ${values[values.length - 1]}`;
}

/** Whether the value fits one of the patterns, in which `*` stands for any characters. */
export function matches(value: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => glob(pattern).test(value));
}

function glob(pattern: string): RegExp {
  const escaped = pattern.split("*").map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`);
}

/** `b 20.00 USD, a 3.00 USD and 7 more`: the largest of some amounts by name, five at most. */
export function largest(amounts: ReadonlyMap<string, number>, told: (amount: number) => string): string {
  const sorted = [...amounts].sort(([, a], [, b]) => b - a);
  const shown = sorted.slice(0, 5).map(([name, amount]) => `${name} ${told(amount)}`);
  const rest = sorted.length - shown.length;
  return `${shown.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
}
