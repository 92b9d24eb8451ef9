import assert from "node:assert/strict";
import type { CanonicalInputs } from "../../../../components/trainingJob/args/args";
import { checkInputs } from "../../../../components/trainingJob/check/check";
import {
  type Change,
  definingChanges,
  describeChange,
} from "../../../../components/trainingJob/identity/changes";
import { inputsWith, SCRIPT, s3Channel, UNKNOWN } from "../check/cases/builders";

const canonical = (change: Record<string, unknown> = {}): CanonicalInputs =>
  checkInputs(inputsWith(change)).inputs;
const changes = (before: Record<string, unknown>, after: Record<string, unknown>): Change[] =>
  definingChanges(canonical(before), canonical(after));
const paths = (before: Record<string, unknown>, after: Record<string, unknown>): string[] =>
  changes(before, after).map(({ path }) => path);

describe("definingChanges", () => {
  it("finds nothing in the same inputs, in any order", () => {
    const before = { hyperparameters: { a: 1, b: 2 }, environment: { A: "1", B: "2" } };
    const after = { environment: { B: "2", A: "1" }, hyperparameters: { b: 2, a: 1 } };
    assert.deepEqual(changes(before, after), []);
  });

  it("names what needs another job in the names of the inputs, with both values", () => {
    const found = changes(
      { hyperparameters: { lr: 0.1, epochs: 4 }, inputDataConfig: [s3Channel()] },
      {
        hyperparameters: { lr: 0.2, batch: 32 },
        inputDataConfig: [s3Channel({}, { s3Uri: "s3://data/other" })],
        resourceConfig: { instanceType: "ml.c5.2xlarge" },
      },
    );
    assert.deepEqual(
      found.map((each) => describeChange(each)),
      [
        "hyperparameters.batch: unset -> 32",
        "hyperparameters.epochs: 4 -> unset",
        "hyperparameters.lr: 0.1 -> 0.2",
        "inputDataConfig[0].dataSource.s3DataSource.s3Uri: s3://data/train -> s3://data/other",
        "resourceConfig.instanceType: ml.c5.xlarge -> ml.c5.2xlarge",
      ],
    );
  });

  it("tells what script mode makes of an input under the input's own name", () => {
    assert.deepEqual(paths(SCRIPT, { ...SCRIPT, entryPoint: "other.py" }), ["entryPoint"]);
    assert.deepEqual(paths(SCRIPT, { ...SCRIPT, sourceUri: "s3://code/other/sourcedir.tar.gz" }), [
      "sourceUri",
    ]);
  });

  it("takes a value not known yet for another one", () => {
    assert.deepEqual(paths({}, { roleArn: UNKNOWN }), ["roleArn"]);
    assert.deepEqual(paths({}, { resourceConfig: UNKNOWN }), ["resourceConfig"]);
  });

  it("sees lists of other lengths as a whole", () => {
    const two = [s3Channel(), s3Channel({ channelName: "val" })];
    assert.deepEqual(paths({ inputDataConfig: two }, { inputDataConfig: [s3Channel()] }), [
      "inputDataConfig",
    ]);
  });

  describe("of data", () => {
    const prints = (dataFingerprints?: Record<string, string>) => ({ dataFingerprints });

    it("finds none where fingerprints are turned on or off over it", () => {
      assert.deepEqual(changes(prints(), prints({ train: "1a2b" })), []);
      assert.deepEqual(changes(prints({ train: "1a2b" }), prints()), []);
    });

    it("names the channel where both have one", () => {
      assert.deepEqual(paths(prints({ train: "1", val: "2" }), prints({ train: "3", test: "4" })), [
        "dataFingerprints.train",
      ]);
    });
  });
});

describe("describeChange", () => {
  const change = { path: "environment.TOKEN", before: "hunter2", after: "correct horse" };

  it("shows no value of a secret, or of what is in one", () => {
    assert.equal(describeChange(change, [["environment", "TOKEN"]]), "environment.TOKEN (secret)");
    assert.equal(describeChange(change, [["environment"]]), "environment.TOKEN (secret)");
    assert.match(describeChange(change, [["environment", "TOK"]]), /hunter2 -> correct horse/);
  });

  it("shows no whole map with a secret in it", () => {
    const whole = { path: "environment", before: { TOKEN: "hunter2" }, after: undefined };
    assert.ok(!describeChange(whole, [["environment", "TOKEN"]]).includes("hunter2"));
  });

  it("cuts what is long, and says what is not known or not set", () => {
    assert.ok(describeChange({ ...change, after: "x".repeat(500) }).length < 150);
    assert.equal(
      describeChange({ path: "roleArn", before: undefined, after: UNKNOWN }),
      "roleArn: unset -> not known yet",
    );
  });
});
