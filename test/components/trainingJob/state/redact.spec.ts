import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { definitionOf } from "../../../../components/trainingJob/identity/definition";
import { redacted, redactingEngine, redactor } from "../../../../components/trainingJob/state/redact";
import { secretPaths } from "../../../../components/trainingJob/trainingJob";
import { failureOf } from "../../support/failure";
import { FakeEngine } from "../../support/fakeEngine";
import { canonicalInputs } from "../../support/inputs";
import { fails } from "../../support/scripts";
import { TrainingWorld } from "../../support/trainingWorld";

const TOKEN = "hunter2-token";

/** Inputs with a secret among the hyperparameters. */
const SECRET = {
  hyperparameters: { lr: 0.1, token: TOKEN },
  secretInputs: [["hyperparameters", "token"]],
};

const redact = (changes: Record<string, unknown>, text: string) => redactor(canonicalInputs(changes))(text);

describe("redactor", () => {
  it("blanks out secret inputs, wherever they are in a text", () => {
    assert.equal(
      redact(SECRET, `Command "python train.py --lr 0.1 --token ${TOKEN}" (${TOKEN})`),
      'Command "python train.py --lr 0.1 --token [secret]" ([secret])',
    );
  });

  it("leaves everything as it is without secrets", () => {
    assert.equal(redact({ hyperparameters: { token: TOKEN } }, `--token ${TOKEN}`), `--token ${TOKEN}`);
  });

  it("blanks out every text of a secret object", () => {
    const changes = {
      environment: { A: "first-secret", B: "second-secret" },
      secretInputs: [["environment"]],
    };
    assert.equal(redact(changes, "first-secret second-secret third"), "[secret] [secret] third");
  });

  it("finds a longer secret that holds a shorter one", () => {
    const changes = {
      hyperparameters: { a: "secret-1", b: "secret-1-and-more" },
      secretInputs: [["hyperparameters"]],
    };
    assert.equal(redact(changes, "secret-1-and-more, secret-1"), "[secret], [secret]");
  });

  it("finds secrets as JSON writes them, and secrets of several lines", () => {
    const changes = {
      hyperparameters: { quoted: 'say "secret"', key: "-----BEGIN-----\nMIIEvQIBADAN\n-----END-----" },
      secretInputs: [["hyperparameters"]],
    };
    assert.equal(redact(changes, '{"quoted": "say \\"secret\\""}'), '{"quoted": "[secret]"}');
    assert.equal(redact(changes, "line MIIEvQIBADAN"), "line [secret]");
  });

  it("leaves numbers and short words, which are all over a log", () => {
    const changes = {
      hyperparameters: { epochs: 4, seed: "123456", arch: "adam" },
      secretInputs: [["hyperparameters"]],
    };
    assert.equal(redact(changes, "adam 123456 4"), "adam 123456 4");
  });

  it("keeps the engine from being told", async () => {
    const engine = new FakeEngine();
    const told = redactingEngine(engine, redactor(canonicalInputs(SECRET)));
    told.status("urn", `row ${TOKEN}`);
    told.log("urn", "info", `line ${TOKEN}`);
    await told.flush();
    assert.equal(engine.everything(), "row [secret]\nline [secret]");
  });

  it("leaves an error of the same kind", () => {
    const error = Object.assign(new TypeError(`no ${TOKEN}`), { code: 1 });
    const same = redacted(error, redactor(canonicalInputs(SECRET)));
    assert.equal(same, error);
    assert.equal(same.message, "no [secret]");
    assert.doesNotMatch(String(same.stack), /hunter2/);
  });
});

describe("a secret hyperparameter", () => {
  it("is in nothing that a failed training shows or leaves in the state, but the input itself", async () => {
    const world = new TrainingWorld(SECRET);
    const reason = `AlgorithmError: ExecuteUserScriptError: Command "train.py --token ${TOKEN}"`;
    world.aws.plan(fails(reason, { log: [{ at: 5, message: `train.py --token ${TOKEN}` }] }));

    const error = await failureOf<Error & { properties: object }>(world.provider().create(world.inputs));

    const { hyperparameters: _echoed, ...kept } = error.properties as Record<string, unknown>;
    assert.match(error.message, /--token \[secret\]/);
    for (const text of [error.message, JSON.stringify(kept), world.engine.everything()]) {
      assert.doesNotMatch(text, /hunter2/);
    }
  });

  it("does not define the training by being one: it is encrypted in place", async () => {
    const plain = new TrainingWorld({ hyperparameters: SECRET.hyperparameters });
    const news = canonicalInputs(SECRET);
    assert.deepEqual(definitionOf(news), definitionOf(plain.inputs));
    const { outs } = await plain.provider().create(plain.inputs);
    const difference = await plain.provider().diff(plain.name, outs as never, news);
    assert.deepEqual([difference.changes, difference.replaces], [true, []]);
  });
});

describe("secretPaths", () => {
  const cases: [string, unknown, string[][]][] = [
    ["no secrets", { lr: 0.1, list: ["a"], none: undefined, output: pulumi.output("x") }, []],
    ["a secret value", { lr: 0.1, token: pulumi.secret("x") }, [["token"]]],
    ["a secret deep inside", { a: { b: [1, { c: pulumi.secret("x") }] } }, [["a", "b", "1", "c"]]],
    ["a secret object", pulumi.secret({ token: "x" }), [[]]],
    [
      "an object that a secret was made part of",
      { all: pulumi.output({ token: pulumi.secret("x") }) },
      [["all"]],
    ],
    ["a promise", { token: Promise.resolve(pulumi.secret("x")) }, [["token"]]],
  ];
  for (const [what, value, paths] of cases) {
    it(`finds ${what}`, async () => assert.deepEqual(await secretPaths(value), paths));
  }
});
