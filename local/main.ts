import type { Report } from "./report.ts";
import { SetupError } from "./setupError.ts";

/** Runs a command of the local stack: progress on standard error, one line for what the user can mend, an exit code. */
export function main(work: (report: Report) => Promise<number | undefined>): void {
  work((line) => process.stderr.write(`${line}\n`)).then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error: Error) => {
      process.stderr.write(`${error instanceof SetupError ? error.message : error.stack}\n`);
      process.exitCode = 1;
    },
  );
}
