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

  it("leaves out what only a script's own terminal understands, also within a secret", () => {
    const wild = `\x1b[32mepoch\x1b[0m=1\x1b]0;title\x07\ta\r\nb\x1b[2J\x9b1m \x00--token ${TOKEN.slice(0, 5)}\x1b[1m${TOKEN.slice(5)}`;
    assert.equal(redact(SECRET, wild), "epoch=1\ta\nb --token [secret]");
    assert.equal(redact({}, wild), `epoch=1\ta\nb --token ${TOKEN}`);
  });

  it("blanks out a secret that has such characters itself", () => {
    const token = "hunter\x1b[1m-2";
    const changes = { ...SECRET, hyperparameters: { lr: 0.1, token } };
    assert.equal(redact(changes, `--token ${token} hunter-2`), "--token [secret] [secret]");
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

  it("finds digits, and everything of more than three characters", () => {
    const changes = {
      hyperparameters: { pin: 918273, code: "7351", arch: "adam" },
      secretInputs: [["hyperparameters"]],
    };
    assert.equal(redact(changes, "adam 918273 7351"), "[secret] [secret] [secret]");
  });

  it("leaves what is shorter, and the words of every log", () => {
    const changes = {
      hyperparameters: { epochs: 4, opt: "sgd", flag: true, text: "true" },
      secretInputs: [["hyperparameters"]],
    };
    assert.equal(redact(changes, "sgd 4 true None"), "sgd 4 true None");
  });

  it("finds every leaf of a secret object as either language's JSON writes it, and of a secret that is JSON", () => {
    const changes = {
      hyperparameters: { auth: { token: "pässwort", pins: [918273] }, json: '{"key": "schlüssel"}' },
      secretInputs: [
        ["hyperparameters", "auth"],
        ["hyperparameters", "json"],
      ],
    };
    assert.equal(redact(changes, '{"token":"p\\u00e4sswort"} 918273'), '{"token":"[secret]"} [secret]');
    assert.equal(redact(changes, "key is schlüssel, or schl\\xfcssel"), "key is [secret], or [secret]");
  });

  it("finds a secret that is a part of the word that stands for it", () => {
    const changes = { hyperparameters: { a: "secret", b: "token-1" }, secretInputs: [["hyperparameters"]] };
    assert.equal(redact(changes, "secret token-1"), "[secret] [secret]");
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
