// How fast this is, beside what a user would pick instead: npm run bench [-- LETTERS...] [--short]
// `--gpu FILE` keeps what bench/train.py printed on a machine with a GPU: python bench/train.py speed IMAGES --json > FILE
// `--short` runs every part in its smallest form, on whatever machine: it shows that each still works, and keeps no figure.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

import { stopTestAws } from "../test/engine/support/aws";
import { amount, type Figure, missedBy, targetOf } from "./figures";
import { machine } from "./machine";
import { canHaveOptMl } from "./optMl";
import { type Part, parts } from "./parts";
import { measuredElsewhere } from "./parts/training";
import { merged, type Result, toMarkdown } from "./results";

const stored = path.join(__dirname, "results.json");
const shown = path.join(__dirname, "results.md");

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { short: { type: "boolean", default: false }, gpu: { type: "string" } },
    allowPositionals: true,
  });
  if (values.gpu) return keepGpu(values.gpu);
  const chosen = choose(positionals);
  // Of the local AWS that all parts share.
  Object.assign(process.env, { LOCAL_AWS_OPT_ML: String(canHaveOptMl()), LOCAL_AWS_MAX_JOBS: "100" });
  const results: Result[] = [];
  try {
    for (const [letter, part] of chosen) {
      console.log(`\n(${letter}) ${part.title}`);
      const { figures, seconds } = await timed(part, values.short);
      for (const each of figures) console.log(line(each));
      console.log(`    took ${seconds.toFixed(0)} s`);
      results.push({
        letter,
        title: part.title,
        date: today(),
        machine: machine(),
        figures,
        alone: part.alone,
      });
      if (!values.short) keep(results); // after each: a later one may fail
    }
  } finally {
    await stopTestAws();
  }
}

function keepGpu(file: string): void {
  const { device, figures } = measuredElsewhere(file);
  const title = "Images a second of train.py on a GPU, beside the plain loop of tutorials";
  const alone =
    "`npm run bench -- --gpu FILE` keeps what `python bench/train.py speed IMAGES --json` printed.";
  keep([{ letter: "g-gpu", title, date: today(), machine: device, figures, alone }]);
}

const today = (): string => new Date().toISOString().slice(0, 10);

function choose(letters: string[]): [string, Part][] {
  const unknown = letters.filter((letter) => !/^[a-i]$/.test(letter));
  if (unknown.length > 0) {
    const known = Object.entries(parts).map(([letter, { title }]) => `  ${letter}  ${title}`);
    throw new Error(`There is no part ${unknown.join(", ")}. The parts are:\n${known.join("\n")}`);
  }
  return Object.entries(parts).filter(([own, { alone }]) =>
    letters.length > 0 ? letters.some((letter) => own.includes(letter)) : alone === undefined,
  );
}

async function timed(part: Part, short: boolean): Promise<{ figures: Figure[]; seconds: number }> {
  const started = performance.now();
  const figures = await part.run({ short });
  const wrong = figures.filter(({ value }) => !Number.isFinite(value));
  if (wrong.length > 0)
    throw new Error(`Nothing was measured for: ${wrong.map(({ what }) => what).join(", ")}`);
  return { figures, seconds: (performance.now() - started) / 1000 };
}

function line(each: Figure): string {
  const target = targetOf(each);
  const verdict = target && `   ${target}: ${missedBy(each) > 0 ? "MISSED" : "met"}`;
  return `    ${each.what.padEnd(60)} ${amount(each).padStart(14)}${verdict}`;
}

function keep(results: Result[]): void {
  const before: Result[] = existsSync(stored) ? JSON.parse(readFileSync(stored, "utf8")) : [];
  const all = merged(before, results);
  writeFileSync(stored, `${JSON.stringify(all, undefined, 2)}\n`);
  writeFileSync(shown, toMarkdown(all));
}

main().catch((error: Error) => {
  console.error(error.stack ?? error.message);
  process.exitCode = 1;
});
