// `npm run report`: one HTML page over all runs whose records are in the buckets of stacks, for who did not train them.
import { main } from "../../local/main.ts";
import { find, readRuns, uriOf } from "../compare/find";
import { optionsOf } from "../compare/options";
import { rankedBy } from "../compare/order";
import { placeOfOut, writeWhole } from "../output";
import { bestOf, confusionOfBest, titleOf } from "./best";
import { pageOf } from "./page";
import { servicesOf } from "./services";

const USAGE = `usage: npm run report -- [--stack STACK ...] [--bucket BUCKET[/PREFIX] ...]
                         [--metric NAME] [--max | --min] [--out FILE]`;

main(async (report) => {
  const { stack, bucket, out, ...by } = optionsOf({ out: { type: "string", default: "report.html" } }, USAGE);
  const rank = rankedBy(by);
  const { sources, primary, pulumi, local } = await find(stack, bucket, report);
  const { sorted: runs, ranking } = rank(await readRuns(sources, report), primary);
  const best = bestOf(runs, ranking);
  const page = pageOf({
    title: titleOf(runs),
    places: stack.length > 0 ? stack.map((name) => `the stack ${name}`) : sources.map(uriOf),
    now: new Date(),
    local,
    runs,
    ranking,
    best,
    confusion: await confusionOfBest(best, sources, report),
    services: pulumi === undefined ? undefined : await servicesOf(pulumi, stack),
  });
  const file = placeOfOut(out);
  await writeWhole(file, page);
  process.stdout.write(`${file}\n`);
  return 0;
});
