import { formatSeconds, type Report, runningSteps } from "./report.ts";

/** What this needs of a stream such as standard error. */
export interface Output {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/**
 * Reports to a stream. In a terminal the steps that run now stand beneath the lines, one row each with its time, and are drawn anew while
 * they run; anything else, such as a CI job's log, gets the lines alone.
 *
 * `everyMs`: between two drawings. Default: a second.
 */
export function reportTo(out: Output, { TERM }: { TERM?: string } = process.env, everyMs = 1000): Report {
  if (!out.isTTY || TERM === "dumb") return (line) => void out.write(`${line}\n`);
  let shown = 0;
  const draw = (line?: string) => {
    const rows = runningSteps().map(({ what, seconds }) =>
      row(what, formatSeconds(seconds), out.columns || 80),
    );
    if (line === undefined && rows.length + shown === 0) return;
    const clear = shown > 0 ? `\x1b[${shown}A\x1b[J` : "";
    out.write(
      [clear, ...(line === undefined ? [] : [line, "\n"]), ...rows.map((each) => `${each}\n`)].join(""),
    );
    shown = rows.length;
  };
  setInterval(draw, everyMs).unref();
  return Object.assign((line: string) => draw(line), { showsSteps: true });
}

/** Never wider than the terminal: a row that wraps could not be taken back. */
function row(what: string, time: string, columns: number): string {
  const room = columns - time.length - 6;
  const name = what.length > room ? `${what.slice(0, Math.max(0, room - 3))}...` : what;
  return `  > ${name} ${time}`.slice(0, columns - 1);
}
