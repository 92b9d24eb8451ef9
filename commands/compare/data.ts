import { differingParameters, metricsOf, shown } from "../../components/leaderboard";
import { own } from "../../components/own";
import type { Run } from "./parameters";

/** The runs for other programs: all that the table has, uncut, and where the rest is. */
export function dataOf(runs: Run[]) {
  const differing = differingParameters(runs);
  return runs.map(({ record, uri, ...run }) => ({
    ...run,
    parameters: Object.fromEntries(differing.map((name) => [name, own(run.parameters, name) ?? null])),
    startTime: record.startTime,
    endTime: record.endTime,
    failureReason: record.failureReason,
    commit: record.source?.git?.commit ?? null,
    clean: record.source?.git?.clean ?? null,
    curves: record.curves,
    record: uri,
  }));
}

/** The same without curves as CSV (RFC 4180), a run a line. */
export function csvOf(runs: Run[]): string {
  const parameters = differingParameters(runs);
  const metrics = metricsOf(runs);
  const head = [
    "run",
    ...parameters,
    ...metrics,
    "cost",
    "seconds",
    "status",
    "startTime",
    "endTime",
    "artifact",
    "record",
  ];
  const rows = runs.map((run) => [
    run.name,
    ...parameters.map((name) => shown(own(run.parameters, name))),
    ...metrics.map((name) => shown(own(run.metrics, name))),
    shown(run.cost),
    shown(run.seconds),
    run.status,
    shown(run.record.startTime),
    shown(run.record.endTime),
    shown(run.artifact),
    run.uri,
  ]);
  return [head, ...rows].map((cells) => `${cells.map(quoted).join(",")}\r\n`).join("");
}

/** A cell that a spreadsheet would take for a formula begins with a quote. */
function quoted(cell: string): string {
  const text = /^[=+@\t]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
