/** The little of Markdown that tests of the pages need. */

export const withoutBlocks = (page: string): string => page.replace(/^```.*?^```$/gms, "");

/** Targets of the links of a page that are not addresses. */
export function links(page: string): string[] {
  const text = withoutBlocks(page).replace(/`[^`\n]*`/g, "code");
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** The anchors that GitHub gives the headings of a page. */
export function anchors(page: string): string[] {
  const seen = new Map<string, number>();
  return [...withoutBlocks(page).matchAll(/^#+ +(.+)$/gm)].map(([, title]) => {
    const slug = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-");
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** The rows of the first table under a heading, each as its cells, without the head. */
export function table(page: string, heading: string): string[][] {
  const start = new RegExp(`^#+ ${heading}$`, "m").exec(page);
  if (!start) throw new Error(`there is no heading "${heading}"`);
  const section = page.slice(start.index + start[0].length).split(/^#+ /m)[0];
  return cells(section.slice(section.indexOf("\n|") + 1));
}

/** The rows of the table that a text begins with. */
export function cells(text: string): string[][] {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines.slice(2, end < 0 ? undefined : end).map((line) =>
    line
      .slice(1, line.lastIndexOf("|"))
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim().replaceAll("\\|", "|")),
  );
}

/** What is set as code in a text. */
export const code = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inner]) => inner);

/** The blocks of code of a language. */
export const blocks = (page: string, language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, "gms"))].map(([, inner]) => inner);
