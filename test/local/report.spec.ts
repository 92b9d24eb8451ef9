import assert from "node:assert/strict";
import { formatSeconds, step } from "../../local/report.ts";

describe("formatSeconds", () => {
  const cases: [number, string][] = [
    [0.04, "0.0 s"],
    [9.9, "9.9 s"],
    [9.96, "10 s"],
    [64.4, "64 s"],
    [119.6, "2 min"],
    [187, "3 min 7 s"],
  ];
  for (const [seconds, text] of cases) {
    it(`writes ${seconds} as ${text}`, () => assert.equal(formatSeconds(seconds), text));
  }
});

describe("step", () => {
  it("says what starts, what to expect, and how long it took", async () => {
    const lines: string[] = [];
    const result = await step(
      (line) => lines.push(line),
      { what: "Building", expect: "a minute" },
      async () => 42,
    );
    assert.equal(result, 42);
    assert.deepEqual(lines, ["Building (a minute) ...", "Building: done in 0.0 s"]);
  });

  it("does not claim that a failed step is done", async () => {
    const lines: string[] = [];
    const failing = step(
      (line) => lines.push(line),
      { what: "Building" },
      async () => {
        throw new Error("broken");
      },
    );
    await assert.rejects(failing, /broken/);
    assert.deepEqual(lines, ["Building ..."]);
  });

  it("says in one line what still runs, of all steps that run side by side", async () => {
    const lines: string[] = [];
    let end: () => void = () => {};
    const ended = new Promise<void>((resolve) => {
      end = resolve;
    });
    const report = (line: string) => {
      lines.push(line);
      if (line.startsWith("Still")) end();
    };
    const steps = ["Building", "Installing"].map((what) =>
      step(report, { what, everySeconds: 0.001 }, () => ended),
    );
    await Promise.all(steps);
    const still = lines.filter((line) => line.startsWith("Still"));
    assert.match(still[0], /^Still at it: Building \(.* s\); Installing \(.* s\)$/);
    assert.ok(!lines.some((line) => line.startsWith("Still at it: Installing")), lines.join("\n"));
  });
});
