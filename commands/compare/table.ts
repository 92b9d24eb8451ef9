import CliTable from "cli-table3";
import {
  differingParameters,
  metricsOf,
  type Ranking,
  shown,
  shownCost,
  shownMetric,
} from "../../components/leaderboard";
import { own } from "../../components/own";
import { printable } from "../../components/trainingJob/state/printable";
import type { Run } from "./parameters";
import { sparkline } from "./sparkline";

interface Column {
  name: string;
  cell: (run: Run) => string;
  right?: boolean;
  /** Left out first where there is no room: the highest number, and of equal ones the last. */
  spare: number;
}

const CURVE = 10;
/** A cell is cut here: longer values are in --json and --csv. */
const LONGEST = 22;
/** What a column takes besides its text: two blanks and a line. */
const FRAME = 3;

/** The runs as a table that is at most `width` characters wide, and what had no room in it. `now` in milliseconds since the epoch. */
export function tableOf(
  runs: Run[],
  ranking: Ranking | undefined,
  { width, now }: { width: number; now: number },
): { text: string; leftOut: string[] } {
  const columns = columnsOf(runs, ranking, now).map((column) => ({ ...column, name: cut(column.name) }));
  const cells = new Map(columns.map((column) => [column, runs.map((run) => cut(column.cell(run)))]));
  const widthOf = (column: Column) =>
    Math.max(column.name.length, ...(cells.get(column) ?? []).map((cell) => cell.length)) + FRAME;
  const kept = [...columns];
  const leftOut: string[] = [];
  const total = () => kept.reduce((sum, column) => sum + widthOf(column), 1);
  while (total() > width) {
    const least = Math.max(...kept.map(({ spare }) => spare));
    if (least === 0) break;
    const [column] = kept.splice(
      kept.findLastIndex(({ spare }) => spare === least),
      1,
    );
    leftOut.unshift(column.name);
  }
  const table = new CliTable({
    head: kept.map(({ name }) => name),
    colAligns: kept.map(({ right }) => (right ? "right" : "left")),
    style: { head: [], border: [], compact: true },
  });
  table.push(...runs.map((_, row) => kept.map((column) => cells.get(column)?.[row] ?? "")));
  return { text: table.toString(), leftOut };
}

function columnsOf(runs: Run[], ranking: Ranking | undefined, now: number): Column[] {
  const primary = ranking?.metric;
  const parameters = differingParameters(runs).map((name) => ({
    name,
    cell: ({ parameters: all }: Run) => shown(own(all, name)),
    spare: 2,
  }));
  // The one that the table is sorted by stands beside its curve.
  const metrics = metricsOf(runs).filter((name) => name !== primary);
  const metric = (name: string, spare: number) => ({
    name,
    cell: (run: Run) => shownMetric(own(run.metrics, name)),
    right: true,
    spare,
  });
  return [
    { name: "run", cell: ({ name }) => name, spare: 0 },
    ...parameters,
    ...metrics.map((name) => metric(name, 3)),
    ...(primary === undefined ? [] : [metric(primary, 0), curve(primary)]),
    { name: "cost", cell: ({ cost }) => shownCost(cost), right: true, spare: 0 },
    { name: "seconds", cell: ({ seconds }) => shown(seconds), right: true, spare: 0 },
    { name: "status", cell: ({ status }) => status, spare: 0 },
    { name: "age", cell: ({ record }) => age(record.endTime, now), right: true, spare: 1 },
  ];
}

const curve = (metric: string): Column => ({
  name: "curve",
  cell: ({ record }) => sparkline(own(record.curves, metric)?.points.map(({ value }) => value) ?? [], CURVE),
  spare: 1,
});

/** The end of a name tells runs of an experiment apart; of other texts the beginning is as good. */
function cut(text: string): string {
  const flat = printable(text.replace(/\s+/g, " "));
  if (flat.length <= LONGEST) return flat;
  return `…${flat.slice(-(LONGEST - 1))}`;
}

const UNITS: [name: string, seconds: number][] = [
  ["d", 86_400],
  ["h", 3_600],
  ["min", 60],
];

/** How long ago: `3 d`, `5 h`, `12 min`, `40 s`. */
function age(since: string | null, now: number): string {
  if (since === null) return "";
  const seconds = Math.max(0, Math.round((now - Date.parse(since)) / 1000));
  const [unit, size] = UNITS.find(([, each]) => seconds >= each) ?? ["s", 1];
  return `${Math.floor(seconds / size)} ${unit}`;
}
