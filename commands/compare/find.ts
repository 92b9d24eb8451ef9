// Where the runs of stacks and buckets are, for every command that looks at several of them.
import { existsSync } from "node:fs";
import path from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { printable } from "../../components/trainingJob/state/printable";
import { stateDir } from "../../local/paths.ts";
import type { Report } from "../../local/report.ts";
import { SetupError } from "../../local/setupError.ts";
import { enterBackend, isLocal, onAws } from "../stack";
import { type Run, runOf } from "./parameters";
import { placeOf } from "./places";
import { type Found as Records, readRecords } from "./records";
import { type Looked, lookInStacks, type Source } from "./stacks";

/** Where to look, by which backend, and what the stacks there are compared by. */
export interface Found extends Looked {
  /** The `pulumi` that was asked; none where only buckets are named. */
  pulumi?: string;
  /** Whether it is the local AWS. */
  local: boolean;
}

/**
 * Where to look. The stack `local` has a backend and an AWS of its own, and so it is where nothing is named and this shell is on no other
 * backend; every other stack, and a bucket, is looked for where the shell is.
 */
export async function find(stacks: string[], buckets: string[], report: Report): Promise<Found> {
  const local = stacks.filter(isLocal);
  if (local.length > 0 && (local.length < stacks.length || buckets.length > 0)) {
    throw new SetupError(`--stack ${local[0]} cannot be compared with what is elsewhere.`);
  }
  const named = buckets.map((bucket) => ({ place: placeOf(bucket), s3: shellS3() }));
  if (stacks.length === 0 && named.length > 0) return { sources: named, primary: {}, local: false };
  const { PULUMI_BACKEND_URL, PULUMI_ACCESS_TOKEN } = process.env;
  const ofShell =
    Boolean(PULUMI_BACKEND_URL || PULUMI_ACCESS_TOKEN) || !existsSync(path.join(stateDir, "pulumi"));
  const onLocal = local.length > 0 || (stacks.length === 0 && !ofShell);
  const pulumi = await enterBackend(onLocal, report);
  const { sources, primary } = await lookInStacks(pulumi, stacks);
  return { sources: [...named, ...sources], primary, pulumi, local: onLocal };
}

/** The S3 of this shell: its credentials, region and endpoint. A bucket may be in any region: S3 says in which. */
function shellS3(): S3Client {
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_S3 } = process.env;
  const region = AWS_REGION ?? AWS_DEFAULT_REGION;
  const forcePathStyle = Boolean(AWS_ENDPOINT_URL ?? AWS_ENDPOINT_URL_S3);
  return new S3Client({ ...(region ? { region } : {}), forcePathStyle, followRegionRedirects: true });
}

/** All runs that have left a record there, the newest first; what is no record is reported. Throws where there is none. */
export async function readRuns(sources: Source[], report: Report): Promise<Run[]> {
  const { records, left } = await readAll(sources);
  for (const line of left) report(printable(line));
  if (records.length === 0) {
    const where = sources.map(uriOf).join(", ") || "any stack";
    throw new SetupError(
      `No run has left a record in ${where} yet: \`npm start\` or \`pulumi up\` makes one.`,
    );
  }
  const runs = records.map(({ record, uri }) => runOf(record, uri));
  // The newest first, which stays so among equals; S3 answers in any order.
  const order = ({ record, uri }: Run) => `${record.endTime ?? ""} ${uri}`;
  return runs.sort((a, b) => (order(a) < order(b) ? 1 : -1));
}

async function readAll(sources: Source[]): Promise<Records> {
  const all: Records = { records: [], left: [] };
  // Of a bucket that is named twice the first one counts.
  const byUri = new Map(sources.toReversed().map((source) => [uriOf(source), source]));
  for (const [uri, { s3, place }] of [...byUri].toReversed()) {
    const { records, left } = await onAws(`Reading ${uri}`, "s3:ListBucket and s3:GetObject", () =>
      readRecords(s3, place),
    ).catch((error: Error) => {
      if (error instanceof SetupError) throw error;
      const needed = "a bucket that is there, a region (AWS_REGION) and a login to its account";
      throw new SetupError(`${uri} cannot be read: ${error.name}: ${error.message}\nIt takes ${needed}.`);
    });
    all.records.push(...records);
    all.left.push(...left);
  }
  return all;
}

export const uriOf = ({ place: { bucket, prefix } }: Source): string => `s3://${bucket}/${prefix}`;
