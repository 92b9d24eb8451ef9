import assert from "node:assert/strict";
import { servedTypes } from "../../../local/provider/registry.ts";
import type { Input, ResourceType } from "../../../local/provider/resource.ts";
import { schema } from "./fixtures/schema.ts";
import { deviations } from "./support/deviations.ts";
import { sdkType } from "./support/sdkTypes.ts";

const problems = (type: ResourceType) => deviations(type, sdkType(type.token), schema[type.token]);

describe("the stand-in's declarations", () => {
  it("are all of the types whose facts are known, and SageMaker's", () => {
    const unknown = servedTypes().filter(({ token }) => !(token in schema) && !/^aws:sagemaker/.test(token));
    assert.deepEqual(
      unknown.map(({ token }) => token),
      [],
    );
    const tokens = servedTypes().map(({ token }) => token);
    assert.deepEqual(
      Object.keys(schema).filter((token) => !tokens.includes(token)),
      [],
    );
  });

  for (const type of servedTypes()) {
    it(`of ${type.token} are the real provider's`, () => assert.deepEqual(problems(type), []));
  }
});

/** Every declaration with one thing taken away or turned round. */
function* turnedRound(type: ResourceType): Generator<[what: string, type: ResourceType]> {
  const facts = schema[type.token];
  for (const output of type.outputs) {
    yield [`without ${output}`, { ...type, outputs: type.outputs.filter((name) => name !== output) }];
  }
  for (const [name, input] of Object.entries(type.inputs) as [string, Input][]) {
    const altered = (change: Partial<Input>) => ({
      ...type,
      inputs: { ...type.inputs, [name]: { ...input, ...change } },
    });
    const { [name]: _, ...others } = type.inputs;
    yield [`without ${name}`, { ...type, inputs: others }];
    yield [`${name} required`, altered({ required: !input.required })];
    if (!facts) continue;
    yield [`${name} replacing`, altered({ replaces: !input.replaces })];
    yield [`${name} computed`, altered({ computed: !input.computed })];
    yield [`${name} kept`, altered({ keptWhenLeftOut: !input.keptWhenLeftOut })];
    yield [`${name} longest`, altered({ maxLength: 7 })];
    yield [`${name} default`, altered({ default: input.default === undefined ? "x" : undefined })];
    if (typeof input.default === "boolean")
      yield [`${name} default value`, altered({ default: !input.default })];
    if (input.default === undefined && name in facts.empty)
      yield [`${name} empty`, altered({ unset: "other" })];
  }
  if (!facts) return;
  yield ["replace order", { ...type, deleteBeforeReplace: !type.deleteBeforeReplace }];
  if (!type.autoName || type.autoName.plain) return;
  yield ["name's length", { ...type, autoName: { ...type.autoName, maxLength: 200 } }];
  yield ["name's prefix", { ...type, autoName: { ...type.autoName, prefix: "other" } }];
  yield ["name's case", { ...type, autoName: { ...type.autoName, lowercase: !type.autoName.lowercase } }];
}

describe("the comparison with the real provider", () => {
  for (const type of servedTypes()) {
    it(`notices whatever is taken away from ${type.token} or turned round`, () => {
      const changed = [...turnedRound(type)];
      const unseen = changed.filter(([, mutant]) => problems(mutant).length === 0).map(([what]) => what);
      assert.deepEqual(unseen, []);
      assert.ok(changed.length >= 4);
    });
  }
});
