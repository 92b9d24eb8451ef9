import { strict as assert } from "node:assert";
import reported from "../local/provider/fixtures/reported.json";
import { TestStack } from "./support/stack";

interface Resource {
  type: string;
  outputs?: Record<string, unknown>;
}

/** Outputs that are empty where nothing is set: what the real AWS provider says of that, by type. */
const EMPTY = Object.fromEntries(
  Object.entries(reported).map(([type, { outputs }]) => [
    type,
    Object.fromEntries(
      Object.entries(outputs).filter(([, value]) => value === "" || value === null || isEmptyList(value)),
    ),
  ]),
);

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

describe("a state as the real AWS provider leaves it", function () {
  this.timeout(300_000);
  let stack: TestStack;
  afterEach(() => stack.dispose());

  it("is planned without a change, and passes the policy pack", async () => {
    stack = await TestStack.create("reported", { config: { "training:hyperparameters": { seconds: 0 } } });
    const first = await stack.up("--policy-pack", "policies");
    assert.equal(first.code, 0, first.output);

    const state = await stack.state();
    let overlaid = 0;
    for (const resource of state.deployment.resources as Resource[]) {
      const empty = EMPTY[resource.type];
      if (!empty || !resource.outputs) continue;
      overlaid += 1;
      for (const [name, value] of Object.entries(empty)) resource.outputs[name] ??= value;
    }
    assert.ok(overlaid >= 7, `${overlaid} resources of recorded types`);
    stack.write("imported.json", JSON.stringify(state));
    await stack.ok(["stack", "import", "--stack", "test", "--file", "imported.json"]);

    const preview = await stack.run(["preview", "--expect-no-changes", "--policy-pack", "policies"]);
    assert.equal(preview.code, 0, preview.output);
    assert.doesNotMatch(preview.output, /can't run policy|could not be judged|Unexpected/);
  });
});
