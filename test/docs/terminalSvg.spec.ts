import { strict as assert } from "node:assert";
import { shortened } from "../../docs/terminal";
import { drawLines, linesOf, textOf } from "../../docs/terminalSvg";

const screen = (output: string) => linesOf(Buffer.from(output), 40);
const texts = async (output: string) => (await screen(output)).map((line) => textOf(line).trimEnd());
const ESC = "\u001b";

describe("the picture of a terminal", () => {
  it("has what is left on the screen, and what has scrolled out of it", async () => {
    assert.deepEqual(await texts(`creating\r\nbelow${ESC}[A\rcreated${ESC}[K\r\n\r\n\r\n`), [
      "created",
      "below",
    ]);
    const many = Array.from({ length: 200 }, (_, row) => `row ${row}`);
    assert.deepEqual(await texts(many.join("\r\n")), many);
    const long = "0123456789".repeat(5);
    assert.deepEqual(await texts(`${long}\r\nnext`), [long, "next"]);
  });

  it("keeps colours, the bold and wide characters apart, each in its column", async () => {
    const [line] = await screen(`a${ESC}[1;31mb${ESC}[0m 漢 ${ESC}[38;5;196mc${ESC}[38;2;1;2;3md`);
    const looks = line.filter(({ text }) => text.trim() !== "");
    assert.deepEqual(
      looks.map(({ text, cells, bold }) => [text.trim(), cells, bold]),
      [
        ["a", 1, false],
        ["b", 1, true],
        ["漢", 2, false],
        ["c", 1, false],
        ["d", 1, false],
      ],
    );
    assert.deepEqual(
      looks.map(({ colour }) => colour),
      [undefined, "#ff7b72", undefined, "#ff0000", "#010203"],
    );
  });

  it("is an SVG that escapes its texts and places each word by its column", async () => {
    const svg = drawLines(await screen("a < b    & c"), "<title>");
    const found = [...svg.matchAll(/<text x="([\d.]+)" y="[\d.]+" textLength="([\d.]+)">([^<]*)<\/text>/g)];
    assert.deepEqual(
      found.map(([, x, width, text]) => [Number(x), Number(width), text]),
      [
        [16, 42, "a &lt; b"],
        [91.6, 25.2, "&amp; c"],
      ],
    );
    assert.match(svg, /<title>&lt;title&gt;<\/title>/);
  });

  it("is shortened to the update, and marks what it leaves out", async () => {
    const run = [
      "Previewing update (local):",
      " +  x-stack creating (0s)",
      "Updating (local):",
      " +  x-training (8s) epoch=1",
      " +  x-bucket creating (0s)",
      " +  x-bucket created (0.15s)",
      "Outputs:",
      "    attempts : [",
      "        [0]: {",
      "    ]",
      "    metrics  : {",
      "        loss: 1",
      "    }",
      "    image    : 2",
      "Model artifact  s3://b/k",
    ];
    const short = shortened(await screen(run.join("\r\n"))).map((line) => textOf(line).trimEnd());
    const kept = [run[2], run[3], "⋮", run[6], "⋮", ...run.slice(10, 13), "⋮", run[14]];
    assert.deepEqual(short, ["$ npm start", "⋮", ...kept]);
  });
});
