/** Where a text can be cut at `index` or just before it, so that no character of two UTF-16 units is cut in two. */
export function cutAt(text: string, index: number): number {
  const before = text.charCodeAt(index - 1);
  const isFirstHalf = index > 0 && index < text.length && before >= 0xd800 && before <= 0xdbff;
  return isFirstHalf ? index - 1 : index;
}

/** The longest beginning of a text, in whole characters, that has at most so many UTF-16 units. */
export const beginningOf = (text: string, length: number): string =>
  text.slice(0, cutAt(text, Math.max(0, length)));
