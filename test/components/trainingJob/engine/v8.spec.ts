import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Bytes that V8 has for young objects before and after a work that leaves garbage, much of which lives for a while. */
async function youngSpace(first: string): Promise<[before: number, after: number]> {
  const script = `
    require("./components/fastStart");
    const size = () => require("node:v8").getHeapSpaceStatistics().find((space) => space.space_name === "new_space").space_size;
    ${first};
    const before = size();
    const kept = [];
    for (let index = 0; index < 3_000_000; index++) kept[index % 300_000] = { index, text: [index] };
    console.log(JSON.stringify([before, size()]));
  `;
  const { stdout } = await execute(process.execPath, ["-e", script]);
  return JSON.parse(stdout);
}

describe("tuneV8", function () {
  this.timeout(120_000);

  it("has garbage collected in the room that there is", async () => {
    const [before, after] = await youngSpace(`require("./components/trainingJob/engine/v8").tuneV8()`);
    assert.ok(after <= 2 * before, `${before} bytes grew to ${after}`);
  });

  it("is needed", async () => {
    const [before, after] = await youngSpace("");
    assert.ok(after > 2 * before, `${before} bytes grew to ${after} only`);
  });
});
