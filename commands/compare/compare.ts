// `npm run compare`: a table over all runs whose records are in a bucket, or in the buckets of stacks.
import { printable } from "../../components/trainingJob/state/printable";
import { main } from "../../local/main.ts";
import { SetupError } from "../../local/setupError.ts";
import { csvOf, dataOf } from "./data";
import { find, readRuns } from "./find";
import { optionsOf } from "./options";
import { rankedBy } from "./order";
import { tableOf } from "./table";

const USAGE = `usage: npm run compare -- [--stack STACK ...] [--bucket BUCKET[/PREFIX] ...]
                          [--metric NAME] [--max | --min] [--json | --csv]`;

/** Characters in a line where the output is no terminal. */
const WIDTH = 100;

main(async (report) => {
  const { stack, bucket, json, csv, ...by } = optionsOf(
    { json: { type: "boolean", default: false }, csv: { type: "boolean", default: false } },
    USAGE,
  );
  if (json && csv) throw new SetupError("--json and --csv exclude each other.");
  const rank = rankedBy(by);
  const { sources, primary } = await find(stack, bucket, report);
  const { sorted, ranking } = rank(await readRuns(sources, report), primary);
  if (json) process.stdout.write(`${JSON.stringify(dataOf(sorted), null, 2)}\n`);
  else if (csv) process.stdout.write(csvOf(sorted));
  else {
    const { text, leftOut } = tableOf(sorted, ranking, {
      width: process.stdout.columns ?? WIDTH,
      now: Date.now(),
    });
    process.stdout.write(`${text}\n`);
    if (ranking)
      report(`By ${printable(ranking.metric)}, ${ranking.direction === "max" ? "highest" : "lowest"} first.`);
    if (leftOut.length > 0)
      report(`No room for ${leftOut.join(", ")}: a wider terminal, --json or --csv shows them.`);
  }
  return 0;
});
