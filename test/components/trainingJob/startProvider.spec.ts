import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { runProgram } from "../support/program";

const FILE = require.resolve("../../../components/trainingJob/startProvider");

/** As a program finds it, which is a process of its own. */
function load(): typeof import("../../../components/trainingJob/startProvider") {
  delete require.cache[FILE];
  return require(FILE);
}

const promiseOf = (value: object) => new Promise((resolve) => pulumi.output(value).apply(resolve));

describe("startProvider", () => {
  it("asks for the provider once, and takes no answer", async () => {
    const { startProvider } = load();
    const { calls, result } = await runProgram(() => [startProvider({}), startProvider({})]);
    await promiseOf(result);
    assert.deepEqual(
      calls.map(({ token }) => token),
      ["pulumi-nodejs:dynamic/sagemaker:start"],
    );
  });

  it("lets the AWS provider go first", async () => {
    const { startProvider } = load();
    const { calls, result } = await runProgram(() =>
      startProvider(pulumi.runtime.invoke("aws:index/getRegion:getRegion", {})),
    );
    await promiseOf(result);
    assert.deepEqual(
      calls.map(({ token }) => token),
      ["aws:index/getRegion:getRegion", "pulumi-nodejs:dynamic/sagemaker:start"],
    );
  });
});
