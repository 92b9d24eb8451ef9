// `npm run compare`: a table over all runs whose records are in a bucket, or in the buckets of stacks.
import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { metricsOf, ranked, rankingOf } from "../../components/leaderboard";
import { main } from "../../local/main.ts";
import { stateDir } from "../../local/paths.ts";
import type { Report } from "../../local/report.ts";
import { SetupError } from "../../local/setupError.ts";
import { csvOf, dataOf } from "./data";
import { runOf } from "./parameters";
import { placeOf, unique } from "./places";
import { type Found, type Place, readRecords } from "./records";
import { type Backend, isLocal, localBackend, placesOfStacks, shellBackend } from "./stacks";
import { tableOf } from "./table";

const USAGE = `usage: npm run compare -- [--stack STACK ...] [--bucket BUCKET[/PREFIX] ...]
                          [--metric NAME] [--max | --min] [--json | --csv]`;

/** Characters in a line where the output is no terminal. */
const WIDTH = 100;

main(async (report) => {
  const { stack, bucket, metric, max, min, json, csv } = options();
  if (max && min) throw new SetupError("--max and --min exclude each other.");
  if (json && csv) throw new SetupError("--json and --csv exclude each other.");
  const { s3, places } = await find(stack, bucket, report);
  const { records, left } = await readAll(s3, places);
  for (const line of left) report(line);
  const runs = records.map(({ record, uri }) => runOf(record, uri));
  if (runs.length === 0) {
    const where = places.map((place) => `s3://${place.bucket}/${place.prefix}`).join(", ") || "any stack";
    throw new SetupError(
      `No run has left a record in ${where} yet: \`npm start\` or \`pulumi up\` makes one.`,
    );
  }
  if (metric && !metricsOf(runs).includes(metric)) {
    throw new SetupError(
      `No run has a metric ${metric}; there are: ${metricsOf(runs).join(", ") || "none"}.`,
    );
  }
  const ranking = rankingOf(runs, {
    metric,
    ...(max ? { direction: "max" } : min ? { direction: "min" } : {}),
  });
  const sorted = ranked(runs, ranking);
  if (json) process.stdout.write(`${JSON.stringify(dataOf(sorted), null, 2)}\n`);
  else if (csv) process.stdout.write(csvOf(sorted));
  else {
    const { text, leftOut } = tableOf(sorted, ranking, {
      width: process.stdout.columns ?? WIDTH,
      now: Date.now(),
    });
    process.stdout.write(`${text}\n`);
    if (ranking) report(`By ${ranking.metric}, ${ranking.direction === "max" ? "highest" : "lowest"} first.`);
    if (leftOut.length > 0)
      report(`No room for ${leftOut.join(", ")}: a wider terminal, --json or --csv shows them.`);
  }
  return 0;
});

function options() {
  try {
    return parseArgs({
      options: {
        stack: { type: "string", multiple: true, default: [] },
        bucket: { type: "string", multiple: true, default: [] },
        metric: { type: "string" },
        max: { type: "boolean", default: false },
        min: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        csv: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new SetupError(`${(error as Error).message}\n${USAGE}`);
  }
}

/**
 * Where to look. The stack `local` has a backend and an AWS of its own, and so it is where nothing is named and this shell is on no other
 * backend; every other stack, and a bucket, is looked for where the shell is.
 */
async function find(
  stacks: string[],
  buckets: string[],
  report: Report,
): Promise<Pick<Backend, "s3"> & { places: Place[] }> {
  const local = stacks.filter(isLocal);
  if (local.length > 0 && (local.length < stacks.length || buckets.length > 0)) {
    throw new SetupError(`--stack ${local[0]} cannot be compared with what is elsewhere.`);
  }
  const nothing = stacks.length === 0 && buckets.length === 0;
  const { PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN } = process.env;
  const ofShell =
    Boolean(PULUMI_BACKEND_URL || PULUMI_ACCESS_TOKEN) || !existsSync(path.join(stateDir, "pulumi"));
  const backend = local.length > 0 || (nothing && !ofShell) ? await localBackend(report) : shellBackend();
  const named = buckets.map(placeOf);
  const found = stacks.length > 0 || nothing ? await placesOfStacks(backend, stacks) : [];
  return { s3: backend.s3, places: unique([...named, ...found]) };
}

async function readAll(s3: Backend["s3"], places: Place[]): Promise<Found> {
  const all: Found = { records: [], left: [] };
  for (const place of places) {
    const { records, left } = await readRecords(s3, place).catch((error: Error) => {
      const needed = "a bucket that is there, a login to its account, and s3:ListBucket and s3:GetObject";
      const where = `s3://${place.bucket}/${place.prefix}`;
      throw new SetupError(`${where} cannot be read: ${error.name}: ${error.message}\nIt takes ${needed}.`);
    });
    all.records.push(...records);
    all.left.push(...left);
  }
  return all;
}
