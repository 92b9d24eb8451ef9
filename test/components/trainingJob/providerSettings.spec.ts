import assert from "node:assert/strict";
import { UNKNOWN } from "../../../components/trainingJob/args/unknown";
import { TrainingJobProvider } from "../../../components/trainingJob/provider";
import type { TrainingJobState } from "../../../components/trainingJob/state/state";
import { programInputs } from "../support/inputs";
import { TrainingWorld } from "../support/trainingWorld";

const NEW = {} as Partial<TrainingJobState>;
const awsConfig = { region: "eu-west-1", profile: "of-eu" };

/** A provider over a world's AWS, told of this `aws:` configuration, that remembers for which settings it asked for AWS. */
async function providerIn(world: TrainingWorld, config: Record<string, string> = {}) {
  const asked: [region: string | undefined, profile: string | undefined][] = [];
  const provider = new TrainingJobProvider({
    engine: world.engine,
    clock: world.clock,
    region: (name, read) => {
      asked.push([name ?? read("aws:region"), read("aws:profile")]);
      return {
        name: name ?? read("aws:region") ?? "us-east-1",
        api: world.aws,
        watcher: world.watcher,
        cancellable: () => world.aws,
      };
    },
  });
  await provider.configure({ config: { get: (key: string) => config[key] } as never });
  return { provider, asked };
}

const tagsOf = async (tags: unknown, defaults: unknown, more: Record<string, unknown> = {}) => {
  const world = new TrainingWorld();
  const { provider } = await providerIn(world, { "aws:defaultTags": JSON.stringify({ tags: defaults }) });
  await provider.check(NEW, programInputs({ tags, ...more }));
  // The engine checks a resource again when it replaces it.
  const { inputs, failures } = await provider.check(NEW, programInputs({ tags, ...more }));
  assert.deepEqual(failures, []);
  return { tags: inputs.tags, warnings: world.engine.messages("warning") };
};

describe("TrainingJobProvider, with settings of AWS", () => {
  it("uses those of the resource's aws.Provider in place of the stack's, each in a session of its own", async () => {
    const { provider, asked } = await providerIn(new TrainingWorld(), { "aws:profile": "of-stack" });
    await provider.check(NEW, programInputs({ region: "eu-west-1", awsConfig }));
    await provider.check(NEW, programInputs({ region: "eu-west-1", awsConfig }));
    await provider.check(NEW, programInputs({ region: "eu-west-1" }));
    await provider.check(
      NEW,
      programInputs({ region: undefined, awsConfig: { ...awsConfig, profile: "other" } }),
    );
    assert.deepEqual(asked, [
      ["eu-west-1", "of-eu"],
      ["eu-west-1", "of-stack"],
      ["eu-west-1", "other"],
    ]);
  });

  it("asks no AWS while they are not known", async () => {
    const { provider, asked } = await providerIn(new TrainingWorld());
    const { failures } = await provider.check(NEW, programInputs({ awsConfig: { region: UNKNOWN } }));
    assert.deepEqual([failures, asked], [[], []]);
  });

  it("keeps them in the state when they change, without training again", async () => {
    const { provider } = await providerIn(new TrainingWorld());
    const world = new TrainingWorld({ awsConfig });
    world.aws.plan();
    const state = {
      ...world.inputs,
      status: "Completed",
      modelArtifact: "s3://a",
    } as unknown as TrainingJobState;
    const news = { ...world.inputs, awsConfig: { ...awsConfig, profile: "other" } };
    const { changes, replaces } = await provider.diff("dense", state, news);
    assert.deepEqual([changes, replaces], [true, []]);
  });

  describe("and default tags", () => {
    it("puts them among the job's own, which win", async () => {
      const { tags, warnings } = await tagsOf({ team: "own" }, { team: "default", stage: "dev" });
      assert.deepEqual(tags, { team: "own", stage: "dev" });
      assert.deepEqual(warnings, []);
      assert.deepEqual((await tagsOf(undefined, { stage: "dev" })).tags, { stage: "dev" });
      assert.equal((await tagsOf(undefined, {})).tags, undefined);
    });

    it("says which it leaves out for want of room beside the job's and the owner's", async () => {
      const own = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`own-${index}`, "x"]));
      const defaults = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`z-${index + 10}`, "x"]));
      const { tags, warnings } = await tagsOf(own, defaults);
      assert.ok(Object.keys(tags).length <= 50 - 5);
      assert.equal(warnings.length, 1);
      assert.match(warnings.join(), /^defaultTags: .*z-2\d \(more than \d+\)\.$/);
    });

    it("takes those of the resource's aws.Provider in place of the stack's", async () => {
      const provider = { awsConfig: { defaultTags: '{"tags": {"of": "provider"}}' } };
      assert.deepEqual((await tagsOf(undefined, { of: "stack" }, provider)).tags, { of: "provider" });
    });

    it("leaves tags alone that are not known yet", async () => {
      assert.equal((await tagsOf(UNKNOWN, { stage: "dev" })).tags, UNKNOWN);
      const { tags } = await tagsOf({ run: UNKNOWN }, { stage: "dev" });
      assert.deepEqual(tags, { run: UNKNOWN, stage: "dev" });
    });

    it("changes the job's tags in place when they change", async () => {
      const before = await tagsOf(undefined, { stage: "dev" });
      const after = await tagsOf(undefined, { stage: "prod" });
      const world = new TrainingWorld();
      const state = { ...world.inputs, status: "Completed", modelArtifact: "s3://a", tags: before.tags };
      const { provider } = await providerIn(world);
      const { changes, replaces } = await provider.diff("dense", state as never, {
        ...world.inputs,
        tags: after.tags,
      });
      assert.deepEqual([changes, replaces], [true, []]);
    });
  });
});
