import { constants } from "node:os";
import { explain } from "./explain.ts";
import type { Report } from "./report.ts";
import { endCommands } from "./run.ts";
import { reportTo } from "./terminal.ts";

/** Runs a command of the local stack: progress on standard error, one line for what the user can mend, an exit code. */
export function main(work: (report: Report) => Promise<number | undefined>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (process.listenerCount(signal) > 1) return; // a deployment runs, and ends in its own way
      endCommands();
      process.exit(128 + constants.signals[signal]);
    });
  }
  const report = reportTo(process.stderr);
  work(report).then(
    (code) => {
      process.exitCode = code ?? 0;
    },
    (error: Error) => {
      report(explain(error));
      process.exitCode = 1;
    },
  );
}
