const BARS = "▁▂▃▄▅▆▇█";

/** Values as a line of bars between their least and their most, at most `width` of them; of more, each bar is the last of its share. */
export function sparkline(values: number[], width: number): string {
  const shown =
    values.length <= width
      ? values
      : Array.from({ length: width }, (_, at) => values[Math.floor(((at + 1) * values.length) / width) - 1]);
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const bar = (value: number) =>
    high === low ? BARS[3] : BARS[Math.round(((value - low) / (high - low)) * (BARS.length - 1))];
  return shown.map(bar).join("");
}
