import assert from "node:assert/strict";
import { readAnswer, tableOf } from "../../commands/predictions";

const body = JSON.stringify([{ label: "cat", probabilities: { cat: 0.98765, dog: 0.01235 } }]);

describe("npm run predict", () => {
  it("shows the class of each file and how sure the model is", () => {
    const table = tableOf([
      { file: "a.png", ...readAnswer({ status: 200, body }) },
      { file: "b.png", ...readAnswer({ status: 500, body: "ValueError: x" }) },
    ]);
    const cells = table.split("\n").map((line) =>
      line
        .split("│")
        .map((cell) => cell.trim())
        .filter(Boolean),
    );
    assert.deepEqual(
      cells.filter((row) => row.length === 3),
      [
        ["file", "class", "probability"],
        ["a.png", "cat", "0.9877"],
        ["b.png", "-", "-"],
      ],
    );
  });

  it("tells an error of the model, no answer, and an answer that is no class", () => {
    assert.deepEqual(readAnswer({ status: 400, body: "no such kind" }), { error: "HTTP 400: no such kind" });
    const traceback = 'Traceback (most recent call last):\n  File "inference.py", line 9\nValueError: x';
    assert.deepEqual(readAnswer({ status: 500, body: traceback }), { error: "HTTP 500: ValueError: x" });
    assert.deepEqual(readAnswer({ status: 400, body: `no image\n${traceback}` }), {
      error: "HTTP 400: no image",
    });
    assert.deepEqual(readAnswer({ body: "timed out" }), { error: "no answer: timed out" });
    assert.match(
      readAnswer({ status: 200, body: "[1]" }).error ?? "",
      /^the answer is no class: it has no label/,
    );
  });
});
