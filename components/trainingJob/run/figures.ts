/** A metric's value as short as it says something: four significant digits. What is no number, or a whole one, stays as it is. */
export function shortNumber(text: string): string {
  const number = Number(text);
  if (text.trim() === "" || !Number.isFinite(number) || Number.isInteger(number)) return text;
  const short = String(Number(number.toPrecision(4)));
  return short.length < text.length ? short : text;
}

/** `45s`, `28m`, `1h 5m`, `2d 3h`: rounded down. */
export function shortTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const [minutes, hours, days] = [60, 3600, 86_400].map((unit) => Math.floor(whole / unit));
  const both = (large: string, small: number, unit: string) => (small ? `${large} ${small}${unit}` : large);
  if (days > 0) return both(`${days}d`, hours % 24, "h");
  if (hours > 0) return both(`${hours}h`, minutes % 60, "m");
  return minutes > 0 ? `${minutes}m` : `${whole}s`;
}
