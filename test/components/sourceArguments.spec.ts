import assert from "node:assert/strict";
import { unnamedArguments } from "../../components/sourceArguments";
import { readSources, type SourceFile } from "../../components/sourceFiles";

const files = (...texts: string[]) =>
  texts.map((text, at) => ({ path: `${at}.py`, content: Buffer.from(text) })) as unknown as SourceFile[];
const ARGPARSE = 'parser.add_argument("--batch-size")\nparser.add_argument("--lr")';

describe("unnamedArguments", () => {
  for (const [what, sources, names, expected] of [
    ["is those that no file names", files(ARGPARSE), ["lr", "epochs"], ["epochs"]],
    ["takes hyphens for underscores, and beginnings", files(ARGPARSE), ["batch_size", "batch"], []],
    ["looks in every file", files(ARGPARSE, "def add(parser): epochs"), ["epochs"], []],
    ["does not find a name inside a word", files("add_argument(already)"), ["lr"], ["lr"]],
    ["cannot be known without argparse", files("import sys"), ["epochs"], []],
    ["cannot be known where all are read at once", files(ARGPARSE, 'os.environ["SM_HPS"]'), ["epochs"], []],
    ["leaves the toolkit's own alone", files(ARGPARSE), ["sagemaker_container_log_level"], []],
  ] as [string, SourceFile[], string[], string[]][]) {
    it(what, () => assert.deepEqual(unnamedArguments(sources, names), expected));
  }

  it("is none of what the README says that train.py takes", () => {
    const { files: sources } = readSources("train", "train.py");
    assert.deepEqual(unnamedArguments(sources, ["epochs", "batch_size", "lr", "nonsense"]), ["nonsense"]);
  });
});
