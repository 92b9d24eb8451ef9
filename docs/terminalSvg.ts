// Draws what a program wrote to a terminal as an SVG that needs no fonts and no scripts.
import type { IBufferCell } from "@xterm/headless";
import { Terminal } from "@xterm/headless";

/** Text of one look. */
export interface Span {
  text: string;
  /** Cells that it takes: more than its characters where some are wide. */
  cells: number;
  /** A CSS colour; undefined is the terminal's own. */
  colour?: string;
  bold: boolean;
}
export type Line = Span[];

/** What is left on a terminal of so many columns, with all that has scrolled out of sight. A line that was too long for it is whole. */
export async function linesOf(output: Uint8Array, columns: number): Promise<Line[]> {
  const terminal = new Terminal({ cols: columns, rows: 50, scrollback: 10_000, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(output, done));
  const { active } = terminal.buffer;
  const rows: IBufferCell[][] = [];
  for (let y = 0; y < active.length; y++) {
    const row = active.getLine(y);
    const cells = Array.from({ length: columns }, (_, x) => row?.getCell(x)).filter(
      (cell) => cell !== undefined,
    );
    if (row?.isWrapped) rows[rows.length - 1].push(...cells);
    else rows.push(cells);
  }
  const lines = rows.map(spansOf);
  terminal.dispose();
  while (lines.length > 0 && textOf(lines[lines.length - 1]).trim() === "") lines.pop();
  return lines;
}

export const textOf = (line: Line): string => line.map(({ text }) => text).join("");

function spansOf(cells: IBufferCell[]): Line {
  const spans: Line = [];
  for (const cell of cells) {
    if (cell.getWidth() === 0) continue; // the second half of a wide character
    const next = {
      text: cell.getChars() || " ",
      cells: cell.getWidth(),
      colour: colourOf(cell),
      bold: cell.isBold() !== 0,
    };
    const last = spans[spans.length - 1];
    const isWide = (span: Span) => span.cells !== span.text.length;
    if (last && last.colour === next.colour && last.bold === next.bold && !isWide(last) && !isWide(next)) {
      last.text += next.text;
      last.cells += next.cells;
    } else spans.push(next);
  }
  return spans;
}

// The sixteen colours of a terminal, as they are readable on BACKGROUND.
const PALETTE = ["#6e7681", "#ff7b72", "#3fb950", "#d29922", "#58a6ff", "#bc8cff", "#39c5cf", "#c9d1d9"];
const BACKGROUND = "#0d1117";
const FOREGROUND = "#c9d1d9";

function colourOf(cell: IBufferCell): string | undefined {
  const colour = cell.getFgColor();
  if (cell.isFgRGB()) return hex(colour);
  if (!cell.isFgPalette()) return cell.isDim() ? PALETTE[0] : undefined;
  if (colour < 16) return PALETTE[colour % 8];
  if (colour >= 232) return hex(((colour - 232) * 10 + 8) * 0x010101);
  const level = (sixth: number) => [0, 95, 135, 175, 215, 255][sixth % 6];
  const cube = colour - 16;
  return hex(level(Math.floor(cube / 36)) * 0x10000 + level(Math.floor(cube / 6)) * 0x100 + level(cube));
}

const hex = (colour: number): string => `#${colour.toString(16).padStart(6, "0")}`;

const FONT = { size: 14, cell: 8.4, line: 19 };
const MARGIN = 16;

/** The picture. It brings its own background, so that it looks the same on light and dark pages. */
export function drawLines(lines: Line[], title: string): string {
  const columns = Math.max(...lines.map((line) => textOf(line).trimEnd().length));
  const width = Math.ceil(columns * FONT.cell + 2 * MARGIN);
  const height = lines.length * FONT.line + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${BACKGROUND}"/>`,
    `<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="${FONT.size}" fill="${FOREGROUND}">`,
    ...lines.flatMap((line, row) => drawLine(line, MARGIN + (row + 0.75) * FONT.line)),
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function drawLine(line: Line, y: number): string[] {
  const texts: string[] = [];
  let column = 0;
  for (const span of line) {
    // A browser draws several spaces as one. Words apart from one another get places and widths that hold with any font.
    for (const { 0: words, index } of span.text.matchAll(/\S+(?: \S+)*/g)) {
      const x = round(MARGIN + (column + index) * FONT.cell);
      const look = `${span.colour ? ` fill="${span.colour}"` : ""}${span.bold ? ' font-weight="bold"' : ""}`;
      const length = round((words.length / span.text.length) * span.cells * FONT.cell);
      texts.push(`<text x="${x}" y="${round(y)}" textLength="${length}"${look}>${escaped(words)}</text>`);
    }
    column += span.cells;
  }
  return texts;
}

const round = (number: number): number => Math.round(number * 10) / 10;

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
