// `npm run compare`: a table over all runs whose records are in a bucket, or in the buckets of stacks.
import { existsSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { S3Client } from "@aws-sdk/client-s3";
import { metricsOf, ranked, rankingOf } from "../../components/leaderboard";
import { main } from "../../local/main.ts";
import { stateDir } from "../../local/paths.ts";
import type { Report } from "../../local/report.ts";
import { SetupError } from "../../local/setupError.ts";
import { enterBackend, isLocal, onAws } from "../stack";
import { csvOf, dataOf } from "./data";
import { runOf } from "./parameters";
import { placeOf } from "./places";
import { type Found, readRecords } from "./records";
import { type Looked, lookInStacks, type Source, withPrimary } from "./stacks";
import { tableOf } from "./table";

const USAGE = `usage: npm run compare -- [--stack STACK ...] [--bucket BUCKET[/PREFIX] ...]
                          [--metric NAME] [--max | --min] [--json | --csv]`;

/** Characters in a line where the output is no terminal. */
const WIDTH = 100;

main(async (report) => {
  const { stack, bucket, metric, max, min, json, csv } = options();
  if (max && min) throw new SetupError("--max and --min exclude each other.");
  if (json && csv) throw new SetupError("--json and --csv exclude each other.");
  const { sources, primary } = await find(stack, bucket, report);
  const { records, left } = await readAll(sources);
  for (const line of left) report(line);
  const runs = records.map(({ record, uri }) => runOf(record, uri));
  if (runs.length === 0) {
    const where = sources.map(uriOf).join(", ") || "any stack";
    throw new SetupError(
      `No run has left a record in ${where} yet: \`npm start\` or \`pulumi up\` makes one.`,
    );
  }
  if (metric && !metricsOf(runs).includes(metric)) {
    throw new SetupError(
      `No run has a metric ${metric}; there are: ${metricsOf(runs).join(", ") || "none"}.`,
    );
  }
  const direction = max ? "max" : min ? "min" : undefined;
  const ranking = rankingOf(runs, withPrimary({ metric, direction }, primary, metricsOf(runs)));
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
async function find(stacks: string[], buckets: string[], report: Report): Promise<Looked> {
  const local = stacks.filter(isLocal);
  if (local.length > 0 && (local.length < stacks.length || buckets.length > 0)) {
    throw new SetupError(`--stack ${local[0]} cannot be compared with what is elsewhere.`);
  }
  const named = buckets.map((bucket) => ({ place: placeOf(bucket), s3: shellS3() }));
  if (stacks.length === 0 && named.length > 0) return { sources: named, primary: {} };
  const { PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN } = process.env;
  const ofShell =
    Boolean(PULUMI_BACKEND_URL || PULUMI_ACCESS_TOKEN) || !existsSync(path.join(stateDir, "pulumi"));
  const pulumi = await enterBackend(local.length > 0 || (stacks.length === 0 && !ofShell), report);
  const { sources, primary } = await lookInStacks(pulumi, stacks);
  return { sources: [...named, ...sources], primary };
}

/** The S3 of this shell: its credentials, region and endpoint. A bucket may be in any region: S3 says in which. */
function shellS3(): S3Client {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 } = process.env;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  const forcePathStyle = Boolean(AWS_ENDPOINT_URL ?? AWS_ENDPOINT_URL_S3);
  return new S3Client({ ...(region ? { region } : {}), forcePathStyle, followRegionRedirects: true });
}

async function readAll(sources: Source[]): Promise<Found> {
  const all: Found = { records: [], left: [] };
  // Of a bucket that is named twice the first one counts.
  const byUri = new Map(sources.toReversed().map((source) => [uriOf(source), source]));
  for (const [uri, { s3, place }] of [...byUri].toReversed()) {
    const { records, left } = await onAws(`Reading ${uri}`, "s3:ListBucket and s3:GetObject", () =>
      readRecords(s3, place),
    ).catch((error: Error) => {
      if (error instanceof SetupError) throw error;
      const needed = "a bucket that is there, and a login to its account";
      throw new SetupError(`${uri} cannot be read: ${error.name}: ${error.message}\nIt takes ${needed}.`);
    });
    all.records.push(...records);
    all.left.push(...left);
  }
  return all;
}

const uriOf = ({ place: { bucket, prefix } }: Source): string => `s3://${bucket}/${prefix}`;
