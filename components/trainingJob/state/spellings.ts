/** A backslash, as a regular expression spells it. */
const SLASH = "\\\\";
/** Text in quotes in quotes has several, 7 at the third level. A bound keeps the search fast where a line has very many of them. */
const ANY = `${SLASH}{0,8}`;
const SOME = `${SLASH}{1,8}`;

const NAMED: Record<string, string[]> = {
  "\n": [`${SOME}n`],
  "\r": [`${SOME}r`],
  "\t": [`${SOME}t`],
  "\b": [`${SOME}b`],
  "\f": [`${SOME}f`],
  "\u0007": [`${SOME}a`],
  "\u001b": [`${SOME}[eE]`],
  "\v": [`${SOME}v`],
  " ": [`${SOME} `, "\\+"],
  "'": [`'${SOME}''`, `'${ANY}"'${ANY}"'`, "&#(?:39|[xX]27);", "&apos;"],
  '"': ["&quot;", "&#34;"],
  "&": ["&amp;"],
  "<": ["&lt;"],
  ">": ["&gt;"],
};

/**
 * Finds a text however a log may spell it: plain, as JSON of JavaScript or of Python, as Python's repr of text or bytes, quoted for a
 * shell, in a URL or in XML, each also inside another; and as hex or base64, there also as a part of something longer.
 */
export function spellings(text: string): RegExp {
  const bytes = Buffer.from(text);
  const characters = text.match(/\\+|[^\\]/gsu) ?? [];
  const encoded = [...base64s(bytes), anyCase(bytes.toString("hex"))];
  return new RegExp([characters.map(spellingsOf).join(""), ...encoded].join("|"), "gu");
}

function spellingsOf(character: string): string {
  if (/^[A-Za-z0-9]$/.test(character)) return character;
  const bytes = [...Buffer.from(character)];
  const each = (spell: (byte: number) => string) => bytes.map(spell).join("");
  const point = character.codePointAt(0) ?? 0;
  const units = character.split("");
  const quoted = [
    // A run of backslashes only grows by quoting.
    character.startsWith("\\")
      ? `${SLASH}{${character.length},${8 * character.length}}`
      : `${ANY}${literal(character)}`,
    units.map((unit) => `${SOME}u${hex(unit.charCodeAt(0), 4)}`).join(""),
    each((byte) => `${SOME}x${hex(byte, 2)}`),
    each((byte) => `${SOME}0?${byte.toString(8).padStart(3, "0")}`),
    each((byte) => `%${hex(byte, 2)}`),
    each((byte) => `%25${hex(byte, 2)}`),
    `&#(?:${point}|[xX]0*${hex(point, 0)});`,
    ...(NAMED[character] ?? []),
  ];
  if (point < 256) quoted.push(`${SOME}x${hex(point, 2)}`);
  if (point > 0xffff) quoted.push(`${SOME}U${hex(point, 8)}`);
  return `(?:${quoted.join("|")})`;
}

/**
 * The characters of base64 that hold nothing but these bytes, for each of the three places where the first of them may stand in a group.
 * Four at least: fewer are in every log.
 */
function base64s(bytes: Buffer): string[] {
  return [0, 1, 2]
    .map((before) => {
      const all = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(2)]).toString("base64");
      return all.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
    })
    .filter((core) => core.length >= 4)
    .map((core) => core.replace(/\+/g, "[+-]").replace(/\//g, "[/_]"));
}

const hex = (value: number, digits: number): string => anyCase(value.toString(16).padStart(digits, "0"));

const anyCase = (digits: string): string =>
  digits.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);

const literal = (character: string): string => character.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
