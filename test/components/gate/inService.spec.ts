import assert from "node:assert/strict";
import { serviceOf } from "../../../components/gate/inService";
import { assertSays, failureOf } from "../support/failure";
import { runProgram } from "../support/program";

const READ = "pulumi:pulumi:readStackOutputs";
const STACK = "organization/training-deploy/local";

/** What the engine answers: outputs of the stack, or an error. */
async function service(answer: object | string) {
  const lookups = {
    get [READ](): Record<string, unknown> {
      if (typeof answer === "string")
        throw Object.assign(new Error(), { details: `invocation of ${READ} returned an error: ${answer}` });
      return { name: STACK, outputs: answer };
    },
  };
  const { result } = await runProgram(
    async () => {
      // Looked at outside of the program, which waits for nothing that failed.
      const asked = serviceOf(STACK);
      asked.catch(() => undefined);
      return { asked };
    },
    { lookups },
  );
  return (await result).asked;
}

describe("the model in service", () => {
  it("is what the stack says that it serves", async () => {
    const modelInService = {
      artifact: "s3://b/m",
      image: "i",
      trainingJobName: "dense-1",
      metrics: { f1: 0.5 },
    };
    const { model } = await service({ modelInService, endpoint: "x" });
    assert.deepEqual(model, { trainingJobName: "dense-1", metrics: { f1: 0.5 } });
  });

  it("is none where there is no such stack or output, and that is told", async () => {
    assert.deepEqual(await service(`unknown stack "${STACK}"`), { none: `there is no stack ${STACK}` });
    const none = { none: `the stack ${STACK} has no output modelInService` };
    assert.deepEqual(await service({}), none);
    assert.deepEqual(await service({ modelInService: null }), none);
  });

  it("is not taken for none where the stack cannot be read, or serves something else", async () => {
    const { message } = await failureOf(service("organization name must be 'organization'"));
    assertSays(
      message,
      "training:gate.betterThan",
      STACK,
      "cannot be read",
      "must be 'organization'",
      "Next: name it as",
    );
    for (const modelInService of ["s3://b/m", { trainingJobName: "dense-1" }, { metrics: {} }]) {
      const failure = await failureOf(service({ modelInService }));
      assertSays(
        failure.message,
        `modelInService of the stack ${STACK} is no model: `,
        "leave betterThan out",
      );
    }
  });
});
