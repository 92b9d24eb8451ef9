// (f) Packing a source tree of 5,000 files, beside `tar czf`.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type Figure, figure } from "../figures";
import { inTurns, median } from "../measure";
import type { Scale } from "../parts";

/** Reads a folder and writes its bundle, as each preview does, and says how many seconds that took. */
const PROGRAM = `
const { readSources, digestOf } = require("./components/sourceFiles");
const { writeArchive } = require("./components/sourceArchive");
process.chdir(process.argv[1]);
const started = performance.now();
const { files } = readSources("source", "train.py");
writeArchive(files, digestOf(files));
console.log(JSON.stringify({ seconds: (performance.now() - started) / 1000, files: files.length }));
`;

const projectDir = path.resolve(__dirname, "../..");

export async function bundle({ short }: Scale): Promise<Figure[]> {
  const count = short ? 50 : 5_000;
  const dir = mkdtempSync(path.join(tmpdir(), "training-bench-bundle-"));
  try {
    makeTree(path.join(dir, "source"), count);
    const pack = async () => {
      rmSync(path.join(dir, ".training"), { recursive: true, force: true });
      return packed(dir, count);
    };
    const seen = await inTurns(short ? 1 : 7, {
      tar: async () => tarred(dir),
      pack,
      unchanged: async () => packed(dir, count),
    });
    const [tar, packing, unchanged] = [median(seen.tar), median(seen.pack), median(seen.unchanged)];
    return [
      figure("`tar czf`", tar, "s"),
      figure("bundle", packing, "s"),
      figure("bundle, of `tar czf`", packing / tar, "times", "bundleOfTar"),
      figure("bundle of unchanged source", unchanged, "s", "unchangedSeconds"),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Files of a few kilobytes of text in folders of fifty, as source is. */
function makeTree(root: string, count: number): void {
  for (let index = 0; index < count; index++) {
    const folder = path.join(root, `package${Math.floor(index / 50)}`);
    mkdirSync(folder, { recursive: true });
    const lines = Array.from(
      { length: 20 + (index % 100) },
      (_, line) => `value_${line} = ${(index * 7919 + line) % 9973}`,
    );
    writeFileSync(path.join(folder, `module${index}.py`), lines.join("\n"));
  }
  writeFileSync(path.join(root, "train.py"), "import package0\n");
}

function tarred(dir: string): number {
  const started = performance.now();
  execFileSync("tar", ["czf", path.join(dir, "source.tar.gz"), "-C", dir, "source"]);
  return (performance.now() - started) / 1000;
}

function packed(dir: string, count: number): number {
  const args = ["--import", "tsx", "-e", PROGRAM, dir];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: projectDir, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  const { seconds, files } = JSON.parse(stdout);
  if (files !== count + 1) throw new Error(`${files} files of ${count + 1} in the bundle`);
  return seconds;
}
