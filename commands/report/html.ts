/** A piece of HTML that is safe to put into another. Only {@link html} and {@link trusted} make one: no text from outside passes for one. */
export class Html {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** Of a template, the HTML in which everything put in is escaped, in texts and in quoted attributes alike; of lists, every entry. */
export function html(parts: TemplateStringsArray, ...values: unknown[]): Html {
  return new Html(parts.reduce((text, part, index) => `${text}${piece(values[index - 1])}${part}`));
}

/** HTML that a library made, or this program. */
export const trusted = (text: string): Html => new Html(text);

function piece(value: unknown): string {
  if (value === undefined || value === null || value === false) return "";
  if (value instanceof Html) return value.toString();
  if (Array.isArray(value)) return value.map(piece).join("");
  return escaped(String(value));
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Control characters, which HTML does not allow, become the sign for what cannot be shown. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
    .replace(/[&<>"']/g, (found) => ENTITIES[found]);

/** A link, where the address is one of the web; else the text alone: `javascript:` is an address too. */
export const link = (address: string, text: string): Html =>
  /^https?:\/\//i.test(address)
    ? html`<a href="${address}" rel="noopener noreferrer">${text}</a>`
    : html`<span>${text}</span>`;
