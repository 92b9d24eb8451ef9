import assert from "node:assert/strict";
import { trainedModel } from "../../components/trainedModel";
import { assertSays, failureOf } from "./support/failure";
import { runProgram } from "./support/program";

const READ = "pulumi:pulumi:readStackOutputs";
const model = { artifact: "s3://b/m.tar.gz", image: "i", trainingJobName: "dense-1", metrics: { f1: null } };

/** What the program makes of a training stack with these outputs, or of what the engine says in their place. */
async function trained(answer: object | string, stack?: string) {
  const lookups = {
    get [READ](): Record<string, unknown> {
      if (typeof answer === "string") throw Object.assign(new Error(), { details: answer });
      return { outputs: answer };
    },
  };
  const { result, calls } = await runProgram(
    () => {
      const asked = trainedModel(stack);
      asked.catch(() => undefined);
      return { asked };
    },
    { lookups, made: { [stack ?? "acme/training/dev"]: { outputs: answer, secretOutputNames: [] } } },
  );
  return { ...(await result.asked), calls };
}

describe("the model that a training stack hands on", () => {
  it("is that of the stack of this one's name, or of another that is named", async () => {
    const { calls, ...found } = await trained({ model, bucket: "b", cost: 1 });
    assert.deepEqual(found, { model, bucket: "b" });
    assert.deepEqual(calls, [{ token: READ, inputs: { name: "acme/training/dev" } }]);
    assert.equal((await trained({ model, bucket: "b" }, "o/p/s")).calls[0].inputs.name, "o/p/s");
  });

  it("is refused where there is none, with what to do", async () => {
    const refused = async (answer: object | string) => (await failureOf(trained(answer))).message;
    const stack = "acme/training/dev";
    assertSays(
      await refused(`unknown stack "${stack}"`),
      `There is no training stack ${stack}`,
      "pulumi up --stack",
    );
    assertSays(
      await refused("no access"),
      `The training stack ${stack} cannot be read: `,
      "no access",
      "Next: name it",
    );
    for (const outputs of [{}, { bucket: "b" }, { model }])
      assertSays(await refused(outputs), `${stack} hands on no model yet`);
    for (const [other, reason] of [
      ["resnet", "expected object"],
      [{ ...model, artifact: undefined }, "artifact: "],
      [{ ...model, artifact: "/tmp/model" }, "artifact: is no S3 URI"],
    ])
      assertSays(
        await refused({ model: other, bucket: "b" }),
        "is none that can be served: ",
        String(reason),
      );
  });
});
