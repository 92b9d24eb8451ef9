import assert from "node:assert/strict";
import { figure } from "../../bench/figures";
import { merged, type Result, toMarkdown } from "../../bench/results";
import { targets } from "../../bench/targets";

const result = (letter: string, ...figures: Result["figures"]): Result => ({
  letter,
  title: `Part ${letter}`,
  date: "2026-01-31",
  machine: "2 cores",
  figures,
});

describe("bench/results.md", () => {
  it("has a section for each part, with the machine that it ran on", () => {
    const text = toMarkdown([result("f", figure("`tar czf`", 1.5, "s")), result("h", figure("up", 2, "s"))]);
    assert.match(text, /## \(f\) Part f\n\nLast run on 2026-01-31: 2 cores\.\n\n\| +\| measured/);
    assert.match(text, /\| `tar czf` \| 1\.5 s +\|/);
    assert.match(text, /## \(h\) Part h/);
  });

  it("names a target that is missed, with by how much and why", () => {
    const missed = figure("up", targets.upOfSdk.atMost + 0.5, "times", "upOfSdk");
    const met = figure("bundle", 0, "times", "bundleOfTar");
    const text = toMarkdown([result("ab", missed), result("f", met)]);
    const [, list] = /## Targets that are missed\n\n([\s\S]*?)\n\n##/.exec(text) ?? [];
    assert.match(list, /^- \(ab\) up: 1\.5 times, where at most 1 times is wanted, so by 0\.5 times: .+\.$/);
    assert.match(text, /\| bundle \| 0 times +\| at most 1\.5 times \| met +\|/);
  });

  it("says that none is missed", () => {
    assert.match(toMarkdown([result("f", figure("tar", 1, "s"))]), /missed\n\nNone\.\n\n##/);
  });

  it("keeps what did not run this time", () => {
    const all = merged([result("c"), result("h", figure("old", 1, "s"))], [result("h"), result("ab")]);
    assert.deepEqual(
      all.map(({ letter, figures }) => [letter, figures.length]),
      [
        ["ab", 0],
        ["c", 0],
        ["h", 0],
      ],
    );
  });
});
