import assert from "node:assert/strict";
import {
  attemptName,
  CLAIM_TAG,
  experimentName,
  hashOf,
  isOurs,
  ownerOf,
  ownerTags,
} from "../../../../components/trainingJob/identity/identity";
import { canonicalInputs, URN } from "../../support/inputs";
import { completes } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

/** SageMaker's rules for the name of a job and for a tag. */
const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;
const TAG_VALUE = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$/u;
const TAG_KEY = /^([\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128})$/u;

describe("experimentName", () => {
  it("is the base and 8 hex digits of what defines the training", () => {
    assert.match(experimentName(canonicalInputs()), /^dense-[0-9a-f]{8}$/);
  });

  it("stays the same for the same training, however it is written", () => {
    const name = experimentName(canonicalInputs({ hyperparameters: { a: 1, b: 2 } }));
    for (const change of [
      { hyperparameters: { b: 2, a: 1 } },
      { hyperparameters: { a: 1, b: 2 }, tags: { team: "x" }, onCancel: "stop", deletePolicy: "delete" },
      { hyperparameters: { a: 1, b: 2 }, logUrn: "urn:other", stack: "prod", project: "other" },
      { hyperparameters: { a: 1, b: 2 }, maxRun: "7d" },
      { hyperparameters: { a: 1, b: 2 }, sourceFiles: { "train.py": "1" } },
      { hyperparameters: { a: 1, b: 2 }, warmPool: { keepAlive: 600 } },
    ]) {
      assert.equal(experimentName(canonicalInputs(change)), name, JSON.stringify(change));
    }
  });

  it("is another one for another training", () => {
    const changes = [
      {},
      { hyperparameters: { epochs: 5 } },
      { environment: { SEED: "1" } },
      { sourceUri: "s3://bucket/code/ffff/sourcedir.tar.gz" },
      { runId: "2" },
      { dataFingerprints: { train: "0123" } },
      { spot: { maxWait: "2h" } },
      { resourceConfig: { instanceType: "ml.g5.2xlarge" } },
    ];
    const hashes = changes.map((change) => hashOf(canonicalInputs(change)));
    assert.equal(new Set(hashes).size, changes.length);
  });

  for (const length of [1, 47, 48, 49, 63]) {
    it(`leaves room for attempts and the fallback with a base of ${length} characters`, () => {
      const name = experimentName(canonicalInputs({ baseJobName: "a".repeat(length) }));
      for (const each of [name, attemptName(name, 2), attemptName(name, 99, true)]) {
        assert.match(each, NAME);
      }
    });
  }

  it("is a valid name where the cut of a long base leaves a hyphen", () => {
    const base = `${"a".repeat(47)}-${"b".repeat(15)}`;
    assert.match(experimentName(canonicalInputs({ baseJobName: base })), /^a{47}-[0-9a-f]{8}$/);
  });

  it("holds no value of a hyperparameter or a variable", () => {
    const inputs = canonicalInputs({
      hyperparameters: { token: "hunter2" },
      environment: { PASSWORD: "hunter2" },
    });
    const owner = ownerTags(ownerOf(inputs), experimentName(inputs));
    assert.ok(!JSON.stringify([experimentName(inputs), owner]).includes("hunter2"));
  });
});

describe("attemptName", () => {
  for (const [attempt, onDemand, name] of [
    [1, false, "dense"],
    [2, false, "dense-2"],
    [1, true, "dense-od"],
    [3, true, "dense-3-od"],
  ] as const) {
    it(`is ${name}`, () => assert.equal(attemptName("dense", attempt, onDemand), name));
  }
});

describe("ownerTags", () => {
  it("say project, stack, resource and training", () => {
    assert.deepEqual(ownerTags({ project: "training", stack: "dev", urn: URN }, "dense-0123abcd"), {
      "pulumi:project": "training",
      "pulumi:stack": "dev",
      "pulumi:urn": URN.replace("$", "/"),
      "pulumi:inputs": "dense-0123abcd",
    });
  });

  it("are tags that SageMaker takes, whatever the names", () => {
    for (const urn of [URN, "x".repeat(500), `urn:pulumi:dev::a b::c$d::${'"#%&<>|~ü日本'}`, ""]) {
      const tags = ownerTags({ project: "my project!", stack: "org/dev", urn }, "dense-0123abcd");
      for (const [key, value] of Object.entries({ ...tags, [CLAIM_TAG]: "" })) {
        assert.match(key, TAG_KEY);
        assert.match(value, TAG_VALUE);
        assert.ok(value.length <= 256, `${value.length} characters`);
      }
    }
  });

  it("tell resources with long URNs apart by their end, where the name is", () => {
    const tag = (name: string) =>
      ownerTags({ project: "p", stack: "s", urn: `${"x".repeat(300)}::${name}` }, "e")["pulumi:urn"];
    assert.notEqual(tag("one"), tag("two"));
  });
});

describe("isOurs", () => {
  const world = new TrainingWorld();
  const check = async (tags: Record<string, string>) => {
    const job = world.aws.existing("job", completes(), tags);
    return isOurs(world.aws, job.describe(), ownerOf(world.inputs), world.name);
  };

  it("knows a job of this resource with these inputs", async () => {
    assert.ok(await check({ ...world.ownTags, team: "imaging" }));
  });

  for (const missing of ["pulumi:project", "pulumi:stack", "pulumi:urn", "pulumi:inputs"]) {
    it(`asks for ${missing}`, async () => {
      assert.ok(!(await check({ ...world.ownTags, [missing]: "another" })));
    });
  }
});
