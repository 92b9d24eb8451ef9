import assert from "node:assert/strict";
import { sparkline } from "../../../commands/compare/sparkline";

describe("sparkline", () => {
  for (const [values, width, line] of [
    [[], 10, ""],
    [[1], 10, "▄"],
    [[2, 2, 2], 10, "▄▄▄"],
    [[0, 7], 10, "▁█"],
    [[0, 1, 2, 3, 4, 5, 6, 7], 10, "▁▂▃▄▅▆▇█"],
    [[-1, 0, 1], 10, "▁▅█"],
    [[9, 0, 9, 1, 9, 2, 9, 7], 4, "▁▂▃█"],
  ] as const) {
    it(`draws ${JSON.stringify(values)} in ${width}`, () => {
      assert.equal(sparkline([...values], width), line);
    });
  }
});
