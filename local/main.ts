import { constants } from "node:os";
import { explain } from "./explain.ts";
import type { Report } from "./report.ts";
import { endCommands } from "./run.ts";
import { reportTo } from "./terminal.ts";

/** Runs a command of the local stack: progress on standard error, one line for what the user can mend, an exit code. */
export function main(work: (report: Report) => Promise<number | undefined>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      if (!deploys(signal)) leave(128 + constants.signals[signal]);
    });
  }
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EIO") return; // the terminal is closed, which SIGHUP says too
      if (error.code !== "EPIPE") throw error;
      // Whoever read it has seen enough, as `| head` has.
      if (!deploys()) leave(0);
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

/** Whether a deployment runs, which listens too and ends in its own way. */
const deploys = (signal: NodeJS.Signals = "SIGINT"): boolean => process.listenerCount(signal) > 1;

function leave(code: number): void {
  endCommands();
  process.exit(code);
}
