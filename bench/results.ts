import { amount, type Figure, limits, missedBy, targetOf } from "./figures";

/** What one part gave when it ran last. */
export interface Result {
  letter: string;
  title: string;
  /** Day, `2026-01-31`. */
  date: string;
  machine: string;
  figures: Figure[];
  /** How to run it, where `npm run bench` alone does not. */
  alone?: string;
}

/** The results with those of this run in place of the earlier ones. */
export function merged(before: Result[], now: Result[]): Result[] {
  const kept = before.filter(({ letter }) => !now.some((each) => each.letter === letter));
  return [...kept, ...now].sort((a, b) => a.letter.localeCompare(b.letter));
}

/** bench/results.md. */
export function toMarkdown(results: Result[]): string {
  return `${[
    "# How fast it is",
    "Written by `npm run bench` from what it measures; `npm run bench -- a c` runs some parts and leaves the others as they are. " +
      "What is compared ran in turns, on one local AWS; figures are medians.",
    "## Targets that are missed",
    missedList(results),
    ...results.map(section),
  ].join("\n\n")}\n`;
}

function missedList(results: Result[]): string {
  const missed = results.flatMap(({ letter, figures }) =>
    figures
      .filter((figure) => missedBy(figure) > 0)
      .map((figure) => {
        const by = amount({ ...figure, value: missedBy(figure) });
        const why = limits(figure.target).missed ?? "it is not known why";
        return `- (${letter}) ${figure.what}: ${amount(figure)}, where ${targetOf(figure)} is wanted, so by ${by}: ${why}.`;
      }),
  );
  return missed.length > 0 ? missed.join("\n") : "None.";
}

function section({ letter, title, date, machine, figures, alone }: Result): string {
  const rows = figures.map((figure) => [
    figure.what,
    amount(figure),
    targetOf(figure),
    figure.target ? (missedBy(figure) > 0 ? "missed" : "met") : "",
  ]);
  const run = alone ? `${alone} ` : "";
  return [
    `## (${letter}) ${title}`,
    `${run}Last run on ${date}: ${machine}.`,
    table([["", "measured", "target", ""], ...rows]),
  ].join("\n\n");
}

function table([head, ...rows]: string[][]): string {
  const widths = head.map((_, column) => Math.max(3, ...[head, ...rows].map((row) => row[column].length)));
  const line = (cells: string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}
