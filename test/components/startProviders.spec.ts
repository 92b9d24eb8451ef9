import { strict as assert } from "node:assert";
import { runProgram } from "./support/program";

const FILES = ["startProviders", "trainingJob/startProvider"].map((file) =>
  require.resolve(`../../components/${file}`),
);

/** As a program finds it, which is a process of its own. */
function load(): typeof import("../../components/startProviders") {
  for (const file of FILES) delete require.cache[file];
  return require(FILES[0]);
}

describe("startProviders", () => {
  it("asks the provider of AWS, which makes what a job needs, before that of the jobs", async () => {
    const { startProviders } = load();
    const { calls, result } = await runProgram(() => startProviders());
    await result;
    assert.deepEqual(
      calls.map(({ token }) => token),
      ["aws:index/getPartition:getPartition", "pulumi-nodejs:dynamic/sagemaker:start"],
    );
  });
});
