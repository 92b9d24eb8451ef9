import assert from "node:assert/strict";
import { serviceOf } from "../../../components/gate/inService";
import { assertSays, failureOf } from "../support/failure";
import { runProgram } from "../support/program";

const READ = "pulumi:pulumi:readStackOutputs";
/** That of this stack, as `npm run deploy` calls it. */
const STACK = "acme/training-deploy/dev";

/** What the engine answers: outputs of the stack, or an error. */
async function service(answer: object | string, stack = STACK) {
  const lookups = {
    get [READ](): Record<string, unknown> {
      if (typeof answer === "string")
        throw Object.assign(new Error(), { details: `invocation of ${READ} returned an error: ${answer}` });
      return { name: stack, outputs: answer };
    },
  };
  const { result } = await runProgram(
    async () => {
      // Looked at outside of the program, which waits for nothing that failed.
      const asked = serviceOf(stack);
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

  it("is none where this stack's own deploy stack is not there yet, or serves nothing, and that is told", async () => {
    assert.deepEqual(await service(`unknown stack "${STACK}"`), { none: `there is no stack ${STACK}` });
    const none = { none: `the stack ${STACK} serves none yet` };
    assert.deepEqual(await service({}), none);
    assert.deepEqual(await service({ modelInService: null }), none);
    assert.deepEqual(await service({ endpointName: "e" }), none, "its first model failed");
  });

  it("is not none where any other stack is not there: a misspelt name would open the gate", async () => {
    for (const stack of [
      "acme/training-deploy/dve",
      "acme/training-deploi/dev",
      "acne/training-deploy/dev",
      "dev",
    ]) {
      const { message } = await failureOf(service(`unknown stack "${stack}"`, stack));
      assertSays(message, `training:gate.betterThan: there is no stack ${stack}`, "pulumi stack init");
    }
    const { message } = await failureOf(service("unknown stack", "acme/training-deploy/dve"));
    assertSays(message, `did you mean ${STACK}?`);
  });

  it("is not none where a stack serves no models at all, such as the training stack itself", async () => {
    const outputs = { modelArtifact: "s3://b/m", model: {} };
    const { message } = await failureOf(service(outputs, "acme/training/dev"));
    assertSays(
      message,
      "the stack acme/training/dev has no output modelInService",
      "it has model, modelArtifact",
      `Next: name the stack that serves models, such as ${STACK}`,
    );
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
