import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { Terminal } from "@xterm/headless";
import { step } from "../../local/report.ts";
import { type Output, reportTo } from "../../local/terminal.ts";

/** What a terminal shows of what is written to it, trailing blanks left out. */
async function screen(text: string, cols: number): Promise<string[]> {
  const terminal = new Terminal({ cols, rows: 20, convertEol: true, allowProposedApi: true });
  await new Promise<void>((done) => terminal.write(text, done));
  const { active } = terminal.buffer;
  const rows = Array.from({ length: active.length }, (_, y) => active.getLine(y)?.translateToString(true));
  return rows.map((row) => row ?? "").filter((row) => row !== "");
}

class Recorded extends EventEmitter implements Output {
  text = "";
  readonly columns = 60;
  readonly isTTY: boolean;
  constructor({ isTTY }: { isTTY: boolean }) {
    super();
    this.isTTY = isTTY;
  }
  write(text: string) {
    this.text += text;
    this.emit("written");
  }
}

/** Times are whatever the clock says. */
const untimed = (rows: string[]) => rows.map((row) => row.replace(/\d[\d.]* s$/, "N s"));

describe("progress in a terminal", () => {
  const gates: (() => void)[] = [];
  const gate = () => new Promise<void>((open) => gates.push(open));
  afterEach(() => {
    for (const open of gates.splice(0)) open();
  });

  it("has one row for each step that runs, beneath the lines, and takes it back when it is done", async () => {
    const out = new Recorded({ isTTY: true });
    const report = reportTo(out, {}, 1);
    const shown = async () => untimed(await screen(out.text, out.columns));
    const building = step(report, { what: "Building", everySeconds: 0.001 }, gate);
    const installing = step(report, { what: `Installing ${"x".repeat(80)}` }, gate);
    await once(out, "written"); // drawn again by the clock
    const long = `  > Installing ${"x".repeat(40)}`;
    const rows = (await shown()).slice(-2);
    assert.equal(rows[0], "  > Building N s");
    assert.ok(rows[1]?.startsWith(long.slice(0, 40)), rows[1]);
    assert.match(rows[1] ?? "", /\.\.\. N s$/);
    report("Not using the AWS provider");
    assert.deepEqual((await shown()).slice(-3, -1), ["Not using the AWS provider", "  > Building N s"]);

    gates[1]?.();
    await installing;
    assert.deepEqual((await shown()).slice(-1), ["  > Building N s"]);
    gates[0]?.();
    await building;
    const end = await shown();
    assert.equal(end.at(-1), "Building: done in N s");
    assert.ok(!end.some((row) => row.startsWith("  >") || row.startsWith("Still")), end.join("\n"));
  });

  it("is lines alone where there is no terminal, or one that cannot go back", async () => {
    for (const [isTTY, TERM] of [
      [false, "xterm"],
      [true, "dumb"],
    ] as const) {
      const out = new Recorded({ isTTY });
      await step(reportTo(out, { TERM }, 1), { what: "Building" }, async () => {});
      assert.match(out.text, /^Building \.\.\.\nBuilding: done in [\d.]+ s\n$/);
    }
  });
});
