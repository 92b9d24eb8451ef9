import assert from "node:assert/strict";
import { printable } from "../../../../components/trainingJob/state/printable";

describe("printable", () => {
  it("is a text without what moves or colours, and with its lines, tabs and letters", () => {
    assert.equal(
      printable("\x1b[31mred\x1b[0m \x1b]0;title\x07a\tb\x1b[2J\r\x08\x9b1m é\nc"),
      "red a\tb é\nc",
    );
  });

  it("is what the local stack's own output is made of", async () => {
    const local = await import("../../../../local/lines.ts");
    for (let code = 0; code < 0x300; code++) {
      const text = `a\x1b[${String.fromCharCode(code)}m${String.fromCharCode(code)}b`;
      assert.equal(printable(text), local.printable(text), String(code));
    }
  });
});
