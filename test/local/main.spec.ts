import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const MAIN = path.resolve(__dirname, "../../local/main.ts");

/** Runs a command of the local stack whose reader ends after the first of its words. */
async function cutShort(work: string): Promise<{ code: number | null; errors: string }> {
  const program = `const { main } = await import(${JSON.stringify(MAIN)}); main(async (report) => { ${work} });`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let errors = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    errors += text;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const [code] = await once(child, "close");
  return { code, errors };
}

/** Writes until somebody minds. */
const GOES_ON = `for (;;) {
  process.stdout.write("line\\n");
  await new Promise((resolve) => setTimeout(resolve, 5));
}`;

describe("a command whose reader has seen enough", () => {
  it("ends without a word, as `| head` wants it", async () => {
    assert.deepEqual(await cutShort(GOES_ON), { code: 0, errors: "" });
  });

  it("brings a deployment to its end", async () => {
    const work = `process.on("SIGINT", () => {});
      let refused;
      while (!refused) {
        process.stdout.write("line\\n", (error) => { refused = error; });
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      report("deployed");
      return 3;`;
    assert.deepEqual(await cutShort(work), { code: 3, errors: "deployed\n" });
  });
});
